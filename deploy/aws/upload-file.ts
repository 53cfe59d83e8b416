import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Proceed, Stored } from "../ports.ts";
import { codeOf, toFailure } from "./failure.ts";
import { changed, cutFile, type LocalFile, readWhole, streamRange } from "./file-body.ts";
import { bodyInput, type KnownBody } from "./known-body.ts";
import { partSizeFor, uploadInParts } from "./multipart-upload.ts";
import { type Checksums, checksumOf, storedFrom, systemMetadata } from "./s3-answers.ts";

export type UploadTarget = {
  readonly client: S3Client;
  readonly bucket: string;
  readonly checksums: Checksums;
};

/** Files up to here are read whole and sent in one shot; larger ones stream from the disk. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;
/** Files up to here are one request; larger ones go in parts. */
const ONE_REQUEST_BYTES = 64 * 1024 * 1024;

/** The codes with which a store refuses bytes that are not those of the digest. */
const OTHER_BYTES = new Set(["BadDigest", "XAmzContentSHA256Mismatch", "InvalidPart"]);

/**
 * Stores a file of this machine, with memory that does not depend on its size. Stores nothing when
 * the file is no longer what was scanned, at whatever moment it changes, and throws "config" then.
 */
export async function uploadFile(
  file: LocalFile,
  target: UploadTarget,
  proceed: Proceed,
): Promise<Stored> {
  try {
    if (file.size > ONE_REQUEST_BYTES) return await inParts(file, target, proceed);
    if (file.size > IN_MEMORY_BYTES) return await streamed(file, target, proceed);
    return await put(file, target, readWhole(file));
  } catch (error) {
    if (OTHER_BYTES.has(codeOf(error))) throw changed(file, undefined, error);
    throw toFailure(error, { action: "s3:PutObject", resource: `the bucket ${target.bucket}` });
  }
}

async function inParts(file: LocalFile, target: UploadTarget, proceed: Proceed): Promise<Stored> {
  const { key, size, origin } = file;
  const onChunk = () => proceed(0);
  const ranges = await cutFile(file, partSizeFor(size), onChunk);
  return await uploadInParts({
    ...target,
    key,
    size,
    headers: origin.headers,
    ranges,
    bodyOf: (range, onBroken) => streamRange(file, range, { onChunk, onBroken }),
    proceed,
  });
}

async function streamed(file: LocalFile, target: UploadTarget, proceed: Proceed): Promise<Stored> {
  const stop = new AbortController();
  let broken: { readonly error: unknown } | undefined;
  const onBroken = (error: unknown) => {
    broken ??= { error };
    stop.abort();
  };
  const whole = { start: 0, size: file.size, sha256: file.fingerprint.content };
  const body = streamRange(file, whole, { onChunk: () => proceed(0), onBroken });
  try {
    return await put(file, target, body, stop.signal);
  } catch (error) {
    throw broken === undefined ? error : broken.error;
  } finally {
    // Ends what an early answer may have left half sent.
    stop.abort();
  }
}

async function put(
  file: LocalFile,
  { client, bucket, checksums }: UploadTarget,
  body: KnownBody,
  abortSignal?: AbortSignal,
): Promise<Stored> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: file.key,
    ...bodyInput(body),
    ...checksumOf(file.fingerprint.content, checksums),
    ...systemMetadata(file.origin.headers),
  });
  // Without options the client takes the middleware that it has resolved before.
  const answer = await (abortSignal === undefined
    ? client.send(command)
    : client.send(command, { abortSignal }));
  return storedFrom(answer);
}
