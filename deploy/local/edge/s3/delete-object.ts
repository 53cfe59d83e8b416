import { type Bucket, type Commit, currentObject } from "../storage/model.ts";
import { listsEtag } from "./etags.ts";
import {
  bucketOf,
  objectScope,
  type S3Dependencies,
  type S3Operation,
  wholeSeconds,
} from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { findVersion, nextVersionId, versioningOf } from "./versions.ts";

/** What to delete. */
export type Deletion = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
  /** The ETag that the current object must have; "*" for any. */
  readonly ifMatch: string | undefined;
};

/** What became of it. `marker` tells of a delete marker, set or removed. */
export type Deleted = {
  readonly versionId: string | undefined;
  readonly marker: { readonly versionId: string; readonly change: "set" | "removed" } | undefined;
};

/** S3-API DeleteObject. A key that is not there is deleted without further ado. */
export const deleteObject: S3Operation = async (call, dependencies) => {
  const deleted = await commitDeletion(dependencies, {
    bucket: call.bucket,
    key: call.key,
    versionId: call.query.get("versionId"),
    ifMatch: call.headers.get("if-match"),
  });
  const versionId = deleted.marker?.versionId ?? deleted.versionId;
  return {
    status: 204,
    headers: {
      ...(deleted.marker === undefined ? {} : { "x-amz-delete-marker": "true" }),
      ...(versionId === undefined ? {} : { "x-amz-version-id": versionId }),
    },
  };
};

/** Deletes durably; throws an S3Error when it may not. */
export function commitDeletion(
  { storage, clock }: Pick<S3Dependencies, "storage" | "clock">,
  deletion: Deletion,
): Promise<Deleted> {
  return storage.commit({
    touches: [objectScope(deletion.bucket, deletion.key)],
    decide: (buckets) =>
      decideDeletion(bucketOf(buckets, deletion.bucket), deletion, clock.now().getTime()),
  });
}

/** The commits that carry a deletion out (S3-UG "Deleting object versions"). */
function decideDeletion(
  bucket: Bucket,
  deletion: Deletion,
  now: number,
): { readonly commits: readonly Commit[]; readonly result: Deleted } {
  checkCondition(bucket, deletion);
  if (deletion.versionId !== undefined) {
    return removeVersion(bucket, deletion.key, deletion.versionId);
  }
  const versioning = versioningOf(bucket);
  if (versioning === "Off") {
    const result = { versionId: undefined, marker: undefined };
    return { commits: removals(bucket, deletion.key, "null"), result };
  }
  const versionId = nextVersionId(bucket, deletion.key, now);
  const version = { kind: "delete-marker", versionId, modified: wholeSeconds(now) } as const;
  return {
    commits: [{ kind: "version-added", bucket: bucket.name, key: deletion.key, version }],
    result: { versionId: undefined, marker: { versionId, change: "set" } },
  };
}

function removeVersion(
  bucket: Bucket,
  key: string,
  versionId: string,
): { readonly commits: readonly Commit[]; readonly result: Deleted } {
  const version = findVersion(bucket, key, versionId);
  return {
    commits: removals(bucket, key, versionId),
    result: {
      versionId,
      marker: version?.kind === "delete-marker" ? { versionId, change: "removed" } : undefined,
    },
  };
}

function removals(bucket: Bucket, key: string, versionId: string): readonly Commit[] {
  return findVersion(bucket, key, versionId) === undefined
    ? []
    : [{ kind: "version-removed", bucket: bucket.name, key, versionId }];
}

/** Looks at the current version only (S3-UG "How to perform conditional deletes"). */
function checkCondition(bucket: Bucket, { key, ifMatch }: Deletion): void {
  if (ifMatch === undefined) return;
  const entry = bucket.keys.get(key);
  if (entry === undefined) throw new S3Error("NoSuchKey", { details: { Key: key } });
  const current = currentObject(entry);
  if (current === undefined || !listsEtag(ifMatch, current.etag)) {
    throw new S3Error("PreconditionFailed", { details: { Condition: "If-Match" } });
  }
}
