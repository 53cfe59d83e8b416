import type { Traffic } from "../core/traffic.ts";
import type { Cdn, ObjectStore, StateStore, VersionStore } from "../ports.ts";
import { type AwsTarget, createCloudFrontClient, createS3Client } from "./clients.ts";
import { createCloudFrontCdn } from "./cloudfront-cdn.ts";
import { createPace } from "./pace.ts";
import type { Checksums } from "./s3-answers.ts";
import { createS3ObjectStore } from "./s3-object-store.ts";
import { createS3StateStore } from "./s3-state-store.ts";
import { createS3VersionStore } from "./s3-version-store.ts";
import { createTrafficMeter } from "./traffic.ts";

/** One bucket and the distribution in front of it, if there is one. */
export type AwsAddress = {
  readonly aws: AwsTarget & { readonly checksums: Checksums };
  readonly bucket: string;
  readonly distribution: string | undefined;
};

export type AwsConnection = {
  readonly store: ObjectStore;
  readonly state: StateStore;
  readonly versions: VersionStore;
  readonly cdn: Cdn | undefined;
  /** What was asked of the cloud so far. */
  readonly traffic: () => Traffic;
};

/** Makes every port that AWS serves. Sends nothing. */
export function connectAws({ aws, bucket, distribution }: AwsAddress): AwsConnection {
  const meter = createTrafficMeter();
  const pace = createPace();
  const client = createS3Client(aws, pace);
  meter.watch(client);
  return {
    store: createS3ObjectStore({ client, bucket, checksums: aws.checksums, pace }),
    state: createS3StateStore({ client, bucket }),
    versions: createS3VersionStore({ client, bucket }),
    cdn: distribution === undefined ? undefined : connectCdn(aws, distribution),
    traffic: () => meter.read(),
  };

  function connectCdn(target: AwsTarget, id: string): Cdn {
    const cdnClient = createCloudFrontClient(target);
    meter.watch(cdnClient);
    return createCloudFrontCdn({ client: cdnClient, distribution: id });
  }
}
