import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { DEFAULT_EDGE_CONFIG } from "../../deploy/edge/decide.ts";
import { createAwsListener } from "../../deploy/local/edge/aws-listener.ts";
import { openInvalidationFiles } from "../../deploy/local/edge/cloudfront/invalidation-files.ts";
import { createInvalidations } from "../../deploy/local/edge/cloudfront/invalidations.ts";
import { createCloudFrontService } from "../../deploy/local/edge/cloudfront/service.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { systemClock } from "../../deploy/local/system-clock.ts";
import { ManualClock } from "./manual-clock.ts";

export const DISTRIBUTION = "E0TESTDISTRIBUTION";
export const DELAY_MS = 300;

const CREDENTIALS = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };

export type CloudFrontFixture = {
  readonly client: CloudFrontClient;
  readonly clock: ManualClock;
  /** The paths of each invalidation that took effect, in order. */
  readonly effects: readonly (readonly string[])[];
  readonly faults: readonly unknown[];
  readonly folder: string;
  /** Ends it without a word and starts another one on the same folder, at the same time. */
  restart(): Promise<CloudFrontFixture>;
  close(): Promise<void>;
};

/** The CloudFront API behind the real listener, with an SDK client; invalidations keep the clock's time. */
export async function startCloudFront(kept?: {
  readonly folder: string;
  readonly clock: ManualClock;
}): Promise<CloudFrontFixture> {
  const folder = kept?.folder ?? (await mkdtemp(join(tmpdir(), "slipway-cloudfront-")));
  const clock = kept?.clock ?? new ManualClock();
  const effects: (readonly string[])[] = [];
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const invalidations = createInvalidations({
    ...(await openInvalidationFiles(folder)),
    clock,
    delayMs: DELAY_MS,
    takeEffect: (paths) => effects.push(paths),
    onFault,
  });
  const distribution = {
    id: DISTRIBUTION,
    bucket: "bucket",
    region: "eu-west-1",
    domainName: "127.0.0.1:8788",
    startedAt: clock.now(),
    config: DEFAULT_EDGE_CONFIG,
  };
  const server = createAwsListener({
    services: [createCloudFrontService({ distribution, invalidations, onFault })],
    credentials: CREDENTIALS,
    clock: systemClock,
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
    await invalidations.close();
  };
  return {
    client,
    clock,
    effects,
    faults,
    folder,
    async restart() {
      await stop();
      return startCloudFront({ folder, clock });
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
