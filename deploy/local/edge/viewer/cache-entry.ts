import type { AcceptedCodings } from "../../../edge/compression.ts";
import type { OriginObject } from "../origin.ts";

/** CF-DG "Understand the cache key": the path after the rewrite and the normalized Accept-Encoding. */
export type CacheKey = { readonly uri: string; readonly accepted: AcceptedCodings };

export type CachedBody =
  | { readonly kind: "held"; readonly bytes: Buffer }
  /** Too large to hold: this very version is opened again for each viewer, until its bytes are gone. */
  | { readonly kind: "stored"; readonly object: OriginObject };

type Times = {
  /** When the origin answered, in milliseconds; Age counts from here. */
  readonly storedAt: number;
  readonly expiresAt: number;
};

export type CachedObject = Times & {
  readonly kind: "object";
  /** What viewers get, names in lower case, but for the framing and the edge's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The ETag viewers see: weak when the bytes were compressed here. */
  readonly etag: string | undefined;
  /** The ETag the origin knows the object by. */
  readonly originEtag: string;
  readonly lastModified: number;
  /** Of the body as sent, so after compression. */
  readonly size: number;
  readonly body: CachedBody;
};

export type CachedError = Times & { readonly kind: "error"; readonly status: 404 | 502 };

export type CacheEntry = CachedObject | CachedError;

/** Roughly what an entry costs besides its bytes. */
const ENTRY_OVERHEAD = 1_024;

/** The bytes an entry counts for against the cache's limit. */
export function weigh(key: CacheKey, entry: CacheEntry): number {
  const held = entry.kind === "object" && entry.body.kind === "held" ? entry.size : 0;
  return held + ENTRY_OVERHEAD + 2 * key.uri.length;
}
