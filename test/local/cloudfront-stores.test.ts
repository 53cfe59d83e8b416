import {
  CreateFunctionCommand,
  CreateKeyValueStoreCommand,
  DeleteKeyValueStoreCommand,
  DescribeKeyValueStoreCommand,
  GetDistributionConfigCommand,
  ListKeyValueStoresCommand,
  PublishFunctionCommand,
  UpdateDistributionCommand,
  UpdateKeyValueStoreCommand,
} from "@aws-sdk/client-cloudfront";
import {
  CloudFrontKeyValueStoreClient,
  DeleteKeyCommand,
  DescribeKeyValueStoreCommand as DescribeContentsCommand,
  GetKeyCommand,
  ListKeysCommand,
  PutKeyCommand,
  UpdateKeysCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";
import "@aws-sdk/signature-v4a";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CloudFrontFixture,
  CREDENTIALS,
  DEPLOYMENT_MS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";

let api: CloudFrontFixture;
let data: CloudFrontKeyValueStoreClient;
beforeEach(async () => {
  api = await startCloudFront();
  data = connect();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  data.destroy();
  await api.close();
});

/** For one region the SDK signs with plain SigV4. With a custom endpoint the SDK would put the account's id before its host. */
function connect(secretAccessKey = CREDENTIALS.secretAccessKey, set = "*") {
  const authSchemes = [
    {
      name: "sigv4a",
      signingName: "cloudfront-keyvaluestore",
      signingRegion: set,
      signingRegionSet: [set],
      properties: {},
    },
  ];
  return new CloudFrontKeyValueStoreClient({
    region: "us-east-1",
    credentials: { ...CREDENTIALS, secretAccessKey },
    maxAttempts: 1,
    endpointProvider: () => ({ url: new URL(api.endpoint), properties: { authSchemes } }),
  });
}

const refusal = (name: string, httpStatusCode: number) => ({
  name,
  $metadata: { httpStatusCode },
});

async function createStore(Name = "s"): Promise<string> {
  const { KeyValueStore: store } = await api.client.send(new CreateKeyValueStoreCommand({ Name }));
  await api.clock.move(DEPLOYMENT_MS);
  return store?.ARN ?? "";
}

const contents = (KvsARN: string) => data.send(new DescribeContentsCommand({ KvsARN }));
const etagOf = async (arn: string) => (await contents(arn)).ETag;
const put = async (KvsARN: string, Key: string, Value: string, IfMatch?: string) =>
  data.send(new PutKeyCommand({ KvsARN, Key, Value, IfMatch: IfMatch ?? (await etagOf(KvsARN)) }));
const get = async (KvsARN: string, Key: string) =>
  (await data.send(new GetKeyCommand({ KvsARN, Key }))).Value;
const numbered = (count: number, value = "v") =>
  Array.from({ length: count }, (_, i) => ({
    Key: `k${String(i).padStart(4, "0")}`,
    Value: value,
  }));
const update = async (
  KvsARN: string,
  change: {
    readonly Puts?: { Key: string; Value: string }[];
    readonly Deletes?: { Key: string }[];
  },
  etag?: string,
) =>
  data.send(new UpdateKeysCommand({ KvsARN, IfMatch: etag ?? (await etagOf(KvsARN)), ...change }));

describe("a key value store", () => {
  it("is provisioned for a moment, then ready", async () => {
    const made = await api.client.send(new CreateKeyValueStoreCommand({ Name: "s", Comment: "c" }));
    expect(made.KeyValueStore).toMatchObject({
      Name: "s",
      Comment: "c",
      Status: "PROVISIONING",
      ARN: `arn:aws:cloudfront::000000000000:key-value-store/${made.KeyValueStore?.Id}`,
    });
    const arn = made.KeyValueStore?.ARN ?? "";
    await expect(put(arn, "a", "b")).rejects.toMatchObject(refusal("ConflictException", 409));
    await api.clock.move(DEPLOYMENT_MS);
    const read = await api.client.send(new DescribeKeyValueStoreCommand({ Name: "s" }));
    expect(read).toMatchObject({ ETag: made.ETag, KeyValueStore: { Status: "READY" } });
    expect(await contents(arn)).toMatchObject({
      KvsARN: arn,
      ItemCount: 0,
      TotalSizeInBytes: 0,
      Status: "READY",
      Created: read.KeyValueStore?.LastModifiedTime,
    });
  });

  it("is described anew by the one who has its ETag", async () => {
    await createStore();
    const { ETag } = await api.client.send(new DescribeKeyValueStoreCommand({ Name: "s" }));
    const change = (IfMatch: string | undefined) =>
      api.client.send(new UpdateKeyValueStoreCommand({ Name: "s", Comment: "new", IfMatch }));
    const changed = await change(ETag);
    expect(changed.KeyValueStore?.Comment).toBe("new");
    await expect(change(ETag)).rejects.toMatchObject(refusal("PreconditionFailed", 412));
    await expect(change("?")).rejects.toMatchObject(refusal("InvalidIfMatchVersion", 400));
  });

  it("is listed, by status too", async () => {
    await api.client.send(new CreateKeyValueStoreCommand({ Name: "new" }));
    const names = async (input: object) => {
      const answer = await api.client.send(new ListKeyValueStoresCommand(input));
      return answer.KeyValueStoreList?.Items?.map(({ Name }) => Name) ?? [];
    };
    expect(await names({})).toEqual(["slipway-redirects", "new"]);
    expect(await names({ Status: "PROVISIONING" })).toEqual(["new"]);
    expect(await names({ MaxItems: 1, Marker: "slipway-redirects" })).toEqual(["new"]);
  });

  it.each([
    ["a name in use", { Name: "slipway-redirects" }, "EntityAlreadyExists", 409],
    ["an odd name", { Name: "a.b" }, "InvalidArgument", 400],
    [
      "an import, which is told",
      { Name: "s", ImportSource: { SourceType: "S3" as const, SourceARN: "arn:aws:s3:::b/k" } },
      "NotImplemented",
      501,
    ],
  ])("is refused for %s", async (_rule, input, name, status) => {
    await expect(api.client.send(new CreateKeyValueStoreCommand(input))).rejects.toMatchObject(
      refusal(name, status),
    );
  });

  it("is deleted unless a function has it", async () => {
    const arn = await createStore();
    const remove = async (Name: string) => {
      const { ETag } = await api.client.send(new DescribeKeyValueStoreCommand({ Name }));
      return api.client.send(new DeleteKeyValueStoreCommand({ Name, IfMatch: ETag }));
    };
    await remove("s");
    await expect(contents(arn)).rejects.toMatchObject(refusal("ResourceNotFoundException", 404));
    await expect(remove("s")).rejects.toMatchObject(refusal("EntityNotFound", 404));
    await expect(remove("slipway-redirects")).rejects.toMatchObject(
      refusal("CannotDeleteEntityWhileInUse", 409),
    );
  });
});

describe("its entries", () => {
  it("are put, read, deleted and kept, and each write gives the next ETag", async () => {
    const arn = await createStore();
    const key = "/ä b/%2F?x=1#~";
    const first = await put(arn, key, "välue\n");
    expect(first).toMatchObject({ ItemCount: 1, TotalSizeInBytes: 22 });
    const second = await put(arn, "b", "", first.ETag);
    api = await api.restart();
    data.destroy();
    data = connect();
    expect(await get(arn, key)).toBe("välue\n");
    expect(await get(arn, "b")).toBe("");
    const third = await data.send(
      new DeleteKeyCommand({ KvsARN: arn, Key: "b", IfMatch: second.ETag }),
    );
    expect(third.ItemCount).toBe(1);
    expect(await etagOf(arn)).toBe(third.ETag);
    await expect(get(arn, "b")).rejects.toMatchObject(refusal("ResourceNotFoundException", 404));
  });

  it("are changed by whoever knows their state, one at a time", async () => {
    const arn = await createStore();
    const etag = await etagOf(arn);
    const outcomes = await Promise.allSettled([put(arn, "a", "1", etag), put(arn, "b", "2", etag)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(put(arn, "a", "1", etag)).rejects.toMatchObject(refusal("ConflictException", 409));
    await expect(put(arn, "a", "1", "")).rejects.toMatchObject(refusal("ValidationException", 400));
  });

  it("are listed ten by ten, or fifty by fifty", async () => {
    const arn = await createStore();
    await update(arn, { Puts: numbered(50) });
    await update(arn, { Puts: [{ Key: "last", Value: "v" }] });
    const list = (input: { readonly MaxResults?: number; readonly NextToken?: string }) =>
      data.send(new ListKeysCommand({ KvsARN: arn, ...input }));
    expect((await list({})).Items).toHaveLength(10);
    const first = await list({ MaxResults: 50 });
    expect(first.Items).toHaveLength(50);
    const rest = await list({ MaxResults: 50, NextToken: first.NextToken ?? "" });
    expect(rest).toMatchObject({ Items: [{ Key: "last", Value: "v" }] });
    expect(rest.NextToken).toBeUndefined();
    for (const input of [{ MaxResults: 51 }, { MaxResults: 0 }, { NextToken: "?" }]) {
      await expect(list(input)).rejects.toMatchObject(refusal("ValidationException", 400));
    }
  });

  it("are changed together or not at all", async () => {
    const arn = await createStore();
    await update(arn, { Puts: numbered(2) });
    const etag = await etagOf(arn);
    const before = await contents(arn);
    await expect(
      update(arn, { Puts: [{ Key: "new", Value: "v" }], Deletes: [{ Key: "absent" }] }, etag),
    ).rejects.toMatchObject(refusal("ResourceNotFoundException", 404));
    expect(await contents(arn)).toMatchObject({ ETag: etag, ItemCount: before.ItemCount });
    const done = await update(arn, {
      Puts: [{ Key: "k0000", Value: "other" }],
      Deletes: [{ Key: "k0001" }],
    });
    expect(done.ItemCount).toBe(1);
    expect(await get(arn, "k0000")).toBe("other");
  });

  const QUOTA = ["ServiceQuotaExceededException", 402] as const;
  const INVALID = ["ValidationException", 400] as const;
  it.each([
    ["a key of 512 bytes", [{ Key: "k".repeat(512), Value: "" }], undefined],
    ["a key of 513 bytes", [{ Key: "k".repeat(513), Value: "" }], QUOTA],
    ["a value of 1,024 bytes", [{ Key: "k", Value: "ä".repeat(512) }], undefined],
    ["a value of 1,025 bytes", [{ Key: "k", Value: `${"ä".repeat(512)}v` }], QUOTA],
    ["50 keys", numbered(50), undefined],
    ["51 keys", numbered(51), QUOTA],
    ["no key", [], INVALID],
    ["a key twice", [...numbered(1), ...numbered(1)], INVALID],
  ] as const)("may be %s, or may not", async (_rule, puts, error) => {
    const arn = await createStore();
    const done = update(arn, { Puts: [...puts] });
    if (error === undefined) expect((await done).ItemCount).toBe(puts.length);
    else await expect(done).rejects.toMatchObject(refusal(error[0], error[1]));
  });

  it("of a store that is not there are not found", async () => {
    await expect(contents("arn:aws:cloudfront::1:key-value-store/x")).rejects.toMatchObject(
      refusal("ResourceNotFoundException", 404),
    );
  });

  it("are for those alone who hold the secret and sign with SigV4A", async () => {
    const arn = await createStore();
    for (const [client, name, status] of [
      [connect("wrong"), "SignatureDoesNotMatch", 403],
      [connect(undefined, "us-east-1"), "InvalidRequest", 400],
    ] as const) {
      await expect(client.send(new DescribeContentsCommand({ KvsARN: arn }))).rejects.toMatchObject(
        refusal(name, status),
      );
      client.destroy();
    }
  });
});

it("a function finds what was written before its run", async () => {
  const arn = await createStore();
  const code = `import cf from 'cloudfront';
    async function handler(event) {
      event.request.uri = await cf.kvs().get(event.request.uri);
      return event.request;
    }`;
  const { ETag } = await api.client.send(
    new CreateFunctionCommand({
      Name: "f",
      FunctionConfig: {
        Comment: "",
        Runtime: "cloudfront-js-2.0",
        KeyValueStoreAssociations: { Quantity: 1, Items: [{ KeyValueStoreARN: arn }] },
      },
      FunctionCode: new TextEncoder().encode(code),
    }),
  );
  const { FunctionSummary } = await api.client.send(
    new PublishFunctionCommand({ Name: "f", IfMatch: ETag }),
  );
  const read = await api.client.send(new GetDistributionConfigCommand({ Id: DISTRIBUTION }));
  const config = read.DistributionConfig;
  if (config?.DefaultCacheBehavior === undefined) throw new Error("no configuration");
  const FunctionARN = FunctionSummary?.FunctionMetadata?.FunctionARN;
  await api.client.send(
    new UpdateDistributionCommand({
      Id: DISTRIBUTION,
      IfMatch: read.ETag,
      DistributionConfig: {
        ...config,
        DefaultCacheBehavior: {
          ...config.DefaultCacheBehavior,
          FunctionAssociations: {
            Quantity: 1,
            Items: [{ EventType: "viewer-request", FunctionARN }],
          },
        },
      },
    }),
  );
  const uri = async () => {
    const event = {
      version: "1.0",
      context: {
        distributionDomainName: "d.example",
        distributionId: DISTRIBUTION,
        eventType: "viewer-request",
        requestId: "r",
      },
      viewer: { ip: "127.0.0.1" },
      request: { method: "GET", uri: "/a", querystring: {}, headers: {}, cookies: {} },
    } as const;
    const run = await api.live().behaviors[0]?.viewerRequest?.run(event);
    const outcome = run?.outcome;
    return outcome?.kind === "request" ? outcome.request.uri : outcome?.kind;
  };
  expect(await uri()).toBe("execution-error");
  await put(arn, "/a", "/one");
  expect(await uri()).toBe("/one");
  await put(arn, "/a", "/two");
  expect(await uri()).toBe("/two");
});
