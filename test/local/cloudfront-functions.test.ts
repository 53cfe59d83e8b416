import {
  CreateFunctionCommand,
  CreateKeyValueStoreCommand,
  DeleteFunctionCommand,
  DescribeFunctionCommand,
  type FunctionConfig,
  GetDistributionConfigCommand,
  GetFunctionCommand,
  ListFunctionsCommand,
  PublishFunctionCommand,
  TestFunctionCommand,
  UpdateDistributionCommand,
  UpdateFunctionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CloudFrontFixture,
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

const bytes = (text: string) => new TextEncoder().encode(text);
const CODE = "function handler(event) { return event.request; }";
const config = (edit: Partial<FunctionConfig> = {}): FunctionConfig => ({
  Comment: "c",
  Runtime: "cloudfront-js-2.0",
  ...edit,
});

const create = (Name: string, code = CODE, edit: Partial<FunctionConfig> = {}) =>
  api.client.send(
    new CreateFunctionCommand({ Name, FunctionConfig: config(edit), FunctionCode: bytes(code) }),
  );
const update = (Name: string, IfMatch: string | undefined, code = CODE) =>
  api.client.send(
    new UpdateFunctionCommand({
      Name,
      IfMatch,
      FunctionConfig: config(),
      FunctionCode: bytes(code),
    }),
  );
const publish = (Name: string, IfMatch: string | undefined) =>
  api.client.send(new PublishFunctionCommand({ Name, IfMatch }));
const describeStage = (Name: string, Stage: "LIVE" | "DEVELOPMENT") =>
  api.client.send(new DescribeFunctionCommand({ Name, Stage }));
const codeOf = async (Name: string, Stage: "LIVE" | "DEVELOPMENT") => {
  const { FunctionCode } = await api.client.send(new GetFunctionCommand({ Name, Stage }));
  return new TextDecoder().decode(FunctionCode);
};

describe("a function", () => {
  it("is made in its development stage, and is not for viewers yet", async () => {
    const { ETag, Location, FunctionSummary, $metadata } = await create("f");
    expect($metadata.httpStatusCode).toBe(201);
    expect(Location).toMatch(/\/2020-05-31\/function\/f$/);
    expect(FunctionSummary).toMatchObject({
      Name: "f",
      Status: "UNPUBLISHED",
      FunctionConfig: { Comment: "c", Runtime: "cloudfront-js-2.0" },
      FunctionMetadata: {
        FunctionARN: "arn:aws:cloudfront::000000000000:function/f",
        Stage: "DEVELOPMENT",
        LastModifiedTime: api.clock.now(),
      },
    });
    expect((await describeStage("f", "DEVELOPMENT")).ETag).toBe(ETag);
    const absent = { name: "NoSuchFunctionExists", $metadata: { httpStatusCode: 404 } };
    await expect(describeStage("f", "LIVE")).rejects.toMatchObject(absent);
    await expect(codeOf("f", "LIVE")).rejects.toMatchObject(absent);
  });

  it("keeps its code byte for byte", async () => {
    const code = 'function handler(e) { return "<&ü\u0000]]>\\r\r\n"; }';
    await create("f", code);
    expect(await codeOf("f", "DEVELOPMENT")).toBe(code);
  });

  it("that is updated runs the old code until it is published", async () => {
    const { ETag } = await create("f", "function handler() { return 1; }");
    const published = await publish("f", ETag);
    expect(published.FunctionSummary).toMatchObject({
      Status: "UNASSOCIATED",
      FunctionMetadata: { Stage: "LIVE" },
    });
    const updated = await update("f", ETag, "function handler() { return 2; }");
    expect(updated.ETag).not.toBe(ETag);
    expect(await codeOf("f", "LIVE")).toContain("1");
    expect(await codeOf("f", "DEVELOPMENT")).toContain("2");
    await publish("f", updated.ETag);
    expect(await codeOf("f", "LIVE")).toContain("2");
    api = await api.restart();
    expect(await codeOf("f", "LIVE")).toContain("2");
  });

  it("wants the ETag of its development stage for every change", async () => {
    const { ETag } = await create("f");
    const { ETag: next } = await update("f", ETag);
    const stale = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };
    const invalid = { name: "InvalidIfMatchVersion", $metadata: { httpStatusCode: 400 } };
    for (const change of [
      (etag: string | undefined) => update("f", etag),
      (etag: string | undefined) => publish("f", etag),
      (IfMatch: string | undefined) =>
        api.client.send(new DeleteFunctionCommand({ Name: "f", IfMatch })),
    ]) {
      await expect(change(ETag)).rejects.toMatchObject(stale);
      await expect(change(undefined)).rejects.toMatchObject(invalid);
    }
    await api.client.send(new DeleteFunctionCommand({ Name: "f", IfMatch: next }));
    await expect(describeStage("f", "DEVELOPMENT")).rejects.toMatchObject({
      name: "NoSuchFunctionExists",
    });
  });

  it("may have 10 KB, and not a byte more", async () => {
    await create("f", "x".repeat(10_240));
    await expect(create("g", "x".repeat(10_241))).rejects.toMatchObject({
      name: "FunctionSizeLimitExceeded",
      $metadata: { httpStatusCode: 413 },
    });
  });

  it.each([
    ["an odd name", "a b", {}, "InvalidArgument"],
    ["an unknown runtime", "g", { Runtime: "node" as "cloudfront-js-2.0" }, "MalformedXML"],
    [
      "a store that is not there",
      "g",
      {
        KeyValueStoreAssociations: {
          Quantity: 1,
          Items: [{ KeyValueStoreARN: "arn:aws:cloudfront::000000000000:key-value-store/x" }],
        },
      },
      "InvalidArgument",
    ],
    [
      "a wrong quantity",
      "g",
      { KeyValueStoreAssociations: { Quantity: 1 } },
      "InconsistentQuantities",
    ],
  ])("is refused for %s", async (_rule, name, edit, error) => {
    await expect(create(name, CODE, edit)).rejects.toMatchObject({
      name: error,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("has a name of its own", async () => {
    await create("f");
    await expect(create("f")).rejects.toMatchObject({
      name: "FunctionAlreadyExists",
      $metadata: { httpStatusCode: 409 },
    });
  });

  it("may have one store, and only in runtime 2.0", async () => {
    const stores = await Promise.all(
      ["one", "two"].map(async (Name) => {
        const { KeyValueStore } = await api.client.send(new CreateKeyValueStoreCommand({ Name }));
        return { KeyValueStoreARN: KeyValueStore?.ARN };
      }),
    );
    const associated = (items: typeof stores) => ({
      KeyValueStoreAssociations: { Quantity: items.length, Items: items },
    });
    await expect(create("f", CODE, associated(stores))).rejects.toMatchObject({
      name: "InvalidArgument",
    });
    const old = { ...associated(stores.slice(0, 1)), Runtime: "cloudfront-js-1.0" as const };
    await expect(create("f", CODE, old)).rejects.toMatchObject({ name: "InvalidArgument" });
    const { FunctionSummary } = await create("f", CODE, associated(stores.slice(0, 1)));
    expect(FunctionSummary?.FunctionConfig?.KeyValueStoreAssociations).toEqual({
      Quantity: 1,
      Items: stores.slice(0, 1),
    });
  });
});

describe("the list of functions", () => {
  it("has a stage's, page by page", async () => {
    await create("f");
    const list = async (input: object) => {
      const { FunctionList } = await api.client.send(new ListFunctionsCommand(input));
      return FunctionList;
    };
    const names = async (input: object) => (await list(input))?.Items?.map(({ Name }) => Name);
    expect(await names({})).toEqual(["slipway-viewer-request", "slipway-viewer-response", "f"]);
    expect(await names({ Stage: "LIVE" })).toEqual([
      "slipway-viewer-request",
      "slipway-viewer-response",
    ]);
    const first = await list({ MaxItems: 2 });
    expect(first).toMatchObject({ Quantity: 2, MaxItems: 2 });
    expect(await names({ MaxItems: 2, Marker: first?.NextMarker })).toEqual(["f"]);
    await expect(list({ Stage: "TEST" })).rejects.toMatchObject({ name: "MalformedXML" });
  });
});

describe("a distribution and its functions", () => {
  const read = () => api.client.send(new GetDistributionConfigCommand({ Id: DISTRIBUTION }));
  async function associate(name: string) {
    const { DistributionConfig: found, ETag } = await read();
    if (found?.DefaultCacheBehavior === undefined) throw new Error("no configuration");
    const FunctionARN = `arn:aws:cloudfront::000000000000:function/${name}`;
    const Items = [{ EventType: "viewer-request", FunctionARN } as const];
    return api.client.send(
      new UpdateDistributionCommand({
        Id: DISTRIBUTION,
        IfMatch: ETag,
        DistributionConfig: {
          ...found,
          DefaultCacheBehavior: {
            ...found.DefaultCacheBehavior,
            FunctionAssociations: { Quantity: 1, Items },
          },
        },
      }),
    );
  }
  const uriOf = async (uri: string) => {
    const run = await api.live().behaviors[0]?.viewerRequest?.run({
      version: "1.0",
      context: {
        distributionDomainName: "d.example",
        distributionId: DISTRIBUTION,
        eventType: "viewer-request",
        requestId: "r",
      },
      viewer: { ip: "127.0.0.1" },
      request: { method: "GET", uri, querystring: {}, headers: {}, cookies: {} },
    });
    const outcome = run?.outcome;
    return outcome?.kind === "request" ? outcome.request.uri : outcome?.kind;
  };
  const rewriting = (uri: string) =>
    `function handler(event) { event.request.uri = "${uri}"; return event.request; }`;

  it("needs a published one", async () => {
    const { ETag } = await create("f");
    await expect(associate("f")).rejects.toMatchObject({
      name: "InvalidFunctionAssociation",
      $metadata: { httpStatusCode: 400 },
    });
    await publish("f", ETag);
    await associate("f");
    expect((await describeStage("f", "LIVE")).FunctionSummary?.Status).toBe("DEPLOYED");
  });

  it("runs what is published, from the moment it is", async () => {
    const { ETag } = await create("f", rewriting("/one"));
    await publish("f", ETag);
    await associate("f");
    expect(await uriOf("/")).toBe("/one");
    const { ETag: next } = await update("f", ETag, rewriting("/two"));
    expect(await uriOf("/")).toBe("/one");
    await publish("f", next);
    expect(await uriOf("/")).toBe("/two");
    api = await api.restart();
    expect(await uriOf("/")).toBe("/two");
  });

  it("keep each other: a function in use is not deleted", async () => {
    const { ETag } = await describeStage("slipway-viewer-request", "DEVELOPMENT");
    const remove = new DeleteFunctionCommand({ Name: "slipway-viewer-request", IfMatch: ETag });
    await expect(api.client.send(remove)).rejects.toMatchObject({
      name: "FunctionInUse",
      $metadata: { httpStatusCode: 409 },
    });
  });
});

describe("TestFunction", () => {
  const EVENT = {
    version: "1.0",
    context: { eventType: "viewer-request" },
    viewer: { ip: "1.2.3.4" },
    request: { method: "GET", uri: "/a", querystring: {}, headers: {}, cookies: {} },
  };
  const run = (IfMatch: string | undefined, event: unknown) =>
    api.client.send(
      new TestFunctionCommand({
        Name: "f",
        IfMatch,
        Stage: "DEVELOPMENT",
        EventObject: bytes(typeof event === "string" ? event : JSON.stringify(event)),
      }),
    );

  it("tells what the code returns and logs", async () => {
    const code =
      'function handler(e) { console.log("ip " + e.viewer.ip); e.request.uri = "/b"; return e.request; }';
    const { ETag } = await create("f", code);
    const { TestResult } = await run(ETag, EVENT);
    expect(TestResult?.FunctionExecutionLogs?.join()).toContain("ip 1.2.3.4");
    expect(TestResult?.FunctionErrorMessage).toBe("");
    expect(JSON.parse(TestResult?.FunctionOutput ?? "")).toMatchObject({
      request: { uri: "/b", method: "GET" },
    });
    expect(TestResult?.FunctionSummary?.Name).toBe("f");
  });

  it("tells the message of code that fails", async () => {
    const { ETag } = await create("f", 'function handler() { throw new Error("no"); }');
    const { TestResult } = await run(ETag, EVENT);
    expect(TestResult?.FunctionErrorMessage).toContain("no");
    expect(TestResult?.FunctionOutput).toBe("");
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["an event without a request", { version: "1.0" }],
  ])("refuses %s", async (_rule, event) => {
    const { ETag } = await create("f");
    await expect(run(ETag, event)).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(run("E000000", EVENT)).rejects.toMatchObject({ name: "PreconditionFailed" });
  });
});
