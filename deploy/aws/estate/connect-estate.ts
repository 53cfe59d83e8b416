import { STSClient } from "@aws-sdk/client-sts";
import type {
  Account,
  BucketEstate,
  Distributions,
  EdgeComparer,
  EdgeEstate,
} from "../../estate-ports.ts";
import { type AwsTarget, createCloudFrontClient, createS3Client } from "../clients.ts";
import { createEdgeComparer } from "../edge-comparer.ts";
import { createPace } from "../pace.ts";
import { createRetryStrategy, MAX_ATTEMPTS } from "../retries.ts";
import type { Checksums } from "../s3-answers.ts";
import type { Watch } from "../traffic.ts";
import { createAccount } from "./account.ts";
import { createBucketEstate } from "./bucket-estate.ts";
import { createDistributions } from "./distributions.ts";
import { createEdgeEstate } from "./edge-estate.ts";
import { exchangeRawDocuments } from "./raw-document.ts";

export type EstateAddress = {
  readonly aws: AwsTarget & { readonly checksums: Checksums };
  readonly bucket: string;
  /** Counts what is sent. */
  readonly watch?: Watch | undefined;
};

export type EstateConnection = {
  readonly account: Account;
  readonly bucket: BucketEstate;
  readonly edge: EdgeEstate;
  readonly distributions: Distributions;
  readonly comparer: EdgeComparer;
};

/** Makes the ports of an environment's infrastructure. Sends nothing. */
export function connectEstate({ aws, bucket, watch = () => {} }: EstateAddress): EstateConnection {
  const s3 = createS3Client(aws, createPace());
  const cloudFront = createCloudFrontClient(aws);
  exchangeRawDocuments(s3);
  exchangeRawDocuments(cloudFront);
  const { region, credentials } = aws;
  const openStore = async (arn: string) => {
    const { createRedirectStore } = await import("../redirect-store.ts");
    return createRedirectStore(aws, arn, { meter: { watch } });
  };
  const sts = new STSClient({
    region,
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: createRetryStrategy(),
    ...(credentials === undefined ? {} : { credentials }),
  });
  for (const client of [s3, cloudFront, sts]) watch(client);
  return {
    account: createAccount(sts),
    bucket: createBucketEstate({ client: s3, bucket, region }),
    edge: createEdgeEstate(cloudFront),
    distributions: createDistributions(cloudFront),
    comparer: createEdgeComparer({ client: cloudFront, openStore }),
  };
}
