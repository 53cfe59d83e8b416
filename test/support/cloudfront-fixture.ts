import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { EdgeProgram } from "../../deploy/edge/program.ts";
import { createAwsListener } from "../../deploy/local/edge/aws-listener.ts";
import { openControlPlane } from "../../deploy/local/edge/cloudfront/control-plane.ts";
import type { LiveDistribution } from "../../deploy/local/edge/live-distribution.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { systemClock } from "../../deploy/local/system-clock.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryOrigin } from "./memory-origin.ts";

export const DISTRIBUTION = "E0TESTDISTRIBUTION";
export const DELAY_MS = 300;
export const DEPLOYMENT_MS = 500;

export const CREDENTIALS = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };

export type CloudFrontFixture = {
  readonly client: CloudFrontClient;
  readonly endpoint: string;
  readonly clock: ManualClock;
  /** What viewers of this host would meet at this moment. */
  live(host?: string): LiveDistribution;
  /** The items of each invalidation that took effect, in order. */
  readonly effects: readonly (readonly string[])[];
  /** The distribution of each. */
  readonly invalidated: readonly string[];
  readonly faults: readonly unknown[];
  readonly folder: string;
  /** Ends it without a word and starts another one on the same folder, at the same time. */
  restart(options?: FixtureOptions): Promise<CloudFrontFixture>;
  close(): Promise<void>;
};

export type FixtureOptions = { readonly apiOrigin?: string; readonly bucket?: string };

const PROGRAM: EdgeProgram = {
  viewerRequest: "function handler(event) { return event.request; }",
  viewerResponse: "function handler(event) { return event.response; }",
  store: new Map([["r/older", '[0,"/new/",301]']]),
  headersPolicy: {
    set: [
      { name: "permissions-policy", value: "camera=()", override: true },
      { name: "strict-transport-security", value: "max-age=31536000", override: true },
      { name: "x-content-type-options", value: "nosniff", override: true },
    ],
    remove: ["x-amz-version-id"],
  },
};

/** The CloudFront API behind the real listener, with an SDK client; all but signatures keep the clock's time. */
export async function startCloudFront(
  kept?: { readonly folder: string; readonly clock: ManualClock } & FixtureOptions,
): Promise<CloudFrontFixture> {
  const folder = kept?.folder ?? (await mkdtemp(join(tmpdir(), "slipway-cloudfront-")));
  const clock = kept?.clock ?? new ManualClock();
  const effects: (readonly string[])[] = [];
  const invalidated: string[] = [];
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const origin = new MemoryOrigin();
  const controlPlane = await openControlPlane({
    directory: folder,
    id: DISTRIBUTION,
    bucket: kept?.bucket ?? "bucket",
    region: "eu-west-1",
    apiOrigin: kept?.apiOrigin === undefined ? undefined : new URL(kept.apiOrigin),
    program: PROGRAM,
    clock,
    domainName: () => "127.0.0.1:8788",
    origin: () => origin,
    invalidate(distribution, items) {
      effects.push(items);
      invalidated.push(distribution);
    },
    invalidationDelayMs: DELAY_MS,
    deploymentMs: DEPLOYMENT_MS,
    onFault,
  });
  if (kept === undefined) await clock.move(DEPLOYMENT_MS);
  const server = createAwsListener({
    services: controlPlane.services,
    credentials: CREDENTIALS,
    clock: systemClock,
    onFault,
  });
  const endpoint = await listenOnLoopback(server, 0);
  const client = new CloudFrontClient({
    endpoint,
    region: "us-east-1",
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  const stop = async () => {
    client.destroy();
    await closeServer(server, 0);
    await controlPlane.close();
  };
  return {
    client,
    endpoint,
    clock,
    live: (host) => controlPlane.live(host),
    effects,
    invalidated,
    faults,
    folder,
    async restart(options = {}) {
      await stop();
      return startCloudFront({ folder, clock, ...options });
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
