import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CloudFrontFixture,
  CREDENTIALS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

const LIMIT = 60_000;

describe.skipIf(!isInstalled("aws"))("the aws CLI", () => {
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
});
