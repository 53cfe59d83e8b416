import {
  CreateKeyValueStoreCommand,
  CreateResponseHeadersPolicyCommand,
  DeleteKeyValueStoreCommand,
  type DistributionConfig,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CloudFrontFixture,
  DEPLOYMENT_MS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";
import { listen, smuggle } from "../support/wire-bodies.ts";

let api: CloudFrontFixture;
beforeEach(async () => {
  api = await startCloudFront();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await api.close();
});

const ARN = `arn:aws:cloudfront::000000000000:distribution/${DISTRIBUTION}`;

async function read(): Promise<{ readonly config: DistributionConfig; readonly etag: string }> {
  const command = new GetDistributionConfigCommand({ Id: DISTRIBUTION });
  const { DistributionConfig: config, ETag: etag } = await api.client.send(command);
  if (config === undefined || etag === undefined) throw new Error("no configuration");
  return { config, etag };
}

const write = (config: DistributionConfig, etag: string | undefined) =>
  api.client.send(
    new UpdateDistributionCommand({
      Id: DISTRIBUTION,
      IfMatch: etag,
      DistributionConfig: config,
    }),
  );

/** Changes the configuration as a person with the SDK would. */
async function change(edit: (config: DistributionConfig) => Partial<DistributionConfig>) {
  const { config, etag } = await read();
  return write({ ...config, ...edit(config) }, etag);
}

const behavior = (
  config: DistributionConfig,
  edit: Partial<DistributionConfig["DefaultCacheBehavior"]>,
) => ({
  DefaultCacheBehavior: { ...config.DefaultCacheBehavior, ...edit } as NonNullable<
    DistributionConfig["DefaultCacheBehavior"]
  >,
});

describe("the first distribution", () => {
  it("runs the site's functions, its headers policy and its access control, and says so", async () => {
    const { config } = await read();
    expect(config).toMatchObject({
      DefaultCacheBehavior: {
        TargetOriginId: "site",
        CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        FunctionAssociations: {
          Items: [
            {
              EventType: "viewer-request",
              FunctionARN: "arn:aws:cloudfront::000000000000:function/slipway-viewer-request",
            },
            {
              EventType: "viewer-response",
              FunctionARN: "arn:aws:cloudfront::000000000000:function/slipway-viewer-response",
            },
          ],
        },
      },
      CacheTagConfig: { HeaderName: "x-amz-meta-cache-tag" },
    });
    expect(config.Origins?.Items?.[0]?.OriginAccessControlId).toMatch(/^E/);
    const [site] = api.live().behaviors;
    expect(site).toMatchObject({
      pathPattern: "*",
      compress: true,
      cachePolicy: { min: 1, default: 86_400, max: 31_536_000, gzip: true, brotli: true },
      viewerRequest: { name: "slipway-viewer-request" },
      viewerResponse: { name: "slipway-viewer-response" },
      headersPolicy: {
        remove: ["x-amz-version-id"],
        set: [
          { name: "strict-transport-security", value: "max-age=31536000", override: true },
          { name: "x-content-type-options", value: "nosniff", override: true },
          { name: "permissions-policy", value: "camera=()", override: true },
        ],
      },
    });
    expect(api.live()).toMatchObject({ cacheTagHeader: "x-amz-meta-cache-tag", enabled: true });
    expect(api.live().errorResponses.get(404)).toEqual({
      cachingMinTtl: 10,
      page: { path: "/404.html", status: 404 },
    });
  });

  it("is the same value until something changes", async () => {
    const before = api.live();
    await read();
    expect(api.live()).toBe(before);
    await change(() => ({ Comment: "changed" }));
    expect(api.live()).not.toBe(before);
  });

  it("sends /api/ to the API, uncached and with the viewer's headers", async () => {
    api = await api.restart({ apiOrigin: "http://127.0.0.1:3000/v1/" });
    const { config } = await read();
    expect(config.Origins?.Items?.[1]).toMatchObject({
      DomainName: "127.0.0.1",
      OriginPath: "/v1",
      CustomOriginConfig: { HTTPPort: 3000, HTTPSPort: 443, OriginProtocolPolicy: "http-only" },
    });
    const [first, last] = api.live().behaviors;
    expect(first).toMatchObject({
      pathPattern: "/api/*",
      origin: { kind: "custom", url: "http://127.0.0.1:3000", path: "/v1" },
      cachePolicy: { min: 0, default: 0, max: 0 },
      originRequest: "all-viewer-except-host",
      viewerRequest: undefined,
      headersPolicy: undefined,
    });
    expect([...(first?.allowedMethods ?? [])]).toHaveLength(7);
    expect(last?.pathPattern).toBe("*");
  });

  it("follows the environment's bucket and API from start to start, and nothing else", async () => {
    await change(() => ({ Comment: "mine" }));
    api = await api.restart({ apiOrigin: "http://127.0.0.1:3000", bucket: "another-bucket" });
    const first = await read();
    expect(first.config.Comment).toBe("mine");
    expect(first.config.Origins?.Items?.[0]?.DomainName).toMatch(/^another-bucket\.s3\./);
    api = await api.restart({ apiOrigin: "http://127.0.0.1:3000", bucket: "another-bucket" });
    expect(await read()).toEqual(first);
    api = await api.restart({ apiOrigin: "http://127.0.0.1:4000", bucket: "another-bucket" });
    const { config } = await read();
    expect(config.Origins?.Items?.map(({ Id }) => Id)).toEqual(["site", "api"]);
    expect(api.live().behaviors[0]?.origin).toMatchObject({ url: "http://127.0.0.1:4000" });
    api = await api.restart();
    const last = await read();
    expect(last.config.Origins?.Items?.map(({ Id }) => Id)).toEqual(["site"]);
    expect(last.config.CacheBehaviors).toEqual({ Quantity: 0 });
    expect(last.config.Comment).toBe("mine");
  });
});

describe("UpdateDistribution", () => {
  it("takes effect at once, and is told as under way for a moment", async () => {
    const { Distribution, ETag } = await change(() => ({ Enabled: false, DefaultRootObject: "" }));
    expect(Distribution?.Status).toBe("InProgress");
    expect(api.live()).toMatchObject({ enabled: false, defaultRootObject: "" });
    expect((await read()).etag).toBe(ETag);
    await api.clock.move(DEPLOYMENT_MS);
    const { Distribution: later } = await api.client.send(
      new GetDistributionCommand({ Id: DISTRIBUTION }),
    );
    expect(later?.Status).toBe("Deployed");
  });

  it("is read back as it was written, and survives a restart", async () => {
    const { config, etag } = await read();
    const wanted: DistributionConfig = {
      ...config,
      Comment: 'a & b < "c"',
      Aliases: { Quantity: 2, Items: ["a.example", "*.b.example"] },
      ViewerMtlsConfig: { Mode: "optional", TrustStoreConfig: { TrustStoreId: "ts" } },
    };
    const { ETag } = await write(wanted, etag);
    api = await api.restart();
    const again = await read();
    expect(again.etag).toBe(ETag);
    expect(again.config).toEqual(JSON.parse(JSON.stringify(wanted)));
  });

  it("changes behaviors, error pages and policies for viewers", async () => {
    await change((config) => ({
      ...behavior(config, {
        Compress: false,
        ViewerProtocolPolicy: "redirect-to-https",
        CachePolicyId: "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
        FunctionAssociations: { Quantity: 0 },
        ResponseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
      }),
      CustomErrorResponses: {
        Quantity: 1,
        Items: [{ ErrorCode: 503, ErrorCachingMinTTL: 0 }],
      },
      CacheTagConfig: undefined,
    }));
    const live = api.live();
    expect(live.behaviors[0]).toMatchObject({
      compress: false,
      viewerProtocolPolicy: "redirect-to-https",
      cachePolicy: { min: 1, gzip: false, brotli: false },
      viewerRequest: undefined,
      viewerResponse: undefined,
    });
    expect(live.behaviors[0]?.headersPolicy?.set.map(({ name }) => name)).toContain(
      "x-frame-options",
    );
    expect([...live.errorResponses]).toEqual([[503, { cachingMinTtl: 0, page: undefined }]]);
    expect(live.cacheTagHeader).toBeUndefined();
  });

  const item = (config: DistributionConfig) => config.Origins?.Items?.[0];
  const origin = (config: DistributionConfig, edit: object) => ({
    Origins: {
      Quantity: 1,
      Items: [{ ...item(config), ...edit }],
    } as DistributionConfig["Origins"],
  });
  const functionAt = (name: string, EventType = "viewer-request") => ({
    EventType: EventType as "viewer-request",
    FunctionARN: `arn:aws:cloudfront::000000000000:function/${name}`,
  });
  const errorPage = (edit: object) => ({
    CustomErrorResponses: {
      Quantity: 1,
      Items: [{ ErrorCode: 404, ...edit }],
    } as DistributionConfig["CustomErrorResponses"],
  });
  const slot = (name: string) => ({
    FunctionAssociations: { Quantity: 1, Items: [functionAt(name)] },
  });

  const REFUSED: readonly (readonly [
    string,
    (config: DistributionConfig) => Partial<DistributionConfig>,
    string,
    number,
  ])[] = [
    ["another CallerReference", () => ({ CallerReference: "x" }), "IllegalUpdate", 400],
    [
      "a wrong quantity",
      () => ({ Aliases: { Quantity: 2, Items: ["a"] } }),
      "InconsistentQuantities",
      400,
    ],
    [
      "an unknown cache policy",
      (c) => behavior(c, { CachePolicyId: "x" }),
      "NoSuchCachePolicy",
      404,
    ],
    ["no cache policy", (c) => behavior(c, { CachePolicyId: undefined }), "InvalidArgument", 400],
    [
      "an unknown origin request policy",
      (c) => behavior(c, { OriginRequestPolicyId: "x" }),
      "NoSuchOriginRequestPolicy",
      404,
    ],
    [
      "an unknown headers policy",
      (c) => behavior(c, { ResponseHeadersPolicyId: "x" }),
      "NoSuchResponseHeadersPolicy",
      404,
    ],
    ["an unknown function", (c) => behavior(c, slot("x")), "InvalidFunctionAssociation", 400],
    [
      "two functions for one event",
      (c) =>
        behavior(c, {
          FunctionAssociations: {
            Quantity: 2,
            Items: [functionAt("slipway-viewer-request"), functionAt("slipway-viewer-response")],
          },
        }),
      "InvalidFunctionAssociation",
      400,
    ],
    [
      "a function at the origin",
      (c) =>
        behavior(c, {
          FunctionAssociations: {
            Quantity: 1,
            Items: [functionAt("slipway-viewer-request", "origin-request")],
          },
        }),
      "InvalidFunctionAssociation",
      400,
    ],
    ["an unknown origin", (c) => behavior(c, { TargetOriginId: "x" }), "NoSuchOrigin", 404],
    [
      "an unknown access control",
      (c) => origin(c, { OriginAccessControlId: "EX" }),
      "InvalidOriginAccessControl",
      400,
    ],
    [
      "access control and identity at once",
      (c) =>
        origin(c, {
          S3OriginConfig: { OriginAccessIdentity: "origin-access-identity/cloudfront/E1" },
        }),
      "IllegalOriginAccessConfiguration",
      400,
    ],
    [
      "a bucket that is none",
      (c) => origin(c, { DomainName: "example.com" }),
      "InvalidOrigin",
      400,
    ],
    [
      "an origin path with a slash at its end",
      (c) => origin(c, { OriginPath: "/a/" }),
      "InvalidRelativePath",
      400,
    ],
    [
      "a default root object with a slash",
      () => ({ DefaultRootObject: "/a" }),
      "InvalidDefaultRootObject",
      400,
    ],
    ["an odd error code", () => errorPage({ ErrorCode: 418 }), "InvalidErrorCode", 400],
    [
      "an odd response code",
      () => errorPage({ ResponsePagePath: "/a", ResponseCode: "301" }),
      "InvalidResponseCode",
      400,
    ],
    ["a page without a code", () => errorPage({ ResponsePagePath: "/a" }), "InvalidArgument", 400],
    [
      "methods that do not go together",
      (c) => behavior(c, { AllowedMethods: { Quantity: 2, Items: ["GET", "POST"] } }),
      "InvalidArgument",
      400,
    ],
    [
      "an unknown protocol policy",
      (c) => behavior(c, { ViewerProtocolPolicy: "x" as "allow-all" }),
      "MalformedXML",
      400,
    ],
    ["a long comment", () => ({ Comment: "x".repeat(129) }), "InvalidArgument", 400],
    [
      "cookies in the cache key",
      (c) => behavior(c, { CachePolicyId: "83da9c7e-98b4-4e11-a168-04f0df8e2c65" }),
      "NotImplemented",
      501,
    ],
    [
      "CORS by a managed policy",
      (c) => behavior(c, { ResponseHeadersPolicyId: "60669652-455b-4ae9-85a4-c4c02393f86c" }),
      "NotImplemented",
      501,
    ],
  ];

  it.each(REFUSED)("refuses %s, and changes nothing", async (_rule, edit, name, status) => {
    const before = await read();
    await expect(change(edit)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status },
    });
    expect(await read()).toEqual(before);
  });

  it("wants the ETag of the current state", async () => {
    const { config, etag } = await read();
    const invalid = { name: "InvalidIfMatchVersion", $metadata: { httpStatusCode: 400 } };
    await expect(write(config, undefined)).rejects.toMatchObject(invalid);
    await expect(write(config, "nonsense")).rejects.toMatchObject(invalid);
    await write({ ...config, Comment: "first" }, etag);
    await expect(write({ ...config, Comment: "second" }, etag)).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    expect((await read()).config.Comment).toBe("first");
  });

  it("lets one of two that were made from the same state through", async () => {
    const { config, etag } = await read();
    const outcomes = await Promise.allSettled([
      write({ ...config, Comment: "one" }, etag),
      write({ ...config, Comment: "two" }, etag),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("meets a headers policy as soon as it exists", async () => {
    const { ResponseHeadersPolicy: policy } = await api.client.send(
      new CreateResponseHeadersPolicyCommand({
        ResponseHeadersPolicyConfig: {
          Name: "mine",
          CustomHeadersConfig: {
            Quantity: 1,
            Items: [{ Header: "X-Mine", Value: "yes", Override: false }],
          },
        },
      }),
    );
    await change((config) => behavior(config, { ResponseHeadersPolicyId: policy?.Id }));
    expect(api.live().behaviors[0]?.headersPolicy?.set).toEqual([
      { name: "x-mine", value: "yes", override: false },
    ]);
  });
});

describe("tags", () => {
  const list = async () => {
    const { Tags } = await api.client.send(new ListTagsForResourceCommand({ Resource: ARN }));
    return (Tags?.Items ?? []).map(({ Key, Value }) => `${Key}=${Value}`);
  };
  const tag = (Items: { readonly Key: string; readonly Value: string }[], Resource = ARN) =>
    api.client.send(new TagResourceCommand({ Resource, Tags: { Items } }));

  it("are added, replaced, taken away and kept", async () => {
    expect(await list()).toEqual([]);
    await tag([
      { Key: "site", Value: "a b" },
      { Key: "env", Value: "" },
    ]);
    await tag([{ Key: "env", Value: "prod" }]);
    await api.client.send(
      new UntagResourceCommand({ Resource: ARN, TagKeys: { Items: ["site", "other"] } }),
    );
    api = await api.restart();
    expect(await list()).toEqual(["env=prod"]);
  });

  it("come with a new store, and go with it", async () => {
    const { KeyValueStore: store, ETag } = await api.client.send(
      new CreateKeyValueStoreCommand({
        Name: "s",
        Tags: { Items: [{ Key: "a", Value: "b" }] },
      }),
    );
    const Resource = store?.ARN;
    const { Tags } = await api.client.send(new ListTagsForResourceCommand({ Resource }));
    expect(Tags?.Items).toEqual([{ Key: "a", Value: "b" }]);
    await api.client.send(new DeleteKeyValueStoreCommand({ Name: "s", IfMatch: ETag }));
    await expect(
      api.client.send(new ListTagsForResourceCommand({ Resource })),
    ).rejects.toMatchObject({ name: "NoSuchResource" });
  });

  it.each([
    ["a resource that is not there", ARN.replace(DISTRIBUTION, "E1"), "a", "NoSuchResource", 404],
    ["something else than an ARN", "E1", "a", "InvalidArgument", 400],
    ["a key of AWS", ARN, "aws:a", "InvalidTagging", 400],
  ])("are refused for %s", async (_rule, arn, Key, name, httpStatusCode) => {
    await expect(tag([{ Key, Value: "" }], arn)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode },
    });
  });
});

const NOVELTY = "<Novelty><Inner> a &amp;amp; b </Inner><Empty></Empty></Novelty>";

it("a field that nobody knows yet comes back where it was, byte for byte", async () => {
  const { etag } = await read();
  smuggle(api.client, NOVELTY, "<Comment>");
  const { config } = await read();
  await write(config, etag);
  const texts = listen(api.client);
  await api.client.send(new GetDistributionCommand({ Id: DISTRIBUTION })).catch(() => undefined);
  expect(texts.join()).toContain(`${NOVELTY}<Comment>`);
});
