import type { KeyIndex } from "./key-index.ts";

/**
 * What the storage holds. Bytes lie in blobs: immutable files with random names. Everything else,
 * keys included, is metadata and lives in the journal, so no key ever becomes a path.
 */

/** A stretch of a blob. An object is a list of them: one for a plain put, one a part for multipart. */
export type Segment = { readonly blob: string; readonly start: number; readonly length: number };

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";

/** `value` is base64, with `-N` for a checksum of part checksums. */
export type StoredChecksum = {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
  readonly value: string;
};

export type Tag = { readonly key: string; readonly value: string };

/** One part of a multipart upload; `etag` is the MD5 in hex. */
export type StoredPart = {
  readonly number: number;
  readonly modified: number;
  readonly size: number;
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
};

/** A part as an object made by multipart upload remembers it. */
export type PartSummary = Pick<StoredPart, "number" | "size" | "checksum">;

export type StoredObject = {
  readonly kind: "object";
  /** "null" where the bucket was not versioned at the time. */
  readonly versionId: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly modified: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  /** Response headers in lower case, x-amz-meta-* included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly tags: readonly Tag[];
  readonly checksum: StoredChecksum;
  readonly parts?: readonly PartSummary[];
};

export type DeleteMarker = {
  readonly kind: "delete-marker";
  readonly versionId: string;
  readonly modified: number;
};

export type Version = StoredObject | DeleteMarker;

/** All versions of one key, newest first; never empty. */
export type KeyEntry = { readonly key: string; readonly versions: readonly Version[] };

/** What an upload will give its object when it completes. */
export type UploadPlan = Pick<StoredObject, "headers" | "storageClass" | "tags"> & {
  readonly checksum: Pick<StoredChecksum, "algorithm" | "type">;
  /** False when the client named no algorithm and ours is used (S3-UG "Checking object integrity"). */
  readonly checksumRequested: boolean;
};

export type Upload = {
  readonly id: string;
  readonly key: string;
  readonly started: number;
  readonly plan: UploadPlan;
  readonly parts: ReadonlyMap<number, StoredPart>;
};

export type Bucket = {
  readonly name: string;
  readonly created: number;
  readonly region: string;
  /** Configuration documents as the client sent them, by name: "policy", "lifecycle", … */
  readonly settings: ReadonlyMap<string, string>;
  readonly keys: Pick<KeyIndex<KeyEntry>, "size" | "get" | "from" | "values">;
  readonly uploads: ReadonlyMap<string, Upload>;
};

/** One change of the metadata; what the journal holds, in order. */
export type Commit =
  | {
      readonly kind: "bucket-created";
      readonly bucket: string;
      readonly at: number;
      readonly region: string;
    }
  | { readonly kind: "bucket-removed"; readonly bucket: string }
  | {
      readonly kind: "bucket-configured";
      readonly bucket: string;
      readonly setting: string;
      /** Absent: the setting is removed. */
      readonly value?: string;
    }
  | {
      /** Becomes the newest version; takes the place of a version with the same id. */
      readonly kind: "version-added";
      readonly bucket: string;
      readonly key: string;
      readonly version: Version;
    }
  | {
      readonly kind: "version-removed";
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
    }
  | {
      readonly kind: "version-tagged";
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
      readonly tags: readonly Tag[];
    }
  | {
      readonly kind: "upload-started";
      readonly bucket: string;
      readonly upload: Omit<Upload, "parts">;
    }
  | {
      readonly kind: "part-added";
      readonly bucket: string;
      readonly uploadId: string;
      readonly part: StoredPart;
    }
  | { readonly kind: "upload-removed"; readonly bucket: string; readonly uploadId: string };

/** The version that a plain GET would look at; undefined when there is none or it is a marker. */
export function currentObject(entry: KeyEntry | undefined): StoredObject | undefined {
  const newest = entry?.versions[0];
  return newest?.kind === "object" ? newest : undefined;
}
