import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ListedObject } from "../core/drift.ts";
import type { ObjectHeaders } from "../core/headers.ts";
import { compareKeys, type ObjectKey } from "../core/keys.ts";
import type { ConditionalWrite, ObjectStore, Removal, Stored } from "../ports.ts";
import { codeOf, toFailure } from "./failure.ts";
import type { Pace } from "./pace.ts";
import { type Checksums, didMove, storedFrom, systemMetadata } from "./s3-answers.ts";
import { uploadFile } from "./upload-file.ts";

export type S3ObjectStoreOptions = {
  readonly client: S3Client;
  readonly bucket: string;
  readonly checksums: Checksums;
  /** Sees the attempts of `client`, and so knows how many writes the bucket takes at once. */
  readonly pace: Pace;
};

/** S3-API "DeleteObjects": keys in one request. */
const BATCH = 1000;

/** The bucket over the AWS SDK. Every failure is a SlipwayError of kind "cloud" that names the right. */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const { client, bucket, pace } = options;
  const attempt = (action: string) => ({
    action: `s3:${action}`,
    resource: `the bucket ${bucket}`,
  });

  return {
    async putFile(file, proceed = always) {
      return await pace.run(async () => {
        await proceed(0);
        const { key, origin } = file;
        switch (origin.kind) {
          case "file":
            return await uploadFile({ ...file, origin }, options, proceed);
          case "version":
            return await restore(key, origin.versionId);
        }
      });
    },

    async replaceHeaders(key, update, proceed = always) {
      return await pace.run(async () => {
        await proceed(0);
        return await copyOnto(key, update);
      });
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

  async function copyOnto(
    key: ObjectKey,
    { headers, etag }: { readonly headers: ObjectHeaders; readonly etag: string },
  ): Promise<ConditionalWrite> {
    try {
      const answer = await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: key,
          CopySource: copySource(key),
          CopySourceIfMatch: etag,
          MetadataDirective: "REPLACE",
          ...systemMetadata(headers),
        }),
      );
      const { VersionId } = answer;
      return { kind: "written", stored: storedFrom({ ...answer.CopyObjectResult, VersionId }) };
    } catch (error) {
      if (didMove(error)) return { kind: "moved" };
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

async function always(): Promise<void> {
  // Nobody asked to be asked.
}
