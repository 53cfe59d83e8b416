import { normalizeAcceptEncoding } from "../../../edge/compression.ts";
import type { Clock } from "../../../ports.ts";
import type { Behavior, LiveDistribution } from "../live-distribution.ts";
import type { Answer } from "./answer.ts";
import { answerFromEntry } from "./answer-from-entry.ts";
import { askBucket } from "./ask-bucket.ts";
import type { CustomOrigins, OriginTrip } from "./ask-custom-origin.ts";
import type { CacheKey } from "./cache-entry.ts";
import { bucketRefusal, originFailure } from "./edge-answers.ts";
import type { Fetched } from "./edge-cache.ts";
import type { EdgeRequest } from "./edge-request.ts";
import { headerLine } from "./header-map.ts";
import type { Lookup } from "./lookup.ts";
import { type AskOrigin, discard, type FullAnswer, OriginFailure } from "./origin-answer.ts";
import type { Exchange } from "./send.ts";

/** A request whose behavior is known and whose function has run. */
export type ContentWanted = {
  readonly distribution: LiveDistribution;
  readonly behavior: Behavior;
  readonly request: EdgeRequest;
  readonly exchange: Exchange;
};

/** CF-DG "Control how long CloudFront caches errors": unless configured. */
const ERROR_CACHING_MIN_TTL = 10;

/**
 * From the cache key to an answer: through the cache where the policy caches and the method reads,
 * else straight to the origin. Never rejects for a failing origin.
 */
export function createContentFetcher(dependencies: {
  readonly lookup: Lookup;
  readonly customOrigins: CustomOrigins;
  readonly clock: Pick<Clock, "now">;
  readonly onFault?: ((error: unknown) => void) | undefined;
}): (wanted: ContentWanted) => Promise<Answer> {
  const { lookup, customOrigins, clock, onFault } = dependencies;

  async function throughCache(wanted: ContentWanted): Promise<Answer> {
    const { distribution, behavior, request, exchange } = wanted;
    const key = cacheKey(wanted);
    const found = await lookup.find({
      key,
      policy: behavior.cachePolicy,
      compress: behavior.compress,
      errorCachingMinTtl: (status) =>
        distribution.errorResponses.get(status)?.cachingMinTtl ?? ERROR_CACHING_MIN_TTL,
      tagHeader: distribution.cacheTagHeader,
      ask: askFor(wanted, key),
    });
    if (found.kind === "passing") {
      const answer = found.take();
      if (answer === undefined) return straight(wanted);
      // Asked with GET, for whoever might share it: of its body HEAD has no use.
      if (request.method !== "HEAD") return passed(answer);
      discard(answer);
      return { ...passed(answer), body: { kind: "none" } };
    }
    const { entry, result } = found;
    const answer =
      entry.kind === "failure"
        ? originFailure(entry.status, exchange.requestId)
        : answerFromEntry(entry, request, result);
    return withTimes(answer, found);
  }

  function askFor(wanted: ContentWanted, { accepted }: CacheKey): AskOrigin {
    const { behavior, request } = wanted;
    const { origin } = behavior;
    switch (origin.kind) {
      case "bucket":
        return askBucket(origin.bucket, origin.path + request.uri);
      case "custom":
        return (copy) => customOrigins.fetch(tripOf(wanted, origin), { accepted, copy });
    }
  }

  async function straight(wanted: ContentWanted): Promise<Answer> {
    const { origin } = wanted.behavior;
    const { request, exchange } = wanted;
    if (origin.kind === "bucket") return bucketRefusal(request.method, exchange.requestId);
    try {
      return passed(await customOrigins.relay(tripOf(wanted, origin)));
    } catch (error) {
      if (!(error instanceof OriginFailure)) throw error;
      if (!exchange.response.destroyed) onFault?.(error);
      return originFailure(error.status, exchange.requestId);
    }
  }

  /** Date is when the origin answered; Age is told on hits only. */
  function withTimes(answer: Answer, found: Extract<Fetched, { kind: "entry" }>): Answer {
    const { entry, result } = found;
    const date = new Date(entry.storedAt).toUTCString();
    if (result !== "Hit") return { ...answer, headers: { ...answer.headers, date } };
    const seconds = Math.floor((clock.now().getTime() - entry.storedAt) / 1000);
    const age = String(Math.max(0, seconds));
    return { ...answer, headers: { ...answer.headers, date, age } };
  }

  return (wanted) => (isCached(wanted) ? throughCache(wanted) : straight(wanted));
}

/** A bucket is read through the cache even where nothing is kept; a method that writes never is. */
function isCached({ behavior, request }: ContentWanted): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  return behavior.origin.kind === "bucket" || behavior.cachePolicy.max > 0;
}

/**
 * CF-DG "Understand the cache key". Methods that write, and OPTIONS, have no place in the cache; HEAD
 * and GET share theirs.
 */
function cacheKey({ distribution, behavior, request }: ContentWanted): CacheKey {
  const { gzip, brotli, query } = behavior.cachePolicy;
  const accepted = normalizeAcceptEncoding(
    headerLine(request.headers, "accept-encoding"),
    request.httpVersion,
    { gzip, brotli },
  );
  const uri = query && request.query !== "" ? `${request.uri}?${request.query}` : request.uri;
  return { distribution: distribution.id, uri, accepted };
}

function tripOf(wanted: ContentWanted, origin: OriginTrip["origin"]): OriginTrip {
  const { behavior, request, exchange } = wanted;
  return { origin, behavior, request, exchange };
}

/** The origin's answer as it comes, with its own length and date. */
function passed({ status, headers, body }: FullAnswer): Answer {
  return {
    status,
    headers,
    result: status >= 400 ? "Error" : "Miss",
    body: body.kind === "stream" ? { kind: "relay", stream: body.stream } : { kind: "none" },
  };
}
