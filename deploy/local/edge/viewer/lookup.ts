import { errorTtl } from "../../../edge/freshness.ts";
import type { Clock } from "../../../ports.ts";
import type { CachePolicy } from "../live-distribution.ts";
import type { CachedAnswer, CachedFailure, CacheEntry } from "./cache-entry.ts";
import type { EdgeCache, Fetched } from "./edge-cache.ts";
import { timesOf } from "./entry-times.ts";
import type { HeaderMap } from "./header-map.ts";
import { discard, OriginFailure } from "./origin-answer.ts";
import type { Question } from "./question.ts";
import { createSettle } from "./settle.ts";

export type Lookup = { find(question: Question): Promise<Fetched> };

/**
 * The way from a cache key to an entry: a fresh entry is a Hit; an expired one that allows it is
 * served at once and refreshed behind the viewer's back; any other is revalidated by its validators,
 * and what is not there is fetched, once for all who ask at the same time. A failing origin becomes a
 * failure entry, and never rejects.
 */
export function createLookup(dependencies: {
  readonly cache: EdgeCache;
  readonly clock: Pick<Clock, "now">;
  /** Told why the origin failed; viewers only learn that it did. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}): Lookup {
  const { cache, clock, onFault } = dependencies;
  const now = () => clock.now().getTime();
  const settle = createSettle(now);

  async function fetch(question: Question): Promise<Fetched> {
    const stale = cache.find(question.key);
    try {
      return await fetchFromOrigin(question, stale);
    } catch (error) {
      onFault?.(error);
      const status = error instanceof OriginFailure ? error.status : 502;
      return standIn(question, stale, status) ?? remember(failure(question, status));
    }
  }

  async function fetchFromOrigin(
    question: Question,
    stale: CacheEntry | undefined,
  ): Promise<Fetched> {
    const copy = stale?.kind === "answer" && stale.status < 400 ? stale : undefined;
    const answer = await question.ask(
      copy && { etag: copy.originEtag, lastModified: copy.lastModified },
    );
    if (answer.kind === "not-modified") {
      if (copy === undefined) throw new OriginFailure(502, "304 without a condition");
      const entry = refreshed(copy, { headers: answer.headers, policy: question.policy });
      return { kind: "entry", entry, result: "RefreshHit" };
    }
    const substitute = answer.status >= 500 ? standIn(question, stale, answer.status) : undefined;
    if (substitute !== undefined) {
      discard(answer);
      return substitute;
    }
    return settle(question, answer);
  }

  /** The lifetime that a 304 carries, or else the one it had, over the same bytes (RFC 9111 4.3.4). */
  function refreshed(
    stale: CachedAnswer,
    news: { readonly headers: HeaderMap; readonly policy: CachePolicy },
  ): CachedAnswer {
    const { "cache-control": cacheControl, expires } = news.headers;
    const headers = {
      ...stale.headers,
      ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
      ...(expires === undefined ? {} : { expires }),
    };
    return { ...stale, ...timesOf({ status: stale.status, headers }, news.policy, now()), headers };
  }

  /** CF-DG "How CloudFront processes HTTP 4xx and 5xx": an expired object stands in for a while. */
  function standIn(
    question: Question,
    stale: CacheEntry | undefined,
    status: number,
  ): Fetched | undefined {
    if (stale?.kind !== "answer" || stale.status >= 400) return undefined;
    if (now() >= stale.standInUntil) return undefined;
    const retryAt = now() + question.errorCachingMinTtl(status) * 1000;
    const entry = { ...stale, expiresAt: Math.min(retryAt, stale.standInUntil) };
    return { kind: "entry", entry, result: "Hit" };
  }

  function failure(question: Question, status: CachedFailure["status"]): CachedFailure {
    const storedAt = now();
    const limits = {
      cachingMinTtl: question.errorCachingMinTtl(status),
      policy: question.policy,
    };
    const expiresAt = storedAt + errorTtl(status, undefined, limits) * 1000;
    return {
      kind: "failure",
      status,
      storedAt,
      expiresAt,
      revalidatingUntil: expiresAt,
      standInUntil: expiresAt,
    };
  }

  /** Whoever comes later shares the fetch only if it is still under way when the entry's time is up. */
  function refreshBehind(question: Question): void {
    cache
      .fetchOnce(question.key, () => fetch(question))
      .then((fetched) => {
        const unread = fetched.kind === "passing" ? fetched.take() : undefined;
        if (unread !== undefined) discard(unread);
      })
      .catch((error: unknown) => onFault?.(error));
  }

  return {
    async find(question) {
      const entry = cache.find(question.key);
      if (entry === undefined) return cache.fetchOnce(question.key, () => fetch(question));
      const time = now();
      if (time < entry.expiresAt) return { kind: "entry", entry, result: "Hit" };
      if (time < entry.revalidatingUntil) {
        refreshBehind(question);
        return { kind: "entry", entry, result: "Hit" };
      }
      return cache.fetchOnce(question.key, () => fetch(question));
    },
  };
}

function remember(entry: CacheEntry): Fetched {
  return { kind: "entry", entry, result: "Miss" };
}
