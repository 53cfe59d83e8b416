import { type Bucket, currentObject, type StoredObject } from "../storage/model.ts";
import { decodeText } from "./address.ts";
import { judgeRead } from "./read-conditions.ts";
import { bucketOf, type S3Call } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { findVersion } from "./versions.ts";

/** What x-amz-copy-source names. */
export type CopySource = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
};

/** Reads "[/]bucket/key[?versionId=id]", percent-encoded (S3-API CopyObject). */
export function readCopySource(call: S3Call): CopySource {
  const text = call.headers.get("x-amz-copy-source") ?? "";
  const [path = "", versionId] = text.replace(/^\//, "").split("?versionId=");
  const slash = path.indexOf("/") < 0 ? path.search(/%2F/i) : path.indexOf("/");
  const bucket = decodeText(path.slice(0, Math.max(slash, 0)));
  const key = decodeText(path.slice(slash).replace(/^(?:\/|%2F)/i, ""));
  if (slash < 1 || key === "") {
    throw new S3Error("InvalidArgument", {
      message: "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      details: { ArgumentName: "x-amz-copy-source", ArgumentValue: text },
    });
  }
  return { bucket, key, versionId };
}

/** The object to copy. Throws when there is none, or x-amz-copy-source-if-* does not hold. */
export function findSource(
  buckets: ReadonlyMap<string, Bucket>,
  source: CopySource,
  call: S3Call,
): StoredObject {
  const object = lookUp(bucketOf(buckets, source.bucket), source);
  if (judgeRead(call.headers, object, "x-amz-copy-source-") !== "proceed") {
    throw new S3Error("PreconditionFailed", { details: { Condition: "x-amz-copy-source-If" } });
  }
  return object;
}

function lookUp(bucket: Bucket, { key, versionId }: CopySource): StoredObject {
  if (versionId === undefined) {
    const object = currentObject(bucket.keys.get(key));
    if (object === undefined) throw new S3Error("NoSuchKey", { details: { Key: key } });
    return object;
  }
  const version = findVersion(bucket, key, versionId);
  if (version === undefined) {
    throw new S3Error("NoSuchVersion", { details: { Key: key, VersionId: versionId } });
  }
  if (version.kind === "delete-marker") {
    throw new S3Error("InvalidRequest", {
      message:
        "The source of a copy request may not specifically refer to a delete marker by version id.",
    });
  }
  return version;
}
