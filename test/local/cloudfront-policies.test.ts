import {
  CreateOriginAccessControlCommand,
  CreateResponseHeadersPolicyCommand,
  DeleteOriginAccessControlCommand,
  DeleteResponseHeadersPolicyCommand,
  GetCachePolicyCommand,
  GetCachePolicyConfigCommand,
  GetDistributionConfigCommand,
  GetOriginAccessControlCommand,
  GetOriginAccessControlConfigCommand,
  GetOriginRequestPolicyCommand,
  GetResponseHeadersPolicyCommand,
  GetResponseHeadersPolicyConfigCommand,
  ListCachePoliciesCommand,
  ListOriginAccessControlsCommand,
  ListOriginRequestPoliciesCommand,
  ListResponseHeadersPoliciesCommand,
  type OriginAccessControlConfig,
  type ResponseHeadersPolicyConfig,
  UpdateOriginAccessControlCommand,
  UpdateResponseHeadersPolicyCommand,
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

const refusal = (name: string, httpStatusCode: number) => ({
  name,
  $metadata: { httpStatusCode },
});

async function behaviorInUse() {
  const { DistributionConfig } = await api.client.send(
    new GetDistributionConfigCommand({ Id: DISTRIBUTION }),
  );
  return {
    headersPolicy: DistributionConfig?.DefaultCacheBehavior?.ResponseHeadersPolicyId,
    accessControl: DistributionConfig?.Origins?.Items?.[0]?.OriginAccessControlId,
  };
}

describe("a response headers policy", () => {
  const custom = (...names: readonly string[]) => ({
    Quantity: names.length,
    Items: names.map((Header) => ({ Header, Value: "v", Override: true })),
  });
  const removed = (...names: readonly string[]) => ({
    Quantity: names.length,
    Items: names.map((Header) => ({ Header })),
  });
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => `x-${i}`);
  const csp = (length: number) => ({
    ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: "c".repeat(length) },
  });
  const create = (ResponseHeadersPolicyConfig: ResponseHeadersPolicyConfig) =>
    api.client.send(new CreateResponseHeadersPolicyCommand({ ResponseHeadersPolicyConfig }));

  const FULL: ResponseHeadersPolicyConfig = {
    Name: "full",
    Comment: "all of it",
    SecurityHeadersConfig: {
      XSSProtection: { Override: false, Protection: true, ModeBlock: true },
      FrameOptions: { Override: true, FrameOption: "DENY" },
      ReferrerPolicy: { Override: true, ReferrerPolicy: "no-referrer" },
      ContentTypeOptions: { Override: true },
      StrictTransportSecurity: {
        Override: true,
        IncludeSubdomains: true,
        Preload: true,
        AccessControlMaxAgeSec: 1,
      },
      ...csp(1_783),
    },
    ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 12.5 },
    CustomHeadersConfig: custom(...numbered(10)),
    RemoveHeadersConfig: removed("Server", "x-amz-version-id"),
  };

  it("is read back as it was written, alone and in the list", async () => {
    const { ResponseHeadersPolicy: policy, ETag, Location } = await create(FULL);
    const Id = policy?.Id ?? "";
    expect(Location).toMatch(new RegExp(`/2020-05-31/response-headers-policy/${Id}$`));
    const read = await api.client.send(new GetResponseHeadersPolicyCommand({ Id }));
    expect(read).toMatchObject({ ETag, ResponseHeadersPolicy: policy });
    expect(policy?.ResponseHeadersPolicyConfig).toEqual(FULL);
    api = await api.restart();
    const again = await api.client.send(new GetResponseHeadersPolicyConfigCommand({ Id }));
    expect(again).toMatchObject({ ETag, ResponseHeadersPolicyConfig: FULL });
    const { ResponseHeadersPolicyList: list } = await api.client.send(
      new ListResponseHeadersPoliciesCommand({ Type: "custom" }),
    );
    expect(list?.Items?.map(({ Type }) => Type)).toEqual(["custom", "custom"]);
    expect(list?.Items?.map((item) => item.ResponseHeadersPolicy)).toContainEqual(policy);
  });

  it.each([
    [
      "11 headers",
      { CustomHeadersConfig: custom(...numbered(11)) },
      "TooManyCustomHeadersInResponseHeadersPolicy",
      400,
    ],
    [
      "11 removals",
      { RemoveHeadersConfig: removed(...numbered(11)) },
      "TooManyRemoveHeadersInResponseHeadersPolicy",
      400,
    ],
    [
      "a CSP of 1,784 characters",
      { SecurityHeadersConfig: csp(1_784) },
      "TooLongCSPInResponseHeadersPolicy",
      400,
    ],
    [
      "a value of 1,784 characters",
      {
        CustomHeadersConfig: {
          Quantity: 1,
          Items: [{ Header: "x", Value: "v".repeat(1_784), Override: true }],
        },
      },
      "InvalidArgument",
      400,
    ],
    [
      "a line break in a value",
      {
        CustomHeadersConfig: {
          Quantity: 1,
          Items: [{ Header: "x", Value: "a\nb", Override: true }],
        },
      },
      "InvalidArgument",
      400,
    ],
    [
      "a security header among the custom ones",
      { CustomHeadersConfig: custom("X-Frame-Options") },
      "InvalidArgument",
      400,
    ],
    ["a header twice", { CustomHeadersConfig: custom("a", "A") }, "InvalidArgument", 400],
    ["a name that is none", { CustomHeadersConfig: custom("a b") }, "InvalidArgument", 400],
    ["the removal of Via", { RemoveHeadersConfig: removed("Via") }, "InvalidArgument", 400],
    ["a wrong quantity", { RemoveHeadersConfig: { Quantity: 2 } }, "InconsistentQuantities", 400],
    ["a name in use", { Name: "slipway-headers" }, "ResponseHeadersPolicyAlreadyExists", 409],
    [
      "an unknown frame option",
      { SecurityHeadersConfig: { FrameOptions: { Override: true, FrameOption: "NO" as "DENY" } } },
      "MalformedXML",
      400,
    ],
    [
      "a sampling rate above 100",
      { ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 101 } },
      "InvalidArgument",
      400,
    ],
  ] satisfies readonly (readonly [string, Partial<ResponseHeadersPolicyConfig>, string, number])[])(
    "is refused for %s",
    async (_rule, edit, name, status) => {
      await expect(create({ Name: "p", ...edit })).rejects.toMatchObject(refusal(name, status));
    },
  );

  it("is refused for CORS, which the local edge does not act on", async () => {
    const CorsConfig = {
      AccessControlAllowOrigins: { Quantity: 1, Items: ["*"] },
      AccessControlAllowHeaders: { Quantity: 1, Items: ["*"] },
      AccessControlAllowMethods: { Quantity: 1, Items: ["GET" as const] },
      AccessControlAllowCredentials: false,
      OriginOverride: true,
    };
    await expect(create({ Name: "p", CorsConfig })).rejects.toMatchObject({
      ...refusal("NotImplemented", 501),
      message: expect.stringContaining("CorsConfig"),
    });
  });

  it("changes what viewers get at once, for the one who has its ETag", async () => {
    const { headersPolicy: Id } = await behaviorInUse();
    const read = await api.client.send(new GetResponseHeadersPolicyConfigCommand({ Id }));
    const update = (IfMatch: string | undefined) =>
      api.client.send(
        new UpdateResponseHeadersPolicyCommand({
          Id,
          IfMatch,
          ResponseHeadersPolicyConfig: {
            Name: "slipway-headers",
            CustomHeadersConfig: custom("X-New"),
          },
        }),
      );
    const { ETag } = await update(read.ETag);
    expect(ETag).not.toBe(read.ETag);
    expect(api.live().behaviors[0]?.headersPolicy).toEqual({
      remove: [],
      set: [{ name: "x-new", value: "v", override: true }],
      serverTiming: undefined,
    });
    await expect(update(read.ETag)).rejects.toMatchObject(refusal("PreconditionFailed", 412));
    await expect(update(undefined)).rejects.toMatchObject(refusal("InvalidIfMatchVersion", 400));
  });

  it("is deleted when no distribution uses it", async () => {
    const { ResponseHeadersPolicy: policy, ETag } = await create({ Name: "p" });
    const remove = (Id: string | undefined, IfMatch: string | undefined) =>
      api.client.send(new DeleteResponseHeadersPolicyCommand({ Id, IfMatch }));
    await expect(remove(policy?.Id, "E000000")).rejects.toMatchObject(
      refusal("PreconditionFailed", 412),
    );
    await remove(policy?.Id, ETag);
    await expect(remove(policy?.Id, ETag)).rejects.toMatchObject(
      refusal("NoSuchResponseHeadersPolicy", 404),
    );
    const { headersPolicy: Id } = await behaviorInUse();
    const used = await api.client.send(new GetResponseHeadersPolicyCommand({ Id }));
    await expect(remove(Id, used.ETag)).rejects.toMatchObject(
      refusal("ResponseHeadersPolicyInUse", 409),
    );
  });

  it("of AWS is read, never changed", async () => {
    const { ResponseHeadersPolicyList: list } = await api.client.send(
      new ListResponseHeadersPoliciesCommand({ Type: "managed" }),
    );
    expect(
      list?.Items?.map(
        ({ ResponseHeadersPolicy: policy }) => policy?.ResponseHeadersPolicyConfig?.Name,
      ),
    ).toEqual([
      "Managed-SimpleCORS",
      "Managed-CORS-With-Preflight",
      "Managed-SecurityHeadersPolicy",
      "Managed-CORS-and-SecurityHeadersPolicy",
      "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
    ]);
    const Id = "67f7725c-6f97-4210-82d7-5512b31e9d03";
    const { ETag } = await api.client.send(new GetResponseHeadersPolicyCommand({ Id }));
    await expect(
      api.client.send(new DeleteResponseHeadersPolicyCommand({ Id, IfMatch: ETag })),
    ).rejects.toMatchObject(refusal("IllegalDelete", 400));
    await expect(
      api.client.send(
        new UpdateResponseHeadersPolicyCommand({
          Id,
          IfMatch: ETag,
          ResponseHeadersPolicyConfig: { Name: "mine" },
        }),
      ),
    ).rejects.toMatchObject(refusal("IllegalUpdate", 400));
  });
});

describe("an origin access control", () => {
  const CONFIG: OriginAccessControlConfig = {
    Name: "mine",
    Description: "d",
    SigningProtocol: "sigv4",
    SigningBehavior: "always",
    OriginAccessControlOriginType: "s3",
  };
  const create = (edit: Partial<OriginAccessControlConfig> = {}) =>
    api.client.send(
      new CreateOriginAccessControlCommand({ OriginAccessControlConfig: { ...CONFIG, ...edit } }),
    );

  it("is made, read, changed, listed and deleted", async () => {
    const made = await create();
    const Id = made.OriginAccessControl?.Id ?? "";
    const read = await api.client.send(new GetOriginAccessControlCommand({ Id }));
    expect(read).toMatchObject({ ETag: made.ETag, OriginAccessControl: made.OriginAccessControl });
    const changed = { ...CONFIG, SigningBehavior: "no-override" as const };
    const update = await api.client.send(
      new UpdateOriginAccessControlCommand({
        Id,
        IfMatch: made.ETag,
        OriginAccessControlConfig: changed,
      }),
    );
    const config = await api.client.send(new GetOriginAccessControlConfigCommand({ Id }));
    expect(config).toMatchObject({ ETag: update.ETag, OriginAccessControlConfig: changed });
    const { OriginAccessControlList: list } = await api.client.send(
      new ListOriginAccessControlsCommand({}),
    );
    expect(list).toMatchObject({ Quantity: 2, IsTruncated: false });
    expect(list?.Items?.[1]).toEqual({ Id, ...changed });
    const remove = (IfMatch: string | undefined) =>
      api.client.send(new DeleteOriginAccessControlCommand({ Id, IfMatch }));
    await expect(remove(made.ETag)).rejects.toMatchObject(refusal("PreconditionFailed", 412));
    await remove(update.ETag);
    await expect(api.client.send(new GetOriginAccessControlCommand({ Id }))).rejects.toMatchObject(
      refusal("NoSuchOriginAccessControl", 404),
    );
  });

  it.each([
    ["a name of 65 characters", { Name: "n".repeat(65) }, "InvalidArgument", 400],
    ["an unknown behavior", { SigningBehavior: "x" as "always" }, "MalformedXML", 400],
    ["a name in use", { Name: "slipway-site" }, "OriginAccessControlAlreadyExists", 409],
  ])("is refused for %s", async (_rule, edit, name, status) => {
    await expect(create(edit)).rejects.toMatchObject(refusal(name, status));
  });

  it("that a distribution uses is not deleted", async () => {
    const { accessControl: Id } = await behaviorInUse();
    const { ETag } = await api.client.send(new GetOriginAccessControlCommand({ Id }));
    await expect(
      api.client.send(new DeleteOriginAccessControlCommand({ Id, IfMatch: ETag })),
    ).rejects.toMatchObject(refusal("OriginAccessControlInUse", 409));
  });
});

describe("the managed policies", () => {
  it("are found by name, page by page", async () => {
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const { CachePolicyList: page } = await api.client.send(
        new ListCachePoliciesCommand({ Type: "managed", MaxItems: 2, Marker }),
      );
      names.push(...(page?.Items ?? []).map((item) => item.CachePolicy?.CachePolicyConfig?.Name));
      Marker = page?.NextMarker;
    } while (Marker !== undefined);
    expect(names).toEqual([
      "Managed-CachingOptimized",
      "Managed-CachingOptimizedForUncompressedObjects",
      "Managed-CachingDisabled",
      "Managed-UseOriginCacheControlHeaders",
      "Managed-UseOriginCacheControlHeaders-QueryStrings",
    ]);
    const { OriginRequestPolicyList: list } = await api.client.send(
      new ListOriginRequestPoliciesCommand({}),
    );
    expect(list?.Quantity).toBe(6);
    const { CachePolicyList: own } = await api.client.send(
      new ListCachePoliciesCommand({ Type: "custom" }),
    );
    expect(own?.Quantity).toBe(0);
  });

  it("are told with their TTLs and keys", async () => {
    const Id = "658327ea-f89d-4fab-a63d-7e88639e58f6";
    const { CachePolicy: policy } = await api.client.send(new GetCachePolicyCommand({ Id }));
    const config = await api.client.send(new GetCachePolicyConfigCommand({ Id }));
    expect(config.CachePolicyConfig).toEqual(policy?.CachePolicyConfig);
    expect(policy?.CachePolicyConfig).toMatchObject({
      MinTTL: 1,
      DefaultTTL: 86_400,
      MaxTTL: 31_536_000,
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: true,
        EnableAcceptEncodingBrotli: true,
        HeadersConfig: { HeaderBehavior: "none" },
      },
    });
    const { OriginRequestPolicy } = await api.client.send(
      new GetOriginRequestPolicyCommand({ Id: "b689b0a8-53d0-40ab-baf2-68738e2966ac" }),
    );
    expect(OriginRequestPolicy?.OriginRequestPolicyConfig).toMatchObject({
      Name: "Managed-AllViewerExceptHostHeader",
      HeadersConfig: { HeaderBehavior: "allExcept", Headers: { Items: ["host"] } },
    });
    await expect(api.client.send(new GetCachePolicyCommand({ Id: "x" }))).rejects.toMatchObject(
      refusal("NoSuchCachePolicy", 404),
    );
  });
});
