import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { VersionStore } from "../ports.ts";
import { statusOf, toFailure } from "./failure.ts";

export type S3VersionStoreOptions = { readonly client: S3Client; readonly bucket: string };

/** The versions of a bucket over the AWS SDK. */
export function createS3VersionStore({ client, bucket }: S3VersionStoreOptions): VersionStore {
  return {
    async has(key, versionId) {
      try {
        await client.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        return true;
      } catch (error) {
        // A version that never was is 404; an id that S3 cannot read is 400 (S3-API "HeadObject").
        const status = statusOf(error);
        if (status === 404 || status === 400) return false;
        const resource = `the bucket ${bucket}`;
        throw toFailure(error, { action: "s3:GetObjectVersion", resource });
      }
    },
  };
}
