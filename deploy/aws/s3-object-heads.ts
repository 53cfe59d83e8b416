import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectHeads } from "../estate-ports.ts";
import { statusOf, toFailure } from "./failure.ts";

/** The bucket's objects over the AWS SDK, without their bytes. */
export function createS3ObjectHeads({
  client,
  bucket,
}: {
  readonly client: S3Client;
  readonly bucket: string;
}): ObjectHeads {
  return {
    async head(key) {
      try {
        const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return { etag: answer.ETag ?? "", size: answer.ContentLength ?? 0 };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw toFailure(error, { action: "s3:GetObject", resource: `the bucket ${bucket}` });
      }
    },
  };
}
