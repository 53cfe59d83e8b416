import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { FoundBucket } from "../../core/setup/estate.ts";
import type { BucketEstate } from "../../estate-ports.ts";
import { regionOf, statusOf, toFailure } from "../failure.ts";
import { changeBucket } from "./bucket-changes.ts";
import { readBucketSettings } from "./bucket-settings.ts";

export type BucketPlace = {
  /** Knows raw documents (`exchangeRawDocuments`). */
  readonly client: S3Client;
  readonly bucket: string;
  readonly region: string;
};

/** The bucket's settings over the AWS SDK. Every failure is a SlipwayError of kind "cloud". */
export function createBucketEstate(place: BucketPlace): BucketEstate {
  return {
    async find(account) {
      const elsewhere = await lookFor(place, account);
      if (elsewhere !== undefined) return elsewhere;
      return { kind: "found", settings: await readBucketSettings(place) };
    },
    carryOut: (action) => changeBucket(action, place),
  };
}

type NotHere = Exclude<FoundBucket, { readonly kind: "found" }>;

/** Where the bucket is and whose, from one request. Undefined: here, and ours. */
async function lookFor(
  { client, bucket, region }: BucketPlace,
  account: string,
): Promise<NotHere | undefined> {
  try {
    const command = new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account });
    const { BucketRegion: where } = await client.send(command);
    return isOther(where, region) ? { kind: "elsewhere", region: where } : undefined;
  } catch (error) {
    const where = regionOf(error);
    const status = statusOf(error);
    if (status === 301 || isOther(where, region)) return { kind: "elsewhere", region: where };
    if (status === 404) return { kind: "absent" };
    if (status === 403) return { kind: "forbidden" };
    throw toFailure(error, { action: "s3:ListBucket", resource: `the bucket ${bucket}` });
  }
}

function isOther(where: string | undefined, region: string): boolean {
  return where !== undefined && where !== region;
}
