import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { SlipwayError } from "../core/errors.ts";
import type { ObjectHeaders } from "../core/headers.ts";
import type { ObjectKey } from "../core/keys.ts";
import type { SourceFile } from "../core/source.ts";
import type {
  ConditionalWrite,
  ObjectStore,
  Removal,
  StateObject,
  Stored,
  WriteCondition,
} from "../ports.ts";
import { codeOf, statusOf, toFailure } from "./failure.ts";

export type S3ObjectStoreOptions = {
  readonly client: S3Client;
  readonly bucket: string;
};

/** Files up to here are read whole and sent in one shot; larger ones stream. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

/** S3-API "DeleteObjects": keys in one request. */
const BATCH = 1000;

/** The bucket over the AWS SDK. Every failure is a SlipwayError of kind "cloud" that names the right. */
export function createS3ObjectStore({ client, bucket }: S3ObjectStoreOptions): ObjectStore {
  const attempt = (action: string) => ({
    action: `s3:${action}`,
    resource: `the bucket ${bucket}`,
  });

  return {
    async putFile(file) {
      const body = await bodyOf(file);
      try {
        const answer = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: file.key,
            Body: body,
            ContentLength: file.size,
            // S3 compares it with what arrives, so a file that changes while it is read is refused.
            ChecksumSHA256: Buffer.from(file.fingerprint.content, "hex").toString("base64"),
            ...headersOf(file.headers),
          }),
        );
        return storedFrom(answer);
      } catch (error) {
        throw toFailure(error, attempt("PutObject"));
      }
    },

    async replaceHeaders(key, headers, etag) {
      try {
        const answer = await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: key,
            CopySource: `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
            CopySourceIfMatch: etag,
            MetadataDirective: "REPLACE",
            ...headersOf(headers),
          }),
        );
        const { VersionId } = answer;
        return { kind: "written", stored: storedFrom({ ...answer.CopyObjectResult, VersionId }) };
      } catch (error) {
        if (didMove(error)) return { kind: "moved" };
        throw toFailure(error, attempt("PutObject"));
      }
    },

    async remove(keys) {
      const fates: Removal[] = [];
      for (let start = 0; start < keys.length; start += BATCH) {
        const batch = keys.slice(start, start + BATCH);
        fates.push(...(await removeBatch(batch)));
      }
      return fates;
    },

    async readState(key): Promise<StateObject | undefined> {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        return { body, etag: answer.ETag ?? "" };
      } catch (error) {
        if (codeOf(error) === "NoSuchKey") return undefined;
        throw toFailure(error, attempt("GetObject"));
      }
    },

    async writeState(key, body, condition): Promise<ConditionalWrite> {
      try {
        const answer = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            ContentType: "application/json",
            ContentEncoding: "gzip",
            CacheControl: "no-store",
            ...(condition === undefined ? {} : preconditionOf(condition)),
          }),
        );
        return { kind: "written", stored: storedFrom(answer) };
      } catch (error) {
        if (condition !== undefined && didMove(error)) return { kind: "moved" };
        throw toFailure(error, attempt("PutObject"));
      }
    },
  };

  /** A 200 can still carry failures, key by key; what is not named as failed is gone. */
  async function removeBatch(keys: readonly ObjectKey[]): Promise<readonly Removal[]> {
    try {
      const answer = await client.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
        }),
      );
      const errors = new Map((answer.Errors ?? []).map((error) => [error.Key, error]));
      return keys.map((key): Removal => {
        const error = errors.get(key);
        if (error === undefined) return { key, kind: "removed" };
        const { Code: code = "Unknown", Message: message = "no reason given" } = error;
        return { key, kind: "failed", code, message };
      });
    } catch (error) {
      throw toFailure(error, attempt("DeleteObject"));
    }
  }
}

async function bodyOf(file: SourceFile) {
  try {
    if (file.size > IN_MEMORY_BYTES) return createReadStream(file.path);
    const bytes = await readFile(file.path);
    const digest = createHash("sha256").update(bytes).digest("hex");
    if (digest === file.fingerprint.content) return bytes;
  } catch (cause) {
    throw changed(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw changed(file, "its content is no longer what was scanned");
}

function changed(file: SourceFile, why: string, cause?: unknown): SlipwayError {
  const next = "Let the build finish before deploying, then deploy again.";
  const what = `${file.key} changed while it was being deployed`;
  return new SlipwayError("config", { what, why, next }, { cause });
}

function headersOf(headers: ObjectHeaders) {
  return {
    ContentType: headers.contentType,
    CacheControl: headers.cacheControl,
    ContentEncoding: headers.contentEncoding,
    ContentDisposition: headers.contentDisposition,
    ContentLanguage: headers.contentLanguage,
  };
}

function preconditionOf(condition: WriteCondition) {
  switch (condition.kind) {
    case "absent":
      return { IfNoneMatch: "*" };
    case "unchanged":
      return { IfMatch: condition.etag };
  }
}

/** 412: someone else wrote it; 404: someone removed it; 409: someone is writing right now. */
function didMove(error: unknown): boolean {
  const status = statusOf(error);
  return status === 412 || status === 409 || (status === 404 && codeOf(error) === "NoSuchKey");
}

function storedFrom(answer: {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}): Stored {
  const etag = answer.ETag ?? "";
  return answer.VersionId === undefined ? { etag } : { etag, versionId: answer.VersionId };
}
