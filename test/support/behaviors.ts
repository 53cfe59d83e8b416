import type {
  Behavior,
  BehaviorOrigin,
  CachePolicy,
} from "../../deploy/local/edge/live-distribution.ts";

/** CachingDisabled. */
const CACHING_DISABLED: CachePolicy = {
  min: 0,
  default: 0,
  max: 0,
  gzip: false,
  brotli: false,
  query: false,
};

export function customOrigin(
  url: string,
  change: Partial<Extract<BehaviorOrigin, { kind: "custom" }>> = {},
): BehaviorOrigin {
  return { kind: "custom", url, path: "", headers: {}, readTimeoutMs: 5_000, ...change };
}

/** `/api/*` as it is proxied: all methods, nothing cached, the viewer's headers but its Host. */
export function apiBehavior(url: string): Partial<Behavior> {
  return {
    pathPattern: "/api/*",
    origin: customOrigin(url),
    allowedMethods: new Set(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]),
    compress: false,
    cachePolicy: CACHING_DISABLED,
    originRequest: "all-viewer-except-host",
    viewerRequest: undefined,
  };
}

/** A custom origin's answers in the cache, under the TTLs given. */
export function cachedBehavior(url: string, policy: Partial<CachePolicy> = {}): Partial<Behavior> {
  return {
    pathPattern: "/c/*",
    origin: customOrigin(url),
    cachePolicy: {
      min: 0,
      default: 86_400,
      max: 31_536_000,
      gzip: true,
      brotli: true,
      query: false,
      ...policy,
    },
    viewerRequest: undefined,
  };
}
