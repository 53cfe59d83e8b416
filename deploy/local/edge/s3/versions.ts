import { randomBytes } from "node:crypto";
import { type Bucket, currentObject, type StoredObject, type Version } from "../storage/model.ts";
import { S3Error } from "./s3-error.ts";

export const VERSIONING = "versioning";

/** "Off" until versioning is first switched on; from then on only ever suspended. */
export type Versioning = "Off" | "Enabled" | "Suspended";

/** How a bucket treats what is overwritten. */
export function versioningOf(bucket: Bucket): Versioning {
  const value = bucket.settings.get(VERSIONING);
  return value === "Enabled" || value === "Suspended" ? value : "Off";
}

/**
 * The id that the next version of this key gets. It begins with a number that grows from version to
 * version, so that a listing can go on behind a version that is gone; the rest is random.
 */
export function nextVersionId(bucket: Bucket, key: string, now: number): string {
  if (versioningOf(bucket) !== "Enabled") return "null";
  const before = bucket.keys.get(key)?.versions.map(({ versionId }) => rankOf(versionId)) ?? [];
  const rank = Math.max(now * 1000, ...before.map((one) => one + 1));
  return rank.toString(16).padStart(RANK_DIGITS, "0") + randomBytes(9).toString("hex");
}

/** How new a version is among those of its key; 0 where its id does not tell. */
export function rankOf(versionId: string): number {
  return versionId === "null" ? 0 : Number.parseInt(versionId.slice(0, RANK_DIGITS), 16) || 0;
}

const RANK_DIGITS = 14;

/** The header with the version's id, in a bucket that has versions. */
export function versionHeader(bucket: Bucket, versionId: string): Readonly<Record<string, string>> {
  return versioningOf(bucket) === "Off" ? {} : { "x-amz-version-id": versionId };
}

/**
 * The object that a read means: the current one, or the one with the version id. Throws NoSuchKey,
 * NoSuchVersion, or MethodNotAllowed for a delete marker asked for by its id (S3-API GetObject).
 */
export function findObject(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): StoredObject {
  const entry = bucket.keys.get(key);
  if (versionId === undefined) {
    const object = currentObject(entry);
    if (object !== undefined) return object;
    const marker = entry?.versions[0];
    throw new S3Error("NoSuchKey", {
      details: { Key: key },
      headers: marker === undefined ? {} : markerHeaders(marker),
    });
  }
  const version = findVersion(bucket, key, versionId);
  if (version === undefined) {
    throw new S3Error("NoSuchVersion", { details: { Key: key, VersionId: versionId } });
  }
  if (version.kind === "object") return version;
  throw new S3Error("MethodNotAllowed", {
    details: { Method: "GET", ResourceType: "DeleteMarker" },
    headers: {
      ...markerHeaders(version),
      allow: "DELETE",
      "last-modified": new Date(version.modified).toUTCString(),
    },
  });
}

/** The version with this id, or undefined. Throws InvalidArgument for what cannot be an id. */
export function findVersion(bucket: Bucket, key: string, versionId: string): Version | undefined {
  if (versionId !== "null" && !/^[A-Za-z0-9._-]{32}$/.test(versionId)) {
    throw new S3Error("InvalidArgument", {
      message: "Invalid version id specified",
      details: { ArgumentName: "versionId", ArgumentValue: versionId },
    });
  }
  return bucket.keys.get(key)?.versions.find((version) => version.versionId === versionId);
}

function markerHeaders(version: Version): Readonly<Record<string, string>> {
  return { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
}
