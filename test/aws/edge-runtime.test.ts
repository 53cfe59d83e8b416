import {
  CreateKeyValueStoreCommand,
  DescribeFunctionCommand,
  GetDistributionConfigCommand,
  GetResponseHeadersPolicyConfigCommand,
  UpdateFunctionCommand,
  UpdateResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudFrontClient } from "../../deploy/aws/clients.ts";
import { createEdgeRuntime } from "../../deploy/aws/edge-runtime.ts";
import { createRedirectStore } from "../../deploy/aws/redirect-store.ts";
import { createTrafficMeter, type TrafficMeter } from "../../deploy/aws/traffic.ts";
import type { Digest } from "../../deploy/core/keys.ts";
import { totalTraffic } from "../../deploy/core/traffic.ts";
import type { EdgeProgram } from "../../deploy/edge/program.ts";
import { formatProgram } from "../../deploy/edge/program-document.ts";
import type { EdgeRuntime } from "../../deploy/ports.ts";
import {
  type CloudFrontFixture,
  CREDENTIALS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";
import { failureOf } from "../support/failure.ts";
import { type Fate, type FaultyProxy, PASS, startFaultyProxy } from "../support/faulty-proxy.ts";

const REQUEST = "slipway-viewer-request";
/** The first of the two to be written. */
const RESPONSE = "slipway-viewer-response";
const PROGRAM: EdgeProgram = {
  viewerRequest: "function handler(event) { return event.request; } // wanted",
  viewerResponse: "function handler(event) { return event.response; } // wanted",
  store: new Map([["r/old", '[0,"/new/",301]']]),
  headersPolicy: { set: [{ name: "x-frame-options", value: "DENY", override: true }], remove: [] },
};

let api: CloudFrontFixture;
let proxy: FaultyProxy;
/** What happens to the first request that this matches, and to as many after it as are told. */
let fault: { readonly of: RegExp; readonly fates: Fate[] };
/** Runs before the first request that this matches. */
let meddling: { readonly before: RegExp; readonly run: () => Promise<unknown> } | undefined;
let runtime: EdgeRuntime;
let meter: TrafficMeter;

beforeEach(async () => {
  api = await startCloudFront();
  fault = { of: /^/, fates: [] };
  meddling = undefined;
  proxy = await startFaultyProxy(api.endpoint, ({ method, url }) =>
    fault.of.test(`${method} ${url}`) ? (fault.fates.shift() ?? PASS) : PASS,
  );
  const target = { region: "eu-west-1", credentials: CREDENTIALS, cdnEndpoint: proxy.url };
  const client = createCloudFrontClient(target);
  meter = createTrafficMeter();
  meter.watch(client);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      await meddleBefore(context.commandName ?? "");
      return await next(args);
    },
    { step: "initialize" },
  );
  runtime = createEdgeRuntime({
    client,
    distribution: DISTRIBUTION,
    openStore: async (arn, proceed) => {
      const table = createRedirectStore(target, arn, { proceed, meter });
      const update: typeof table.update = async (change) => {
        await meddleBefore(change.put.length > 0 ? "put" : "remove");
        await table.update(change);
      };
      return { entries: table.entries, update };
    },
  });
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await proxy.close();
  await api.close();
});

async function meddleBefore(step: string): Promise<void> {
  if (meddling?.before.test(step) !== true) return;
  const { run } = meddling;
  meddling = undefined;
  await run();
}

function publish(program: EdgeProgram) {
  return runtime.publish({ text: formatProgram(program), digest: "d" as Digest });
}

function openTable(arn: string) {
  const direct = { region: "eu-west-1", credentials: CREDENTIALS, cdnEndpoint: api.endpoint };
  return createRedirectStore(direct, arn);
}

function stage(Stage: "DEVELOPMENT" | "LIVE", Name = REQUEST) {
  return api.client.send(new DescribeFunctionCommand({ Name, Stage }));
}

async function tableAt(Stage: "DEVELOPMENT" | "LIVE"): Promise<string> {
  const { FunctionSummary } = await stage(Stage);
  const items = FunctionSummary?.FunctionConfig?.KeyValueStoreAssociations?.Items;
  return items?.[0]?.KeyValueStoreARN ?? "";
}

/** Somebody changes the draft by hand; `tables` are the stores that it reads afterwards. */
async function changeDraft(name: string, tables?: readonly string[]): Promise<void> {
  const { ETag, FunctionSummary } = await stage("DEVELOPMENT", name);
  const kept = FunctionSummary?.FunctionConfig?.KeyValueStoreAssociations;
  const Items = tables?.map((KeyValueStoreARN) => ({ KeyValueStoreARN }));
  const KeyValueStoreAssociations =
    Items === undefined ? kept : { Quantity: Items.length, Items: [...Items] };
  await api.client.send(
    new UpdateFunctionCommand({
      Name: name,
      IfMatch: ETag,
      FunctionConfig: { Comment: "", Runtime: "cloudfront-js-2.0", KeyValueStoreAssociations },
      FunctionCode: new TextEncoder().encode("function handler(event) { return event.request; }"),
    }),
  );
}

async function policyId(): Promise<string> {
  const get = new GetDistributionConfigCommand({ Id: DISTRIBUTION });
  const { DistributionConfig } = await api.client.send(get);
  return DistributionConfig?.DefaultCacheBehavior?.ResponseHeadersPolicyId ?? "";
}

async function changePolicy(change: { readonly Name?: string; readonly Comment?: string }) {
  const Id = await policyId();
  const get = new GetResponseHeadersPolicyConfigCommand({ Id });
  const { ETag, ResponseHeadersPolicyConfig } = await api.client.send(get);
  await api.client.send(
    new UpdateResponseHeadersPolicyCommand({
      Id,
      IfMatch: ETag,
      ResponseHeadersPolicyConfig: { Name: undefined, ...ResponseHeadersPolicyConfig, ...change },
    }),
  );
}

/** Everything of the program is what viewers meet. */
async function expectPublished(program: EdgeProgram): Promise<void> {
  expect(await publish(program)).toEqual({ kind: "published", changed: false });
  expect(await openTable(await tableAt("LIVE")).entries()).toEqual(program.store);
  expect(api.live().behaviors[0]?.headersPolicy?.set).toEqual(program.headersPolicy.set);
}

it("takes out of the table what it once wrote, and nothing that somebody else keeps there", async () => {
  await publish(PROGRAM);
  const table = openTable(await tableAt("LIVE"));
  await table.update({ put: [["somebody/else", "1"]], remove: [] });
  await publish({ ...PROGRAM, store: new Map([["r/other", '[0,"/new/",301]']]) });
  expect([...(await table.entries()).keys()].sort()).toEqual(["r/other", "somebody/else"]);
});

describe("when somebody else writes between what is read and what is written, it is read again", () => {
  it.each([
    ["of a function", /^UpdateFunction/, () => changeDraft(RESPONSE)],
    [
      "of a function that is about to be published",
      /^PublishFunction/,
      () => changeDraft(RESPONSE),
    ],
    ["of the headers policy", /^UpdateResponse/, () => changePolicy({ Comment: "by hand" })],
  ])("%s", async (_what, before, run) => {
    meddling = { before, run };
    expect(await publish(PROGRAM)).toEqual({ kind: "published", changed: true });
    expect(meddling).toBeUndefined();
    await expectPublished(PROGRAM);
  });

  it.each([
    ["entries are put in", /^put$/],
    ["entries are taken out", /^remove$/],
  ])("of the table, when %s", async (_step, before) => {
    const run = async () => {
      const theirs = openTable(await tableAt("LIVE"));
      await theirs.update({ put: [["r/theirs", "1"]], remove: [] });
    };
    meddling = { before, run };
    expect(await publish(PROGRAM)).toEqual({ kind: "published", changed: true });
    expect(meddling).toBeUndefined();
    await expectPublished(PROGRAM);
  });
});

describe("when the answer to a write is lost, the release goes on", () => {
  it.each([
    ["UpdateFunction", /^PUT .*\/function\/slipway-viewer-request$/],
    ["PublishFunction", /^POST .*\/publish$/],
    ["UpdateResponseHeadersPolicy", /^PUT .*\/response-headers-policy\//],
    ["UpdateKeys", /^POST \/key-value-stores\//],
  ])("%s", async (_action, of) => {
    fault = { of, fates: [{ kind: "lose-answer" }] };
    expect(await publish(PROGRAM)).toMatchObject({ kind: "published" });
    expect(fault.fates).toEqual([]);
    await expectPublished(PROGRAM);
  });
});

it("a table under throttling is asked more often than the SDK would by itself", async () => {
  const refusal: Fate = { kind: "refuse", status: 429, code: "ThrottlingException" };
  fault = { of: /^POST \/key-value-stores\//, fates: [refusal, refusal, refusal] };
  expect(await publish(PROGRAM)).toMatchObject({ kind: "published" });
  await expectPublished(PROGRAM);
});

it("whoever has lost the right to write stops before the next write, wherever that is", async () => {
  const lost = new Error("the lease is lost");
  const program = { ...PROGRAM, store: new Map([...Array(60).keys()].map((i) => [`r/${i}`, "1"])) };
  const document = { text: formatProgram(program), digest: "d" as Digest };
  for (let granted = 0; ; granted++) {
    let left = granted;
    let writes = 0;
    const proceed = async () => {
      writes = proxy.attempts.filter(({ method }) => method !== "GET").length;
      if (left-- <= 0) throw lost;
    };
    const end = await runtime.publish(document, proceed).catch((error: unknown) => error);
    if (end !== lost) {
      expect(granted).toBeGreaterThan(6);
      break;
    }
    expect(proxy.attempts.filter(({ method }) => method !== "GET")).toHaveLength(writes);
  }
  await expectPublished(program);
});

it("each of its requests is counted, those to the table too", async () => {
  await publish(PROGRAM);
  expect(totalTraffic(meter.read()).requests).toBe(proxy.attempts.length);
});

describe("a right that is missing is named, with what it is missing for", () => {
  it.each([
    ["GetDistributionConfig", /^GET .*\/distribution\//, `the distribution ${DISTRIBUTION}`],
    ["GetResponseHeadersPolicyConfig", /^GET .*policy/, "the response headers policy "],
    ["UpdateResponseHeadersPolicy", /^PUT .*policy/, "the response headers policy "],
    ["DescribeFunction", /^GET .*\/describe/, `the function ${REQUEST}`],
    ["GetFunction", /^GET .*\/function\/[\w-]+\?/, `the function ${RESPONSE}`],
    ["UpdateFunction", /^PUT .*\/function\//, `the function ${RESPONSE}`],
    ["PublishFunction", /^POST .*\/publish/, `the function ${RESPONSE}`],
  ])("cloudfront:%s", async (action, of, resource) => {
    fault = { of, fates: [{ kind: "refuse", status: 403, code: "AccessDenied" }] };
    const { kind, text } = await failureOf(publish(PROGRAM));
    expect(kind).toBe("cloud");
    expect(text.what).toContain(`cloudfront:${action} failed on ${resource}`);
    expect(text.why).toContain(`these credentials may not cloudfront:${action} on ${resource}`);
    expect(text.next).toContain(`Allow cloudfront:${action}`);
  });

  it.each([
    ["DescribeKeyValueStore", /^GET \/key-value-stores\/[^/]+$/],
    ["UpdateKeys", /^POST \/key-value-stores\//],
  ])("cloudfront-keyvaluestore:%s", async (action, of) => {
    fault = { of, fates: [{ kind: "refuse", status: 403, code: "AccessDeniedException" }] };
    const { kind, text } = await failureOf(publish(PROGRAM));
    const store = await tableAt("LIVE");
    expect(kind).toBe("cloud");
    expect(text.why).toBe(
      `these credentials may not cloudfront-keyvaluestore:${action} on the key value store ${store}`,
    );
  });
});

describe("the table of a function", () => {
  it("is asked for where rules need one and there is none", async () => {
    await changeDraft(REQUEST, []);
    const before = api.live();
    const { kind, text } = await failureOf(publish(PROGRAM));
    expect(kind).toBe("config");
    expect(text.what).toContain(`do not fit into the function ${REQUEST}`);
    expect(text.next).toContain("Associate a KeyValueStore");
    expect(api.live()).toBe(before);
  });

  it("is not needed where all rules are in the code", async () => {
    await changeDraft(REQUEST, []);
    expect(await publish({ ...PROGRAM, store: new Map() })).toMatchObject({ changed: true });
    expect(await tableAt("LIVE")).toBe("");
  });

  it("is the one that was associated last, and goes live with the program", async () => {
    await publish(PROGRAM);
    const create = new CreateKeyValueStoreCommand({ Name: "slipway-another" });
    const { KeyValueStore } = await api.client.send(create);
    await api.clock.move(10_000);
    const arn = KeyValueStore?.ARN ?? "";
    await changeDraft(REQUEST, [arn]);
    expect(await publish(PROGRAM)).toEqual({ kind: "published", changed: true });
    expect(await tableAt("LIVE")).toBe(arn);
    expect(await openTable(arn).entries()).toEqual(PROGRAM.store);
  });
});

it("a headers policy that is somebody else's is left alone, and so is all the rest", async () => {
  await changePolicy({ Name: "theirs" });
  const before = api.live();
  expect(await publish(PROGRAM)).toEqual({
    kind: "unmanaged",
    why: "its headers policy is not Slipway's",
  });
  expect(api.live()).toBe(before);
});
