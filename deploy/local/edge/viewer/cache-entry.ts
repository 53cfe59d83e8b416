import type { AcceptedCodings } from "../../../edge/compression.ts";
import type { OriginObject } from "../origin.ts";
import type { HeaderMap } from "./header-map.ts";

/**
 * CF-DG "Understand the cache key": the path after the rewrite and the normalized Accept-Encoding, in
 * each distribution.
 */
export type CacheKey = {
  /** Its id. */
  readonly distribution: string;
  /** With `?` and the query, where the cache policy makes the query part of the key. */
  readonly uri: string;
  readonly accepted: AcceptedCodings;
};

export type CachedBody =
  | { readonly kind: "held"; readonly bytes: Buffer }
  /** Too large to hold: this very version is opened again for each viewer, until its bytes are gone. */
  | { readonly kind: "stored"; readonly object: OriginObject };

/** All in milliseconds since 1970. */
export type EntryTimes = {
  /** When the origin answered; Age counts from here. */
  readonly storedAt: number;
  /** From here on the origin is asked before the entry is served. */
  readonly expiresAt: number;
  /** Until then an expired entry is served at once while the origin is asked in the background. */
  readonly revalidatingUntil: number;
  /** Until then an expired entry is served while the origin fails. */
  readonly standInUntil: number;
};

/** What an origin said, errors of its own included. */
export type CachedAnswer = EntryTimes & {
  readonly kind: "answer";
  readonly status: number;
  /** What viewers get, names in lower case, but for the framing and the edge's own headers. */
  readonly headers: HeaderMap;
  /** The ETag viewers see: weak when the bytes were compressed here. */
  readonly etag: string | undefined;
  /** The ETag the origin knows it by. */
  readonly originEtag: string | undefined;
  readonly lastModified: number | undefined;
  /** Of the body as sent, so after compression. */
  readonly size: number;
  readonly body: CachedBody;
  /** In lower case. */
  readonly tags: ReadonlySet<string>;
  /** Kept even when it has expired at once, for the sake of its validators. */
  readonly keptForRevalidation: boolean;
};

/** The origin gave no answer. */
export type CachedFailure = EntryTimes & {
  readonly kind: "failure";
  readonly status: 502 | 504;
};

export type CacheEntry = CachedAnswer | CachedFailure;

/** Whether the cache keeps it, or only hands it to those who wait for it. */
export function isStorable(entry: CacheEntry): boolean {
  return hasLifetime(entry) || (entry.kind === "answer" && entry.keptForRevalidation);
}

/** Whether it may be served at all: while it is fresh, or beyond, where its origin says how long. */
export function hasLifetime(times: EntryTimes): boolean {
  const { storedAt, expiresAt, revalidatingUntil, standInUntil } = times;
  if (expiresAt > storedAt || revalidatingUntil > storedAt) return true;
  return Number.isFinite(standInUntil) && standInUntil > storedAt;
}

/** Roughly what an entry costs besides its bytes. */
const ENTRY_OVERHEAD = 1_024;

/** The bytes an entry counts for against the cache's limit. */
export function weigh(key: CacheKey, entry: CacheEntry): number {
  const held = entry.kind === "answer" && entry.body.kind === "held" ? entry.size : 0;
  return held + ENTRY_OVERHEAD + 2 * key.uri.length;
}
