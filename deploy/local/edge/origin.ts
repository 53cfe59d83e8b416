import type { Readable } from "node:stream";

/** A half-open view of bytes: `start` and `end` are both inclusive, as in an HTTP Range. */
export type ByteRange = { readonly start: number; readonly end: number };

/** What the viewer side needs to know of one stored object; the storage side provides it. */
export type OriginObject = {
  readonly size: number;
  /** Quoted, as S3 sends it. */
  readonly etag: string;
  readonly lastModified: Date;
  /** The object's own response headers, names in lower case: content-type, cache-control, x-amz-meta-*, … */
  readonly headers: Readonly<Record<string, string>>;
  /** Opens the bytes. Called at most once per answer; the stream fails if the bytes are gone. */
  readonly open: (range?: ByteRange) => Readable;
};

/**
 * The bucket behind the distribution, as the CDN sees it. `get` answers with the current version of
 * exactly this key, or undefined when there is none (also when the newest version is a delete marker).
 */
export interface Origin {
  get(key: string): Promise<OriginObject | undefined>;
}
