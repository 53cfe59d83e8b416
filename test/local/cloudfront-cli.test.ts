import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CloudFrontFixture,
  CREDENTIALS,
  DEPLOYMENT_MS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { tempFolder } from "../support/temp-folder.ts";

const LIMIT = 60_000;

const runs = isInstalled("aws") && runsSlow("the aws CLI at our CloudFront API takes 10 s");

describe.skipIf(!runs)("the aws CLI", () => {
  let api: CloudFrontFixture;
  beforeEach(async () => {
    api = await startCloudFront();
  });
  afterEach(async () => {
    expect(api.faults).toEqual([]);
    await api.close();
  });

  async function aws(...args: readonly string[]) {
    const command = ["--endpoint-url", api.endpoint, "--output", "json", "cloudfront", ...args];
    const { stdout } = await promisify(execFile)("aws", command, {
      env: {
        PATH: process.env.PATH,
        HOME: api.folder,
        AWS_REGION: "us-east-1",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: "true",
      },
    });
    return stdout === "" ? {} : JSON.parse(stdout);
  }

  it(
    "reads back the distribution, its function and its headers policy, and changes it",
    async () => {
      const { ETag, DistributionConfig: config } = await aws(
        "get-distribution-config",
        "--id",
        DISTRIBUTION,
      );
      const behavior = config.DefaultCacheBehavior;
      expect(behavior.FunctionAssociations.Quantity).toBe(2);
      const { ResponseHeadersPolicy: policy } = await aws(
        "get-response-headers-policy",
        "--id",
        behavior.ResponseHeadersPolicyId,
      );
      expect(policy.ResponseHeadersPolicyConfig.Name).toBe("slipway-headers");
      const outfile = join(await tempFolder(), "function.js");
      const described = await aws(
        "get-function",
        "--name",
        "slipway-viewer-request",
        "--stage",
        "LIVE",
        outfile,
      );
      expect(described.ETag).toMatch(/^E/);

      const changed = { ...config, Comment: "by hand", Enabled: false };
      const folder = await tempFolder({ "config.json": JSON.stringify(changed) });
      const updated = await aws(
        "update-distribution",
        "--id",
        DISTRIBUTION,
        "--if-match",
        ETag,
        "--distribution-config",
        `file://${join(folder, "config.json")}`,
      );
      expect(updated.Distribution.Status).toBe("InProgress");
      expect(updated.Distribution.DistributionConfig).toEqual(changed);
      expect(api.live().enabled).toBe(false);
    },
    LIMIT,
  );

  it(
    "makes a distribution with tags, lists it, disables it and deletes it",
    async () => {
      const wanted = {
        CallerReference: "by hand",
        Comment: "a second site",
        Enabled: true,
        Aliases: { Quantity: 1, Items: ["www.example.com"] },
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: "bucket",
              DomainName: "second.s3.eu-west-1.amazonaws.com",
              S3OriginConfig: { OriginAccessIdentity: "" },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: "bucket",
          ViewerProtocolPolicy: "allow-all",
          CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
      };
      const tagged = {
        DistributionConfig: wanted,
        Tags: { Items: [{ Key: "site", Value: "second" }] },
      };
      const folder = await tempFolder({ "config.json": JSON.stringify(tagged) });
      const file = `file://${join(folder, "config.json")}`;
      const { Distribution: made, ETag } = await aws(
        "create-distribution-with-tags",
        "--distribution-config-with-tags",
        file,
      );
      const { Id } = made;
      expect(api.live("www.example.com").id).toBe(Id);
      const listed = await aws("list-distributions");
      expect(listed.DistributionList.Items).toMatchObject([
        { Id: DISTRIBUTION },
        { Id, DomainName: made.DomainName, Aliases: wanted.Aliases, HttpVersion: "http2" },
      ]);
      const { Tags } = await aws("list-tags-for-resource", "--resource", made.ARN);
      expect(Tags).toEqual(tagged.Tags);

      const disabled = { ...made.DistributionConfig, Enabled: false };
      const updated = await aws(
        "update-distribution",
        "--id",
        Id,
        "--if-match",
        ETag,
        "--distribution-config",
        JSON.stringify(disabled),
      );
      await api.clock.move(DEPLOYMENT_MS);
      await aws("wait", "distribution-deployed", "--id", Id);
      await aws("delete-distribution", "--id", Id, "--if-match", updated.ETag);
      expect((await aws("list-distributions")).DistributionList.Items).toHaveLength(1);
    },
    LIMIT,
  );
});
