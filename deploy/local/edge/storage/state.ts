import { createKeyIndex, type KeyIndex } from "./key-index.ts";
import type { Bucket, Commit, KeyEntry, Segment, StoredPart, Upload, Version } from "./model.ts";

/**
 * The metadata in memory: what all journal lines so far add up to. `apply` is the only thing that
 * changes it, on opening as in service, so a restart gives the same state again.
 */
export interface State {
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** How many segments, of objects and of parts, lie in this blob. */
  references(blob: string): number;
  /** Blobs with at least one reference. */
  liveBlobs(): Iterable<string>;
  /** Returns the blobs that lost their last reference. Throws if the commit does not fit the state. */
  apply(commit: Commit): readonly string[];
  /** The commits that would build this state from nothing, in order. */
  snapshot(): Iterable<Commit>;
}

type MutableUpload = Omit<Upload, "parts"> & { readonly parts: Map<number, StoredPart> };
type MutableBucket = Pick<Bucket, "name" | "created" | "region"> & {
  readonly settings: Map<string, string>;
  readonly keys: KeyIndex<KeyEntry>;
  readonly uploads: Map<string, MutableUpload>;
};

/** A state without buckets. */
export function createState(): State {
  const buckets = new Map<string, MutableBucket>();
  const counts = new Map<string, number>();

  function hold(segments: readonly Segment[]): void {
    for (const { blob } of segments) counts.set(blob, (counts.get(blob) ?? 0) + 1);
  }

  function release(segments: readonly Segment[]): readonly string[] {
    const freed: string[] = [];
    for (const { blob } of segments) {
      const left = (counts.get(blob) ?? 0) - 1;
      if (left > 0) counts.set(blob, left);
      else {
        counts.delete(blob);
        freed.push(blob);
      }
    }
    return freed;
  }

  function bucketOf(name: string): MutableBucket {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new Error(`the journal names an unknown bucket: ${name}`);
    return bucket;
  }

  function addVersion(bucket: MutableBucket, key: string, version: Version): readonly string[] {
    hold(segmentsOf(version));
    const before = bucket.keys.get(key)?.versions ?? [];
    const same = (other: Version) => other.versionId === version.versionId;
    bucket.keys.set(key, { key, versions: [version, ...before.filter((v) => !same(v))] });
    return release(before.filter(same).flatMap(segmentsOf));
  }

  function removeVersion(bucket: MutableBucket, key: string, versionId: string): readonly string[] {
    const before = bucket.keys.get(key)?.versions ?? [];
    const left = before.filter((version) => version.versionId !== versionId);
    if (left.length === 0) bucket.keys.delete(key);
    else bucket.keys.set(key, { key, versions: left });
    return release(before.filter((v) => v.versionId === versionId).flatMap(segmentsOf));
  }

  function addPart(bucket: MutableBucket, uploadId: string, part: StoredPart): readonly string[] {
    const parts = bucket.uploads.get(uploadId)?.parts;
    if (parts === undefined) throw new Error(`the journal names an unknown upload: ${uploadId}`);
    hold(part.segments);
    const before = parts.get(part.number);
    parts.set(part.number, part);
    return release(before?.segments ?? []);
  }

  function removeUpload(bucket: MutableBucket, uploadId: string): readonly string[] {
    const parts = bucket.uploads.get(uploadId)?.parts.values() ?? [];
    bucket.uploads.delete(uploadId);
    return release([...parts].flatMap((part) => part.segments));
  }

  function apply(commit: Commit): readonly string[] {
    switch (commit.kind) {
      case "bucket-created":
        buckets.set(commit.bucket, emptyBucket(commit.bucket, commit.at, commit.region));
        return [];
      case "bucket-removed": {
        const uploads = [...bucketOf(commit.bucket).uploads.keys()];
        const freed = uploads.flatMap((id) => removeUpload(bucketOf(commit.bucket), id));
        buckets.delete(commit.bucket);
        return freed;
      }
      case "bucket-configured":
        if (commit.value === undefined) bucketOf(commit.bucket).settings.delete(commit.setting);
        else bucketOf(commit.bucket).settings.set(commit.setting, commit.value);
        return [];
      case "version-added":
        return addVersion(bucketOf(commit.bucket), commit.key, commit.version);
      case "version-removed":
        return removeVersion(bucketOf(commit.bucket), commit.key, commit.versionId);
      case "version-tagged": {
        const { keys } = bucketOf(commit.bucket);
        const versions = (keys.get(commit.key)?.versions ?? []).map((version) =>
          version.versionId === commit.versionId && version.kind === "object"
            ? { ...version, tags: commit.tags }
            : version,
        );
        keys.set(commit.key, { key: commit.key, versions });
        return [];
      }
      case "upload-started":
        bucketOf(commit.bucket).uploads.set(commit.upload.id, {
          ...commit.upload,
          parts: new Map(),
        });
        return [];
      case "part-added":
        return addPart(bucketOf(commit.bucket), commit.uploadId, commit.part);
      case "upload-removed":
        return removeUpload(bucketOf(commit.bucket), commit.uploadId);
    }
  }

  return {
    buckets,
    references: (blob) => counts.get(blob) ?? 0,
    liveBlobs: () => counts.keys(),
    apply,
    *snapshot() {
      for (const bucket of buckets.values()) yield* bucketSnapshot(bucket);
    },
  };
}

function segmentsOf(version: Version): readonly Segment[] {
  return version.kind === "object" ? version.segments : [];
}

function emptyBucket(name: string, created: number, region: string): MutableBucket {
  return {
    name,
    created,
    region,
    settings: new Map(),
    keys: createKeyIndex<KeyEntry>(),
    uploads: new Map(),
  };
}

function* bucketSnapshot(bucket: MutableBucket): Iterable<Commit> {
  const name = bucket.name;
  yield { kind: "bucket-created", bucket: name, at: bucket.created, region: bucket.region };
  for (const [setting, value] of bucket.settings) {
    yield { kind: "bucket-configured", bucket: name, setting, value };
  }
  for (const { key, versions } of bucket.keys.values()) {
    for (const version of versions.toReversed()) {
      yield { kind: "version-added", bucket: name, key, version };
    }
  }
  for (const { parts, ...upload } of bucket.uploads.values()) {
    yield { kind: "upload-started", bucket: name, upload };
    for (const part of parts.values()) {
      yield { kind: "part-added", bucket: name, uploadId: upload.id, part };
    }
  }
}
