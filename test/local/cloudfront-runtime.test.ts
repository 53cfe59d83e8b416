import {
  DescribeFunctionCommand,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEdgeRuntime } from "../../deploy/aws/edge-runtime.ts";
import { createRedirectStore } from "../../deploy/aws/redirect-store.ts";
import type { Digest } from "../../deploy/core/keys.ts";
import type { EdgeProgram } from "../../deploy/edge/program.ts";
import { formatProgram } from "../../deploy/edge/program-document.ts";
import {
  type CloudFrontFixture,
  CREDENTIALS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";

let api: CloudFrontFixture;
beforeEach(async () => {
  api = await startCloudFront();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await api.close();
});

const openStore = (arn: string) =>
  createRedirectStore(
    { region: "eu-west-1", credentials: CREDENTIALS, cdnEndpoint: api.endpoint },
    arn,
  );

async function storeEntries(): Promise<ReadonlyMap<string, string>> {
  const { FunctionSummary } = await api.client.send(
    new DescribeFunctionCommand({ Name: "slipway-viewer-request", Stage: "LIVE" }),
  );
  const stores = FunctionSummary?.FunctionConfig?.KeyValueStoreAssociations?.Items ?? [];
  return await openStore(stores[0]?.KeyValueStoreARN ?? "").entries();
}

function publish(program: EdgeProgram) {
  const runtime = createEdgeRuntime({
    client: api.client,
    distribution: DISTRIBUTION,
    openStore: async (arn) => openStore(arn),
  });
  return runtime.publish({ text: formatProgram(program), digest: "d" as Digest });
}

const entries = (count: number) =>
  new Map(Array.from({ length: count }, (_, i) => [`r/old/${i} ä/`, `/new/${i}/`]));

const program = (count: number): EdgeProgram => ({
  viewerRequest: `import cf from "cloudfront";
    async function handler(event) {
      event.request.uri = await cf.kvs().get(event.request.uri);
      return event.request;
    }`,
  viewerResponse: `function handler(event) { return event.response; } // ${count}`,
  store: entries(count),
  headersPolicy: {
    set: [
      { name: "content-security-policy", value: "default-src 'self'", override: true },
      { name: "x-count", value: String(count), override: false },
    ],
    remove: ["x-amz-storage-class", "x-amz-version-id"],
  },
});

it("a deploy's program is what viewers meet, with every entry of its table", async () => {
  expect(await publish(program(120))).toEqual({ kind: "published", changed: true });
  expect(await storeEntries()).toEqual(entries(120));
  const [site] = api.live().behaviors;
  expect(site?.headersPolicy).toEqual({
    remove: ["x-amz-storage-class", "x-amz-version-id"],
    set: [
      { name: "content-security-policy", value: "default-src 'self'", override: true },
      { name: "x-count", value: "120", override: false },
    ],
    serverTiming: undefined,
  });
  const run = await site?.viewerRequest?.run({
    version: "1.0",
    context: {
      distributionDomainName: "d.example",
      distributionId: DISTRIBUTION,
      eventType: "viewer-request",
      requestId: "r",
    },
    viewer: { ip: "127.0.0.1" },
    request: { method: "GET", uri: "r/old/119 ä/", querystring: {}, headers: {}, cookies: {} },
  });
  expect(run?.outcome).toMatchObject({ kind: "request", request: { uri: "/new/119/" } });
});

it("the same program is not written again, and a smaller one takes its entries away", async () => {
  await publish(program(60));
  const before = api.live();
  expect(await publish(program(60))).toEqual({ kind: "published", changed: false });
  expect(api.live()).toBe(before);
  await publish(program(3));
  expect(await storeEntries()).toEqual(entries(3));
});

it("a distribution without Slipway's functions is left alone", async () => {
  const { DistributionConfig: config, ETag } = await api.client.send(
    new GetDistributionConfigCommand({ Id: DISTRIBUTION }),
  );
  if (config?.DefaultCacheBehavior === undefined) throw new Error("no configuration");
  await api.client.send(
    new UpdateDistributionCommand({
      Id: DISTRIBUTION,
      IfMatch: ETag,
      DistributionConfig: {
        ...config,
        DefaultCacheBehavior: {
          ...config.DefaultCacheBehavior,
          FunctionAssociations: { Quantity: 0 },
        },
      },
    }),
  );
  expect(await publish(program(1))).toMatchObject({ kind: "unmanaged" });
});
