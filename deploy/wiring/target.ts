import type { AwsTarget } from "../aws/clients.ts";
import type { Checksums } from "../aws/s3-answers.ts";
import type { Environment } from "../config.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Traffic } from "../core/traffic.ts";
import { findEdge } from "../local/edge-presence.ts";
import type { Cdn, ObjectStore, StateStore } from "../ports.ts";

/** An environment, connected: its bucket, its CDN if it has one, and whether a deploy asks first. */
export type Target = {
  readonly store: ObjectStore;
  readonly state: StateStore;
  readonly cdn: Cdn | undefined;
  readonly asks: boolean;
  /** What was asked of the cloud so far. */
  readonly traffic: () => Traffic;
};

type Address = {
  readonly aws: AwsTarget & { readonly checksums: Checksums };
  readonly bucket: string;
  readonly distribution: string | undefined;
  readonly asks: boolean;
};

/** Makes the adapters for an environment. The AWS SDK is loaded here and nowhere earlier. */
export async function connect(environment: Environment, edgeDirectory: string): Promise<Target> {
  const { aws, bucket, distribution, asks } = addressOf(environment, edgeDirectory);
  const { checksums } = aws;
  const [clients, { createPace }, s3, s3State, { createCloudFrontCdn }, { createTrafficMeter }] =
    await Promise.all([
      import("../aws/clients.ts"),
      import("../aws/pace.ts"),
      import("../aws/s3-object-store.ts"),
      import("../aws/s3-state-store.ts"),
      import("../aws/cloudfront-cdn.ts"),
      import("../aws/traffic.ts"),
    ]);
  const meter = createTrafficMeter();
  const traffic = () => meter.read();
  const pace = createPace();
  const s3Client = clients.createS3Client(aws, pace);
  meter.watch(s3Client);
  const store = s3.createS3ObjectStore({ client: s3Client, bucket, checksums, pace });
  const state = s3State.createS3StateStore({ client: s3Client, bucket });
  if (distribution === undefined) return { store, state, cdn: undefined, asks, traffic };
  const client = clients.createCloudFrontClient(aws);
  meter.watch(client);
  return { store, state, cdn: createCloudFrontCdn({ client, distribution }), asks, traffic };
}

function addressOf(environment: Environment, edgeDirectory: string): Address {
  switch (environment.kind) {
    case "local":
      return localAddress(edgeDirectory);
    case "aws": {
      const { region, endpoint, cdnEndpoint, bucket, distribution } = environment;
      const aws = {
        region,
        checksums: endpoint === undefined ? ("sha256" as const) : ("none" as const),
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(cdnEndpoint === undefined ? {} : { cdnEndpoint }),
      };
      return { aws, bucket, distribution, asks: true };
    }
  }
}

function localAddress(edgeDirectory: string): Address {
  const edge = findEdge(edgeDirectory);
  if (edge === undefined) {
    throw new SlipwayError("cloud", {
      what: "The local edge is not running",
      why: "the environment is of kind local, and no edge of this project answers",
      next: "Start it in another terminal (slipway edge), or name another environment with --env.",
    });
  }
  const { region, apiUrl, accessKeyId, secretAccessKey, bucket, distribution } = edge;
  const credentials = { accessKeyId, secretAccessKey };
  const checksums = "sha256" as const;
  const aws = { region, checksums, endpoint: apiUrl, cdnEndpoint: apiUrl, credentials };
  return { aws, bucket, distribution, asks: false };
}
