import type { ByteRange } from "../origin.ts";
import type { StoredPart, Upload } from "../storage/model.ts";
import { sliceSegments } from "../storage/segments.ts";
import type { Storage } from "../storage/storage.ts";
import { checksumElement, checksumHeader } from "./checksum.ts";
import { findSource, readCopySource } from "./copy-source.ts";
import { ENCRYPTED } from "./object-answer.ts";
import { digestStored } from "./read-digests.ts";
import { stageBody } from "./receive-body.ts";
import {
  bucketOf,
  isoTime,
  nowInSeconds,
  type S3Call,
  type S3Operation,
  uploadScope,
  xmlAnswer,
} from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { uploadOf } from "./uploads.ts";
import { element, s3Document } from "./write-xml.ts";

const MOST_PARTS = 10_000;

/** S3-API UploadPart. A part with the same number is replaced. */
export const uploadPart: S3Operation = async (call, { storage, clock }) => {
  const number = readPartNumber(call);
  const { plan } = uploadOf(bucketOf(storage.buckets, call.bucket), call);
  const body = await stageBody(call, storage, plan.checksum.algorithm);
  if (plan.checksumRequested && body.claimed !== undefined) {
    refuseOtherAlgorithm(plan.checksum.algorithm, body.claimed);
  }
  const part: StoredPart = {
    number,
    modified: nowInSeconds(clock),
    size: body.size,
    etag: body.md5,
    segments: body.segments,
    checksum: body.checksum,
  };
  await commitPart(call, storage, part);
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...ENCRYPTED,
      [checksumHeader(part.checksum.algorithm)]: part.checksum.value,
    },
  };
};

/** S3-API UploadPartCopy. The part shares the bytes of its source. */
export const uploadPartCopy: S3Operation = async (call, { storage, clock }) => {
  const number = readPartNumber(call);
  const { plan } = uploadOf(bucketOf(storage.buckets, call.bucket), call);
  const source = findSource(storage.buckets, readCopySource(call), call);
  const release = storage.pin(source.segments);
  try {
    const range = readSourceRange(call, source.size);
    const digests = await digestStored(storage, source, plan.checksum.algorithm, range);
    const part: StoredPart = {
      number,
      modified: nowInSeconds(clock),
      size: range === undefined ? source.size : range.end - range.start + 1,
      segments: range === undefined ? source.segments : sliceSegments(source.segments, range),
      ...digests,
    };
    await commitPart(call, storage, part);
    return xmlAnswer(
      s3Document("CopyPartResult", [
        element("LastModified", isoTime(part.modified)),
        element("ETag", `"${part.etag}"`),
        element(checksumElement(part.checksum.algorithm), part.checksum.value),
      ]),
      ENCRYPTED,
    );
  } finally {
    release();
  }
};

function commitPart(call: S3Call, storage: Storage, part: StoredPart): Promise<Upload> {
  const uploadId = call.query.get("uploadId") ?? "";
  return storage.commit({
    touches: [uploadScope(call.bucket, uploadId)],
    staged: part.segments,
    decide: (buckets) => ({
      result: uploadOf(bucketOf(buckets, call.bucket), call),
      commits: [{ kind: "part-added", bucket: call.bucket, uploadId, part }],
    }),
  });
}

function readPartNumber(call: S3Call): number {
  const text = call.query.get("partNumber") ?? "";
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= MOST_PARTS) return number;
  throw new S3Error("InvalidArgument", {
    message: "Part number must be an integer between 1 and 10000, inclusive",
    details: { ArgumentName: "partNumber", ArgumentValue: text },
  });
}

function readSourceRange(call: S3Call, size: number): ByteRange | undefined {
  const text = call.headers.get("x-amz-copy-source-range");
  if (text === undefined) return undefined;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  const range = { start: Number(first), end: Number(last) };
  if (first === undefined || range.start > range.end) {
    throw new S3Error("InvalidArgument", {
      message:
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: text },
    });
  }
  if (range.end >= size) {
    throw new S3Error("InvalidArgument", {
      message: `Range specified is not valid for source object of size: ${size}`,
      details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: text },
    });
  }
  return range;
}

function refuseOtherAlgorithm(expected: string, actual: string): void {
  if (expected === actual) return;
  throw new S3Error("InvalidRequest", {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${actual.toLowerCase()}`,
  });
}
