import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ListedObject } from "../core/drift.ts";
import { SlipwayError } from "../core/errors.ts";
import type { ObjectHeaders } from "../core/headers.ts";
import { compareKeys, type ObjectKey } from "../core/keys.ts";
import type { FileOrigin, SourceFile } from "../core/source.ts";
import type { ObjectStore, Removal, Stored } from "../ports.ts";
import { codeOf, toFailure } from "./failure.ts";
import { didMove, storedFrom } from "./s3-answers.ts";

export type S3ObjectStoreOptions = {
  readonly client: S3Client;
  readonly bucket: string;
};

type LocalFile = Extract<FileOrigin, { readonly kind: "file" }>;

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
      switch (file.origin.kind) {
        case "file":
          return await upload(file, file.origin);
        case "version":
          return await restore(file.key, file.origin.versionId);
      }
    },

    async replaceHeaders(key, headers, etag) {
      try {
        const answer = await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: key,
            CopySource: copySource(key),
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

    async list({ prefix, after, upTo }) {
      const objects: ListedObject[] = [];
      for await (const page of pagesOf(prefix, after)) {
        for (const { Key = "", Size: size = 0, ETag: etag = "" } of page) {
          if (upTo !== undefined && compareKeys(Key, upTo) > 0) return objects;
          objects.push({ key: Key as ObjectKey, size, etag });
        }
      }
      return objects;
    },

    async read(key) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        if (codeOf(error) === "NoSuchKey") return undefined;
        throw toFailure(error, attempt("GetObject"));
      }
    },
  };

  async function* pagesOf(prefix: string, after: string | undefined) {
    let token: string | undefined;
    do {
      const page = { Bucket: bucket, Prefix: prefix, StartAfter: after, ContinuationToken: token };
      const answer = await client.send(new ListObjectsV2Command(page)).catch((error: unknown) => {
        throw toFailure(error, attempt("ListBucket"));
      });
      yield answer.Contents ?? [];
      token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async function upload(file: SourceFile, { path, headers }: LocalFile): Promise<Stored> {
    const body = await bodyOf(file, path);
    try {
      const answer = await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: file.key,
          Body: body,
          ContentLength: file.size,
          // S3 compares it with what arrives, so a file that changes while it is read is refused.
          ChecksumSHA256: Buffer.from(file.fingerprint.content, "hex").toString("base64"),
          ...headersOf(headers),
        }),
      );
      return storedFrom(answer);
    } catch (error) {
      throw toFailure(error, attempt("PutObject"));
    }
  }

  /** Brings a version back as it was, bytes and headers, without sending either. */
  async function restore(key: ObjectKey, versionId: string): Promise<Stored> {
    try {
      const { CopyObjectResult, VersionId } = await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: key,
          CopySource: `${copySource(key)}?versionId=${encodeURIComponent(versionId)}`,
          MetadataDirective: "COPY",
        }),
      );
      return storedFrom({ ...CopyObjectResult, VersionId });
    } catch (error) {
      throw toFailure(error, attempt("GetObjectVersion"));
    }
  }

  /** The SDK sends it as it is given (WIRE CopyObject), so it is encoded here. */
  function copySource(key: ObjectKey): string {
    return `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  }

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

async function bodyOf(file: SourceFile, path: string) {
  try {
    if (file.size > IN_MEMORY_BYTES) return createReadStream(path);
    const bytes = await readFile(path);
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
