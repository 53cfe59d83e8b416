import type { ObjectHeaders } from "./headers.ts";
import type { Digest, ObjectKey } from "./keys.ts";

/**
 * What a file is: the digest of its stored bytes and the digest of its headers. Never the ETag: that
 * is no content hash under KMS or multipart, and says nothing of headers (S3-API "Object").
 */
export type Fingerprint = {
  readonly content: Digest;
  readonly headers: Digest;
};

/** One file of the site as it shall be stored, and where its bytes are. Never the bytes themselves. */
export type SourceFile = {
  readonly key: ObjectKey;
  /** Bytes. */
  readonly size: number;
  readonly fingerprint: Fingerprint;
  readonly origin: FileOrigin;
};

/**
 * Where a file's bytes and headers come from: this machine, or a version that the bucket has stored
 * before and that brings back both as they were.
 */
export type FileOrigin =
  | { readonly kind: "file"; readonly path: string; readonly headers: ObjectHeaders }
  | { readonly kind: "version"; readonly versionId: string };

/** How a key behaves in a release; the stages and the prune policy follow from it. */
export type FileRole = "asset" | "page" | "feed";

/**
 * Pages name assets; feeds, sitemaps and a search index name pages: whatever is named must be stored
 * before what names it.
 */
export function roleOf(key: ObjectKey): FileRole {
  if (/\.html?$/i.test(key)) return "page";
  if (/(?:^|\/)(?:feed|rss|atom|search|sitemap[^/]*|robots)\.(?:xml|json|txt)$/i.test(key))
    return "feed";
  if (/\.(?:rss|atom)$/i.test(key)) return "feed";
  return "asset";
}
