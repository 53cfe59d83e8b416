import type { EdgeConfig } from "../../../edge/decide.ts";
import {
  CACHING_OPTIMIZED,
  errorTtl,
  mayServeStaleOnError,
  objectTtl,
} from "../../../edge/freshness.ts";
import type { Clock } from "../../../ports.ts";
import type { Origin, OriginObject } from "../origin.ts";
import type { CachedError, CachedObject, CacheEntry, CacheKey } from "./cache-entry.ts";
import type { EdgeCache, Fetched } from "./edge-cache.ts";
import { createGate } from "./gate.ts";
import { loadObject } from "./load-object.ts";

/** What the cache has for a key, after asking the origin where it had to. */
export type Found = {
  readonly entry: CacheEntry;
  readonly result: Fetched["result"];
};

export type Lookup = {
  /** `objectKey` is the object behind the cache key; undefined stands for one that cannot exist. */
  find(key: CacheKey, objectKey: string | undefined): Promise<Found>;
};

/** Objects read into memory at the same time; with the size they are held up to, it bounds memory. */
const CONCURRENT_READS = 16;

/**
 * The way from a cache key to an entry: a fresh entry is a Hit; a stale one is revalidated by its
 * ETag; anything else is fetched, once for all who ask at the same time. A failing origin becomes an
 * error entry, and never rejects.
 */
export function createLookup(dependencies: {
  readonly origin: Origin;
  readonly cache: EdgeCache;
  readonly clock: Pick<Clock, "now">;
  readonly config: EdgeConfig;
  /** Told why the origin failed; viewers only learn that it did. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}): Lookup {
  const { origin, cache, clock, config, onFault } = dependencies;
  const gate = createGate(CONCURRENT_READS);
  const now = () => clock.now().getTime();

  async function fetch(key: CacheKey, objectKey: string | undefined): Promise<Fetched> {
    const stale = cache.find(key);
    try {
      return await fetchFromOrigin(key, objectKey, stale);
    } catch (error) {
      onFault?.(error);
      return surviveFailure(stale);
    }
  }

  async function fetchFromOrigin(
    key: CacheKey,
    objectKey: string | undefined,
    stale: CacheEntry | undefined,
  ): Promise<Fetched> {
    const object = await get(objectKey);
    if (object === undefined) return { entry: errorEntry(404), result: "Miss" };
    if (stale?.kind === "object" && stale.originEtag === object.etag) {
      return { entry: refreshed(stale, object), result: "RefreshHit" };
    }
    const entry = await gate(() => load(object, key)).catch(async () => {
      // The object may have been replaced between its look-up and the read: its successor counts.
      const successor = await get(objectKey);
      return successor === undefined ? errorEntry(404) : gate(() => load(successor, key));
    });
    return { entry, result: "Miss" };
  }

  function get(objectKey: string | undefined): Promise<OriginObject | undefined> {
    return objectKey === undefined ? Promise.resolve(undefined) : origin.get(objectKey);
  }

  function load(object: OriginObject, key: CacheKey): Promise<CachedObject> {
    return loadObject(object, key.accepted, timesOf(object));
  }

  function timesOf(object: OriginObject) {
    const storedAt = now();
    const headers = {
      cacheControl: object.headers["cache-control"],
      expires: object.headers.expires,
    };
    return {
      storedAt,
      expiresAt: storedAt + objectTtl(headers, CACHING_OPTIMIZED, storedAt) * 1000,
    };
  }

  /** As a 304 does: a new lifetime and the headers it carries, the same bytes (RFC 9111 4.3.4). */
  function refreshed(stale: CachedObject, object: OriginObject): CachedObject {
    const { "cache-control": _, expires: __, ...kept } = stale.headers;
    const { "cache-control": cacheControl, expires } = object.headers;
    return {
      ...stale,
      ...timesOf(object),
      headers: {
        ...kept,
        ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
        ...(expires === undefined ? {} : { expires }),
      },
    };
  }

  function errorEntry(status: CachedError["status"]): CachedError {
    const storedAt = now();
    const { cachingMinTtl } = config.errorPage;
    const ttl = errorTtl(status, undefined, { cachingMinTtl, policy: CACHING_OPTIMIZED });
    return { kind: "error", status, storedAt, expiresAt: storedAt + ttl * 1000 };
  }

  /** CF-DG "How CloudFront processes HTTP 4xx and 5xx": an expired object stands in for a while. */
  function surviveFailure(stale: CacheEntry | undefined): Fetched {
    if (stale?.kind !== "object" || !mayServeStaleOnError(stale.headers["cache-control"])) {
      return { entry: errorEntry(502), result: "Miss" };
    }
    const expiresAt = now() + config.errorPage.cachingMinTtl * 1000;
    return { entry: { ...stale, expiresAt }, result: "Hit" };
  }

  return {
    async find(key, objectKey) {
      const entry = cache.find(key);
      if (entry !== undefined && now() < entry.expiresAt) return { entry, result: "Hit" };
      return cache.fetchOnce(key, () => fetch(key, objectKey));
    },
  };
}
