import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { StateStore, WriteCondition } from "../ports.ts";
import { codeOf, statusOf, toFailure } from "./failure.ts";
import { didMove, storedFrom } from "./s3-answers.ts";

export type S3StateStoreOptions = { readonly client: S3Client; readonly bucket: string };

/** Slipway's own records over the AWS SDK, by the conditional requests of S3 (aws-facts 1.2). */
export function createS3StateStore({ client, bucket }: S3StateStoreOptions): StateStore {
  const attempt = (action: string) => ({
    action: `s3:${action}`,
    resource: `the bucket ${bucket}`,
  });

  return {
    async read(key, known) {
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: known });
        const answer = await client.send(command);
        const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        return { kind: "found", body, etag: answer.ETag ?? "" };
      } catch (error) {
        if (codeOf(error) === "NoSuchKey") return { kind: "absent" };
        if (statusOf(error) === 304) return { kind: "unchanged" };
        throw toFailure(error, attempt("GetObject"));
      }
    },

    async write(key, body, condition) {
      try {
        const answer = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            ContentType: "application/json",
            ContentEncoding: "gzip",
            CacheControl: "no-store",
            ...preconditionOf(condition),
          }),
        );
        return { kind: "written", stored: storedFrom(answer) };
      } catch (error) {
        if (didMove(error)) return { kind: "moved" };
        throw toFailure(error, attempt("PutObject"));
      }
    },

    async remove(key, etag) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
        return true;
      } catch (error) {
        if (didMove(error)) return false;
        throw toFailure(error, attempt("DeleteObject"));
      }
    },
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
