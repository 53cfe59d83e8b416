import type { AnswerStatus, ObjectHeaders } from "../core/headers.ts";
import type { Digest } from "../core/keys.ts";
import type { Stored } from "../ports.ts";
import { codeOf, statusOf } from "./failure.ts";

/** How S3 stored an object, from the answer to any kind of write. */
export function storedFrom(answer: {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}): Stored {
  const etag = answer.ETag ?? "";
  return answer.VersionId === undefined ? { etag } : { etag, versionId: answer.VersionId };
}

/** 412: someone else wrote it; 404: someone removed it; 409: someone is writing right now. */
export function didMove(error: unknown): boolean {
  const status = statusOf(error);
  return status === 412 || status === 409 || (status === 404 && codeOf(error) === "NoSuchKey");
}

/**
 * Which checksums a store keeps with its objects: Amazon S3 every object's SHA-256. Others refuse the
 * headers, or store them as part of the object (apache/iceberg#17177, boto/s3transfer#327); they
 * compare only the digest that is signed.
 */
export type Checksums = "sha256" | "none";

/** A digest as the parameter with which S3 compares what arrives. */
export function checksumOf(sha256: Digest, checksums: Checksums) {
  if (checksums === "none") return {};
  return { ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64") };
}

/** S3 sends it as x-amz-meta-slipway-status; the viewer-response function makes it the answer's status. */
function statusMetadata(status: AnswerStatus) {
  return { "slipway-status": status };
}

/** An object's headers as the parameters of a write. */
export function systemMetadata(headers: ObjectHeaders) {
  return {
    ContentType: headers.contentType,
    CacheControl: headers.cacheControl,
    ContentEncoding: headers.contentEncoding,
    ContentDisposition: headers.contentDisposition,
    ContentLanguage: headers.contentLanguage,
    ...(headers.answerStatus === undefined
      ? {}
      : { Metadata: statusMetadata(headers.answerStatus) }),
  };
}
