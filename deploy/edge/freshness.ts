import { type CacheControl, parseCacheControl } from "./cache-control.ts";
import { parseHttpDate } from "./http-date.ts";

/** The TTLs of a cache policy, in seconds. */
export type TtlPolicy = { readonly min: number; readonly default: number; readonly max: number };

/** CF-DG "Use managed cache policies": CachingOptimized and its TTLs. */
export const CACHING_OPTIMIZED_ID = "658327ea-f89d-4fab-a63d-7e88639e58f6";
export const CACHING_OPTIMIZED: TtlPolicy = { min: 1, default: 86_400, max: 31_536_000 };

/** The headers of an origin's answer that say how long it may be kept. */
export type FreshnessHeaders = {
  readonly cacheControl?: string | undefined;
  readonly expires?: string | undefined;
};

/**
 * For how many seconds a successful answer is served without asking the origin again; 0 means that
 * it is never stored. s-maxage beats max-age beats Expires; no-cache, no-store and private beat all
 * of them and still keep the object for the policy's minimum
 * (CF-DG "Manage how long content stays in the cache").
 */
export function objectTtl(headers: FreshnessHeaders, policy: TtlPolicy, now: number): number {
  const cacheControl = parseCacheControl(headers.cacheControl);
  if (cacheControl.forbidsCaching) return policy.min;
  const asked = askedSeconds(cacheControl, headers.expires, now);
  if (asked === undefined) return Math.max(policy.min, policy.default);
  return Math.min(Math.max(asked, policy.min), policy.max);
}

function askedSeconds(
  cacheControl: CacheControl,
  expires: string | undefined,
  now: number,
): number | undefined {
  const age = cacheControl.sMaxAge ?? cacheControl.maxAge;
  if (age !== undefined) return age;
  if (expires === undefined) return undefined;
  // A value that is no date, "0" above all, means already expired (RFC 9111 5.3).
  const until = parseHttpDate(expires);
  return until === undefined ? 0 : Math.max(0, Math.floor((until - now) / 1000));
}

/** Kept whatever the origin says, but for the ones that `no-store` and its like excuse. */
const ALWAYS_CACHED: ReadonlySet<number> = new Set([404, 410, 414, 500, 501, 502, 503, 504]);
/** Kept only when the origin names an age. */
const CACHED_WITH_AGE: ReadonlySet<number> = new Set([400, 403, 405, 412, 415]);
const EXCUSED_BY_NO_STORE: ReadonlySet<number> = new Set([404, 410, 414, 501]);

/**
 * For how many seconds an error is served from the cache; 0 means that it is not stored. 416 and
 * codes that the guide does not name are never stored, and a policy that caches nothing stores no
 * error either (CF-DG "How CloudFront processes HTTP 4xx and 5xx status codes from your origin",
 * "Control how long CloudFront caches errors").
 */
export function errorTtl(
  status: number,
  cacheControlHeader: string | undefined,
  limits: { readonly cachingMinTtl: number; readonly policy: TtlPolicy },
): number {
  if (limits.policy.max === 0) return 0;
  const cacheControl = parseCacheControl(cacheControlHeader);
  const asked = cacheControl.sMaxAge ?? cacheControl.maxAge;
  const kept = ALWAYS_CACHED.has(status) || (CACHED_WITH_AGE.has(status) && asked !== undefined);
  if (!kept) return 0;
  if (cacheControl.forbidsCaching && EXCUSED_BY_NO_STORE.has(status)) return 0;
  return Math.max(limits.cachingMinTtl, Math.min(asked ?? 0, limits.policy.max));
}

/** For how many seconds after its end an object may still be served; both at most the policy's maximum. */
export type Staleness = {
  /** While a fresh one is fetched in the background. 0: not at all. */
  readonly whileRevalidating: number;
  /** While the origin fails. Infinity where the origin names no end (CF-DG: served until it answers). */
  readonly ifError: number;
};

/**
 * What the origin allows beyond an object's lifetime (CF-DG "Manage how long content stays in the
 * cache", stale-while-revalidate and stale-if-error). An object whose caching is forbidden, and which
 * only a minimum TTL keeps, is never served while another is fetched.
 */
export function staleness(cacheControlHeader: string | undefined, policy: TtlPolicy): Staleness {
  const { staleIfError, staleWhileRevalidate, forbidsCaching } =
    parseCacheControl(cacheControlHeader);
  // Nothing is kept beyond a lifetime that nothing has.
  if (forbidsCaching && policy.min === 0) return { whileRevalidating: 0, ifError: 0 };
  return {
    whileRevalidating: forbidsCaching ? 0 : Math.min(staleWhileRevalidate ?? 0, policy.max),
    ifError:
      staleIfError === undefined ? Number.POSITIVE_INFINITY : Math.min(staleIfError, policy.max),
  };
}

/**
 * Whether an object whose lifetime is 0 is kept to be revalidated by its validators each time:
 * `max-age=0` says so, whereas no-cache, no-store and private with a minimum TTL of 0 keep it out of
 * the cache, as a maximum of 0 does for all.
 */
export function isKeptForRevalidation(
  cacheControlHeader: string | undefined,
  policy: TtlPolicy,
): boolean {
  return policy.max > 0 && !parseCacheControl(cacheControlHeader).forbidsCaching;
}
