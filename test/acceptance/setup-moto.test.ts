import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDistributions } from "../../deploy/aws/estate/distributions.ts";
import { makeEdgePart } from "../../deploy/aws/estate/edge-parts.ts";
import { exchangeRawDocuments } from "../../deploy/aws/estate/raw-document.ts";
import { settle } from "../../deploy/core/setup/distribution-settings.ts";
import { seedConfig } from "../../deploy/core/setup/seed-config.ts";
import { setText } from "../../deploy/core/setup/xml-edit.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { type Moto, startMoto } from "../support/moto.ts";
import { runsSlow } from "../support/slow-tests.ts";

/**
 * The documents that setup sends, read by an implementation that is not ours. moto keeps no function
 * associations, compares no ETag, and lists distributions without comment and origins;
 * test/aws/estate/ holds those to a server of our own.
 */
const runs =
  ["moto_server", "aws"].map(isInstalled).every(Boolean) &&
  runsSlow("moto and the aws CLI take 6 s");

const WISHES = {
  bucket: "example-site",
  region: "eu-west-1",
  access: "OAC1",
  cachePolicy: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  headersPolicy: "67f7725c-6f97-4210-82d7-5512b31e9d03",
  viewerRequest: "arn:aws:cloudfront::123456789012:function/slipway-x-viewer-request",
  viewerResponse: "arn:aws:cloudfront::123456789012:function/slipway-x-viewer-response",
  api: {
    host: "api.example.com",
    port: 443,
    path: "",
    secret: "a & b",
    cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
  },
};

describe.skipIf(!runs)("a distribution at moto", { timeout: 120_000 }, () => {
  let moto: Moto;
  let client: CloudFrontClient;

  beforeAll(async () => {
    moto = await startMoto();
    client = new CloudFrontClient({
      endpoint: moto.url,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
    });
    exchangeRawDocuments(client);
  });
  afterAll(async () => {
    client?.destroy();
    await moto?.stop();
  });

  it("is made from our document, changed, found and listed, as the AWS CLI reads it back", async () => {
    const distributions = createDistributions(client);
    const domain = "example-site.s3.eu-west-1.amazonaws.com";
    const seed = seedConfig({ reference: "r1", comment: "slipway example live", domain });
    const { config } = settle(seed, WISHES);
    const made = await distributions.create(config, { "slipway:site": "example" });
    const read = async (...args: string[]) => JSON.parse(await moto.aws("cloudfront", ...args));
    const { Distribution: found } = await read("get-distribution", "--id", made.id);
    expect(found.DistributionConfig).toMatchObject({
      CallerReference: "r1",
      DefaultRootObject: "index.html",
      HttpVersion: "http2and3",
      DefaultCacheBehavior: { CachePolicyId: WISHES.cachePolicy, Compress: true },
      Origins: { Quantity: 2 },
    });
    const tags = await read("list-tags-for-resource", "--resource", made.arn);
    expect(tags.Tags.Items).toEqual([{ Key: "slipway:site", Value: "example" }]);

    const stored = await distributions.find(made.id);
    if (stored === undefined) throw new Error("it is not there");
    const update = await distributions.update(stored, setText(stored.config, ["Comment"], "ours"));
    expect(update.kind).toBe("updated");
    expect((await distributions.find(made.id))?.config).toContain("<Comment>ours</Comment>");
    const [summary] = await distributions.list();
    expect(summary).toMatchObject({ id: made.id, domainName: made.domainName });
    expect(await distributions.find("E0MISSING")).toBeUndefined();
  });

  it("has an origin access control that signs, made once", async () => {
    const action = { kind: "access", name: "slipway-example-live" } as const;
    await makeEdgePart(action, client);
    await makeEdgePart(action, client);
    const listed = JSON.parse(await moto.aws("cloudfront", "list-origin-access-controls"));
    expect(listed.OriginAccessControlList.Items).toEqual([
      expect.objectContaining({ Name: action.name, SigningBehavior: "always" }),
    ]);
  });
});
