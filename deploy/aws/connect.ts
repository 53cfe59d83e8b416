import type { Traffic } from "../core/traffic.ts";
import type { ObjectHeads } from "../estate-ports.ts";
import type { Cdn, EdgeRuntime, ObjectStore, StateStore, VersionStore } from "../ports.ts";
import { type AwsTarget, createCloudFrontClient, createS3Client } from "./clients.ts";
import { createCloudFrontCdn } from "./cloudfront-cdn.ts";
import { createEdgeRuntime, type EdgeRuntimeOptions } from "./edge-runtime.ts";
import { createPace } from "./pace.ts";
import type { Checksums } from "./s3-answers.ts";
import { createS3ObjectHeads } from "./s3-object-heads.ts";
import { createS3ObjectStore } from "./s3-object-store.ts";
import { createS3StateStore } from "./s3-state-store.ts";
import { createS3VersionStore } from "./s3-version-store.ts";
import { createTrafficMeter, type Watch } from "./traffic.ts";

/** One bucket and the distribution in front of it, if there is one. */
export type AwsAddress = {
  readonly aws: AwsTarget & { readonly checksums: Checksums };
  readonly bucket: string;
  readonly distribution: string | undefined;
};

export type CdnConnection = { readonly cdn: Cdn; readonly edge: EdgeRuntime };

export type AwsConnection = {
  readonly store: ObjectStore;
  readonly state: StateStore;
  readonly versions: VersionStore;
  readonly cdn: Cdn | undefined;
  readonly edge: EdgeRuntime | undefined;
  /** The same for a distribution that becomes known later. */
  readonly connectCdn: (distribution: string) => CdnConnection;
  readonly heads: ObjectHeads;
  /** What was asked of the cloud so far. */
  readonly traffic: () => Traffic;
  /** Counts what another client sends among it. */
  readonly watch: Watch;
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
    heads: createS3ObjectHeads({ client, bucket }),
    ...(distribution === undefined
      ? { cdn: undefined, edge: undefined }
      : connectCdn(distribution)),
    connectCdn,
    traffic: () => meter.read(),
    watch: meter.watch,
  };

  function connectCdn(id: string): CdnConnection {
    const cdnClient = createCloudFrontClient(aws);
    meter.watch(cdnClient);
    const at = { client: cdnClient, distribution: id };
    // Loaded when a function has a table to read: its signer alone costs more than all the rest.
    const openStore: EdgeRuntimeOptions["openStore"] = async (arn, proceed) => {
      const { createRedirectStore } = await import("./redirect-store.ts");
      return createRedirectStore(aws, arn, { proceed, meter });
    };
    return { cdn: createCloudFrontCdn(at), edge: createEdgeRuntime({ ...at, openStore }) };
  }
}
