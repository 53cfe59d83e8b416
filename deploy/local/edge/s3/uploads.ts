import { randomBytes } from "node:crypto";
import type { Bucket, Upload, UploadPlan } from "../storage/model.ts";
import { DEFAULT_ALGORITHM, readAlgorithm } from "./checksum.ts";
import { readDescription } from "./object-headers.ts";
import {
  bucketOf,
  nowInSeconds,
  type S3Call,
  type S3Operation,
  uploadScope,
  xmlAnswer,
} from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { element, s3Document } from "./write-xml.ts";

/** The upload that a call is about, or NoSuchUpload. */
export function uploadOf(bucket: Bucket, call: S3Call): Upload {
  const id = call.query.get("uploadId") ?? "";
  const upload = bucket.uploads.get(id);
  if (upload === undefined || upload.key !== call.key) {
    throw new S3Error("NoSuchUpload", { details: { UploadId: id } });
  }
  return upload;
}

/** S3-API CreateMultipartUpload. Headers, tags and storage class are those of the object to be. */
export const createMultipartUpload: S3Operation = async (call, { storage, clock }) => {
  bucketOf(storage.buckets, call.bucket);
  const plan = readPlan(call.headers);
  const id = randomBytes(48).toString("base64url");
  const upload = { id, key: call.key, started: nowInSeconds(clock), plan };
  return storage.commit({
    touches: [uploadScope(call.bucket, id)],
    decide(buckets) {
      bucketOf(buckets, call.bucket);
      return {
        commits: [{ kind: "upload-started", bucket: call.bucket, upload }],
        result: xmlAnswer(
          s3Document("InitiateMultipartUploadResult", [
            element("Bucket", call.bucket),
            element("Key", call.key),
            element("UploadId", id),
          ]),
          plan.checksumRequested
            ? {
                "x-amz-checksum-algorithm": plan.checksum.algorithm,
                "x-amz-checksum-type": plan.checksum.type,
              }
            : {},
        ),
      };
    },
  });
};

/** S3-API AbortMultipartUpload: the parts are gone. */
export const abortMultipartUpload: S3Operation = async (call, { storage }) =>
  storage.commit({
    touches: [uploadScope(call.bucket, call.query.get("uploadId") ?? "")],
    decide(buckets) {
      const { id } = uploadOf(bucketOf(buckets, call.bucket), call);
      return {
        commits: [{ kind: "upload-removed", bucket: call.bucket, uploadId: id }],
        result: { status: 204 },
      };
    },
  });

/** Which checksum the object will have (S3-UG "Checking object integrity", multipart). */
function readPlan(headers: ReadonlyMap<string, string>): UploadPlan {
  const requested = readAlgorithm(headers.get("x-amz-checksum-algorithm"));
  const algorithm = requested ?? DEFAULT_ALGORITHM;
  const isHash = algorithm === "SHA1" || algorithm === "SHA256";
  const type =
    headers.get("x-amz-checksum-type") ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  const isPossible =
    (type === "COMPOSITE" && algorithm !== "CRC64NVME") || (type === "FULL_OBJECT" && !isHash);
  if (!isPossible) {
    throw new S3Error("InvalidRequest", {
      message: `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    });
  }
  return {
    ...readDescription(headers),
    checksum: { algorithm, type },
    checksumRequested: requested !== undefined,
  };
}
