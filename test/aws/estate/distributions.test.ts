import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDistributions } from "../../../deploy/aws/estate/distributions.ts";
import { exchangeRawDocuments } from "../../../deploy/aws/estate/raw-document.ts";
import { setText } from "../../../deploy/core/setup/xml-edit.ts";
import type { Distributions } from "../../../deploy/estate-ports.ts";
import { type CloudFrontServer, startCloudFrontServer } from "../../support/cloudfront-server.ts";
import { failureOf } from "../../support/failure.ts";
import { bareDistributionConfig } from "../../support/memory-estate.ts";

/** A hand-written CloudFront: moto drops unknown elements and compares no ETag. */
let server: CloudFrontServer;
let distributions: Distributions;
let client: CloudFrontClient;

const UNKNOWN = `<QuantumConfig  mode='7'>\n\t<Enabled>true</Enabled><!-- keep --><Odd a="1"/>&#x41;&amp;é</QuantumConfig>`;

beforeEach(async () => {
  server = await startCloudFrontServer();
  client = new CloudFrontClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  exchangeRawDocuments(client);
  distributions = createDistributions(client);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

describe("a distribution", () => {
  it("comes back byte for byte, with what the SDK does not know", async () => {
    const config = bareDistributionConfig({ extra: UNKNOWN });
    const made = await distributions.create(config, { "slipway:site": "a&b" });
    const found = await distributions.find(made.id);
    expect(found).toEqual(made);
    expect(found?.config).toBe(config);
    expect(found).toMatchObject({ status: "in-progress", domainName: "e00000001.cloudfront.net" });
    expect(server.tags.get(made.id)).toContain("<Value>a&amp;b</Value>");
  });

  it("is updated with the edited document: only the edit differs on the wire", async () => {
    const config = bareDistributionConfig({ extra: UNKNOWN });
    const made = await distributions.create(config, {});
    const edited = setText(config, ["Comment"], "ours");
    const update = await distributions.update(made, edited);
    expect(update).toMatchObject({ kind: "updated", distribution: { config: edited } });
    expect(server.bodies.at(-1)).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${edited}`);
    expect(edited.replace("<Comment>ours<", "<Comment>by hand<")).toBe(config);
  });

  it("gets the namespace when it stood on the element around it", async () => {
    const bare = bareDistributionConfig().replace(/ xmlns="[^"]*"/, "");
    const made = await distributions.create(bare, {});
    await distributions.update(made, made.config);
    expect(server.bodies.at(-1)).toContain(
      '<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>',
    );
  });

  it("that somebody changed meanwhile is not written", async () => {
    const made = await distributions.create(bareDistributionConfig(), {});
    await distributions.update(made, setText(made.config, ["Comment"], "theirs"));
    const late = await distributions.update(made, setText(made.config, ["Comment"], "ours"));
    expect(late).toEqual({ kind: "moved" });
    expect((await distributions.find(made.id))?.config).toContain("<Comment>theirs<");
  });

  it("that an earlier run made, without living to hear so, is found and not made twice", async () => {
    const first = await distributions.create(bareDistributionConfig(), {});
    const second = await distributions.create(bareDistributionConfig(), {});
    expect(second.id).toBe(first.id);
    expect(server.distributions.size).toBe(1);
  });

  it("that is not there is undefined; the account's list has those that are", async () => {
    expect(await distributions.find("E0MISSING")).toBeUndefined();
    expect(await distributions.list()).toEqual([]);
    const { id } = await distributions.create(bareDistributionConfig(), {});
    expect(await distributions.list()).toEqual([
      {
        id,
        domainName: "e00000001.cloudfront.net",
        aliases: [],
        origins: ["example-site.s3.eu-west-1.amazonaws.com"],
        unsigned: ["example-site.s3.eu-west-1.amazonaws.com"],
        comment: "by hand",
      },
    ]);
  });

  it("counts as a reader without a signature only where an origin has neither kind of access", async () => {
    const config = bareDistributionConfig();
    const signing = "<OriginAccessControlId>OAC1</OriginAccessControlId></Origin>";
    await distributions.create(config.replace("</Origin>", signing), {});
    const identity = "<OriginAccessIdentity>origin-access-identity/cloudfront/E2";
    const old = bareDistributionConfig({ reference: "old" });
    await distributions.create(old.replace("<OriginAccessIdentity>", identity), {});
    expect((await distributions.list()).map(({ unsigned }) => unsigned)).toEqual([[], []]);
  });

  it("above the quota is refused with the quota's name", async () => {
    server.intercept = () => ({
      status: 400,
      body: "<ErrorResponse><Error><Type>Sender</Type><Code>TooManyDistributions</Code><Message>no</Message></Error></ErrorResponse>",
    });
    const failure = await failureOf(distributions.create(bareDistributionConfig(), {}));
    expect(failure.kind).toBe("cloud");
    expect(failure.text.why).toMatch(/"Web distributions per AWS account" is used up/);
    expect(failure.text.next).toMatch(/Service Quotas/);
  });
});
