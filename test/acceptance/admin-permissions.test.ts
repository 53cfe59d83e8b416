import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { OPERATION_GRANTS } from "../../deploy/core/iam/actions.ts";
import { arnsOf, type EstateNames } from "../../deploy/core/iam/resources.ts";
import { rolePolicy } from "../../deploy/core/iam/role-policy.ts";
import { operationsOf } from "../../deploy/core/iam/roles.ts";
import { createSlipway, type Slipway } from "../../deploy/library.ts";
import { type CloudFrontServer, startCloudFrontServer } from "../support/cloudfront-server.ts";
import { simulate } from "../support/iam-simulator.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { type Moto, startMoto } from "../support/moto.ts";
import { type BucketDocuments, startBucketDocuments } from "../support/moto-bucket-documents.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";

/**
 * What `setup` and `doctor` really send, held against the policies. moto plays S3 and STS; CloudFront is
 * a server of our own, because moto has no functions, stores and policies.
 */

const BUCKET = "rights-test";
const NAMES: EstateNames = {
  bucket: BUCKET,
  region: "eu-west-1",
  account: "123456789012",
  functions: ["slipway-tiny-live-viewer-request", "slipway-tiny-live-viewer-response"],
  domains: [],
};

let moto: Moto;
let documents: BucketDocuments;
let cloudFront: CloudFrontServer;
let project: TempProject;

describe.skipIf(!isInstalled("moto_server"))("the admin's policy", () => {
  beforeAll(async () => {
    moto = await startMoto();
    for (const [name, value] of Object.entries(moto.env)) vi.stubEnv(name, value);
    documents = await startBucketDocuments(moto.url);
    cloudFront = await startCloudFrontServer();
    const aws = { kind: "aws", bucket: BUCKET, region: "eu-west-1", account: NAMES.account };
    const live = { ...aws, endpoint: documents.url, cdnEndpoint: cloudFront.url };
    project = await createTinyProject({}, configText({ live }));
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await cloudFront?.close();
    await documents?.close();
    await moto?.stop();
    await project?.dispose();
  });

  const open = () => createSlipway({ root: project.root, environment: "live" });

  it("allows all that setup sends, and the deployer's does not", async () => {
    const slipway = await open();
    expect(await slipway.setup()).toMatchObject({ kind: "done" });
    const sent = await operationsSent(slipway);
    expect(sent).toEqual(
      expect.arrayContaining([
        "CloudFront CreateDistributionWithTags",
        "S3 CreateBucket",
        "STS GetCallerIdentity",
      ]),
    );
    expectAllowed(sent);
    const deployer = new Set<string>(operationsOf("deployer", { named: false }));
    expect(sent.filter((operation) => !deployer.has(operation))).toContain("S3 PutBucketPolicy");
  });

  it("allows all that doctor sends, none of which writes", async () => {
    const slipway = await open();
    const { checks } = await slipway.doctor();
    const found = checks.filter(({ kind }) => kind === "bad").map(({ id }) => id);
    expect(found).toEqual([]);
    const sent = await operationsSent(slipway);
    expect(sent).toContain("S3 GetBucketPolicy");
    expect(sent.filter((operation) => !/ (?:Get|List|Head|Describe)\w+$/.test(operation))).toEqual(
      [],
    );
    expectAllowed(sent);
  });
});

async function operationsSent(slipway: Slipway): Promise<readonly string[]> {
  return (await slipway.traffic()).map(({ service, operation }) => `${service} ${operation}`);
}

function expectAllowed(operations: readonly string[]): void {
  const known = new Set<string>(operationsOf("admin", { named: false }));
  expect(operations.filter((operation) => !known.has(operation))).toEqual([]);
  const policy = rolePolicy("admin", NAMES);
  const denied = operations.flatMap((operation) =>
    OPERATION_GRANTS[operation as keyof typeof OPERATION_GRANTS].flatMap(({ action, on }) =>
      arnsOf(on, NAMES)
        .map((arn) => ({ action, resource: arn.replace("*", "E00000001") }))
        .filter((request) => simulate(policy, request) === "deny"),
    ),
  );
  expect(denied).toEqual([]);
}
