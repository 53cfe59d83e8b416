import { createHash } from "node:crypto";
import {
  currentObject,
  type StoredObject,
  type StoredPart,
  type Upload,
} from "../storage/model.ts";
import { ALGORITHMS, checksumElement, checksumHeader, joinChecksums } from "./checksum.ts";
import { bareEtag } from "./etags.ts";
import { ENCRYPTED } from "./object-answer.ts";
import { childrenOf, childText, readDocument, type XmlNode } from "./read-xml.ts";
import {
  bucketOf,
  nowInSeconds,
  objectScope,
  type S3Call,
  type S3Operation,
  uploadScope,
  xmlAnswer,
} from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { uploadOf } from "./uploads.ts";
import { nextVersionId, versionHeader } from "./versions.ts";
import { checkWrite, readWriteCondition } from "./write-conditions.ts";
import { element, s3Document } from "./write-xml.ts";

/** S3-UG "Multipart upload limits": all parts but the last. */
const SMALLEST_PART = 5 * 1024 * 1024;

/** A part as the client lists it. */
type ListedPart = {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<string, string>;
};

/**
 * S3-API CompleteMultipartUpload. The object appears in one step and shares the bytes of its parts;
 * parts that are not listed are removed. A condition is checked at that moment.
 */
export const completeMultipartUpload: S3Operation = async (call, { storage, clock }) => {
  const condition = readWriteCondition(call.headers);
  const bucketBefore = bucketOf(storage.buckets, call.bucket);
  const before = currentObject(bucketBefore.keys.get(call.key));
  uploadOf(bucketBefore, call);
  const { node } = await readDocument(call, "CompleteMultipartUpload");
  const listed = childrenOf(node, "Part").map(readPart);
  const uploadId = call.query.get("uploadId") ?? "";

  return storage.commit({
    touches: [objectScope(call.bucket, call.key), uploadScope(call.bucket, uploadId)],
    decide(buckets) {
      const bucket = bucketOf(buckets, call.bucket);
      const upload = uploadOf(bucket, call);
      checkWrite(condition, currentObject(bucket.keys.get(call.key)), before);
      const version = assemble(upload, chooseParts(upload, listed), {
        versionId: nextVersionId(bucket, call.key, clock.now().getTime()),
        modified: nowInSeconds(clock),
      });
      refuseOtherObject(call, version);
      return {
        commits: [
          { kind: "version-added", bucket: call.bucket, key: call.key, version },
          { kind: "upload-removed", bucket: call.bucket, uploadId },
        ],
        result: xmlAnswer(resultDocument(call, version), {
          ...ENCRYPTED,
          ...versionHeader(bucket, version.versionId),
        }),
      };
    },
  });
};

function readPart(node: XmlNode): ListedPart {
  const number = Number(childText(node, "PartNumber")?.trim() || Number.NaN);
  const etag = childText(node, "ETag");
  if (!Number.isInteger(number) || etag === undefined) throw new S3Error("MalformedXML");
  const checksums = ALGORITHMS.flatMap((algorithm) => {
    const value = childText(node, checksumElement(algorithm));
    return value === undefined ? [] : [[algorithm, value.trim()] as const];
  });
  return { number, etag: bareEtag(etag), checksums: new Map(checksums) };
}

/** The stored parts that the client lists, which must be as it says. */
function chooseParts(upload: Upload, listed: readonly ListedPart[]): readonly StoredPart[] {
  if (listed.length === 0) throw new S3Error("MalformedXML");
  if (listed.some(({ number }, index) => number <= (listed[index - 1]?.number ?? 0))) {
    throw new S3Error("InvalidPartOrder", { details: { UploadId: upload.id } });
  }
  return listed.map((wanted, index) => {
    const part = upload.parts.get(wanted.number);
    if (part === undefined || !isSamePart(part, wanted)) {
      throw new S3Error("InvalidPart", {
        details: { UploadId: upload.id, PartNumber: String(wanted.number), ETag: wanted.etag },
      });
    }
    if (part.size < SMALLEST_PART && index < listed.length - 1) {
      throw new S3Error("EntityTooSmall", {
        details: {
          ProposedSize: String(part.size),
          MinSizeAllowed: String(SMALLEST_PART),
          PartNumber: String(part.number),
          ETag: part.etag,
        },
      });
    }
    return part;
  });
}

function isSamePart(part: StoredPart, { etag, checksums }: ListedPart): boolean {
  const { algorithm, value } = part.checksum;
  return part.etag === etag && (checksums.get(algorithm) ?? value) === value;
}

function assemble(
  { plan }: Upload,
  parts: readonly StoredPart[],
  identity: Pick<StoredObject, "versionId" | "modified">,
): StoredObject {
  const md5 = createHash("md5");
  for (const part of parts) md5.update(Buffer.from(part.etag, "hex"));
  return {
    kind: "object",
    ...identity,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: `${md5.digest("hex")}-${parts.length}`,
    segments: parts.flatMap(({ segments }) => segments),
    headers: plan.headers,
    storageClass: plan.storageClass,
    tags: plan.tags,
    checksum: joinChecksums(plan.checksum, parts),
    parts: parts.map(({ number, size, checksum }) => ({ number, size, checksum })),
  };
}

/** Compares the object with the size and checksum that the client expects, where it gives them. */
function refuseOtherObject({ headers }: S3Call, version: StoredObject): void {
  const size = headers.get("x-amz-mp-object-size");
  if (size !== undefined && Number(size) !== version.size) {
    throw new S3Error("InvalidRequest", {
      message: `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${version.size}`,
    });
  }
  const { algorithm, value } = version.checksum;
  const claimed = headers.get(checksumHeader(algorithm));
  if (claimed !== undefined && claimed !== value && claimed !== value.replace(/-\d+$/, "")) {
    throw new S3Error("BadDigest", {
      message: `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    });
  }
}

function resultDocument(call: S3Call, version: StoredObject): string {
  const { algorithm, type, value } = version.checksum;
  return s3Document("CompleteMultipartUploadResult", [
    element("Location", `http://${call.headers.get("host") ?? ""}${call.resource}`),
    element("Bucket", call.bucket),
    element("Key", call.key),
    element("ETag", `"${version.etag}"`),
    element(checksumElement(algorithm), value),
    element("ChecksumType", type),
  ]);
}
