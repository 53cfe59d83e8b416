import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { ObjectHeaders } from "../core/headers.ts";
import type { ObjectKey } from "../core/keys.ts";
import type { Proceed, Stored } from "../ports.ts";
import { codeOf } from "./failure.ts";
import type { FileRange } from "./file-body.ts";
import { bodyInput, type KnownBody } from "./known-body.ts";
import { type Checksums, checksumOf, storedFrom, systemMetadata } from "./s3-answers.ts";

export type MultipartUpload = {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: ObjectKey;
  readonly size: number;
  readonly headers: ObjectHeaders;
  readonly checksums: Checksums;
  readonly ranges: readonly FileRange[];
  readonly bodyOf: (range: FileRange, onBroken: (error: unknown) => void) => KnownBody;
  readonly proceed: Proceed;
};

const MEBIBYTE = 1024 * 1024;
const PART_BYTES = 16 * MEBIBYTE;
/** S3-UG "Multipart upload limits". */
const MOST_PARTS = 10_000;

/** Parts of one file that travel side by side. */
const PARTS_AT_ONCE = 4;

/** The smallest whole number of MiB, from 16 on, with which S3's number of parts suffices. */
export function partSizeFor(size: number): number {
  return Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS / MEBIBYTE) * MEBIBYTE);
}

/**
 * Stores a large file in parts; it appears in one step, when all of them are there. Whatever goes
 * wrong, a rejected `proceed` too, the parts are removed again and the object stays what it was.
 * What only a killed process leaves is for the bucket's lifecycle rule.
 */
export async function uploadInParts(upload: MultipartUpload): Promise<Stored> {
  const { client, bucket, key, headers, checksums } = upload;
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      Bucket: bucket,
      Key: key,
      ...(checksums === "sha256" ? { ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" } : {}),
      ...systemMetadata(headers),
    }),
  );
  try {
    return await complete(upload, UploadId, await sendParts(upload, UploadId));
  } catch (error) {
    await client
      .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId }))
      .catch(() => {
        // The failure itself matters more, and the lifecycle rule removes the parts.
      });
    throw error;
  }
}

/** Throws the first failure, when no part is under way any more: a late one would outlive the abort. */
async function sendParts(
  upload: MultipartUpload,
  UploadId: string | undefined,
): Promise<readonly CompletedPart[]> {
  const { client, bucket, key, checksums, ranges, bodyOf, proceed } = upload;
  const stop = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    stop.abort();
  };
  const send = async (range: FileRange, index: number): Promise<CompletedPart> => {
    const PartNumber = index + 1;
    if (failure !== undefined) return {};
    const checksum = checksumOf(range.sha256, checksums);
    const part = { Bucket: bucket, Key: key, UploadId, PartNumber, ...checksum };
    const command = new UploadPartCommand({ ...part, ...bodyInput(bodyOf(range, fail)) });
    const { ETag } = await client.send(command, { abortSignal: stop.signal });
    await proceed(range.size);
    return { PartNumber, ETag, ...checksum };
  };
  const limit = pLimit(PARTS_AT_ONCE);
  const parts = await Promise.all(
    ranges.map((range, index) =>
      limit(() =>
        send(range, index).catch((error: unknown) => {
          fail(error);
          return {};
        }),
      ),
    ),
  );
  // Ends what an early answer may have left half sent.
  stop.abort();
  if (failure !== undefined) throw failure.error;
  return parts;
}

async function complete(
  upload: MultipartUpload,
  UploadId: string | undefined,
  parts: readonly CompletedPart[],
): Promise<Stored> {
  const { client, bucket, key, size, checksums, proceed } = upload;
  await proceed(0);
  try {
    return storedFrom(
      await client.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId,
          MultipartUpload: { Parts: [...parts] },
          MpuObjectSize: checksums === "sha256" ? size : undefined,
        }),
      ),
    );
  } catch (error) {
    // When the answer to the first try was lost, the second finds no upload: it may be an object now.
    const found = codeOf(error) === "NoSuchUpload" ? await findObject(upload) : undefined;
    if (found !== undefined) return found;
    throw error;
  }
}

/** The object as it is stored, if it is the one that was sent; a store without checksums cannot say. */
async function findObject(upload: MultipartUpload): Promise<Stored | undefined> {
  const { client, bucket, key, checksums, ranges } = upload;
  if (checksums === "none") return undefined;
  const head = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" });
  const answer = await client.send(head).catch(() => undefined);
  return answer?.ChecksumSHA256 === compositeOf(ranges) ? storedFrom(answer) : undefined;
}

/** S3-UG "Checking object integrity": the digest of the parts' digests, and their number. */
function compositeOf(ranges: readonly FileRange[]): string {
  const hash = createHash("sha256");
  for (const { sha256 } of ranges) hash.update(Buffer.from(sha256, "hex"));
  return `${hash.digest("base64")}-${ranges.length}`;
}
