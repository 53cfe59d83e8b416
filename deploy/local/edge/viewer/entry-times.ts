import { errorTtl, objectTtl, staleness } from "../../../edge/freshness.ts";
import type { CachePolicy } from "../live-distribution.ts";
import type { EntryTimes } from "./cache-entry.ts";
import { type HeaderMap, headerLine } from "./header-map.ts";

/** An origin's answer as far as its lifetime goes. */
type Dated = {
  readonly status: number;
  readonly headers: HeaderMap;
  /** In seconds, for errors. */
  readonly errorCachingMinTtl?: number;
};

/** How long an answer that comes now is served, fresh and beyond. Errors have no life beyond theirs. */
export function timesOf(answer: Dated, policy: CachePolicy, storedAt: number): EntryTimes {
  const cacheControl = headerLine(answer.headers, "cache-control");
  if (answer.status >= 400) {
    const limits = { cachingMinTtl: answer.errorCachingMinTtl ?? 0, policy };
    const expiresAt = storedAt + errorTtl(answer.status, cacheControl, limits) * 1000;
    return { storedAt, expiresAt, revalidatingUntil: expiresAt, standInUntil: expiresAt };
  }
  const expires = headerLine(answer.headers, "expires");
  const expiresAt = storedAt + objectTtl({ cacheControl, expires }, policy, storedAt) * 1000;
  const { whileRevalidating, ifError } = staleness(cacheControl, policy);
  return {
    storedAt,
    expiresAt,
    revalidatingUntil: expiresAt + whileRevalidating * 1000,
    standInUntil: expiresAt + ifError * 1000,
  };
}
