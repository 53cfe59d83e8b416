import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CliResult, runCli } from "../support/cli-process.ts";
import { type CloudFrontServer, startCloudFrontServer } from "../support/cloudfront-server.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { type Moto, startMoto } from "../support/moto.ts";
import { type BucketDocuments, startBucketDocuments } from "../support/moto-bucket-documents.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";

/**
 * `slipway setup` as a process: moto plays S3 and STS, and the AWS CLI reads back what was made. moto
 * has no functions, key value stores and policies, and loses a distribution's functions, so CloudFront
 * is a server of our own, which the AWS CLI reads too; so are two documents of a bucket
 * (moto-bucket-documents.ts says why).
 */

const installed = ["moto_server", "aws"].map(isInstalled).every(Boolean);
const runs = runsSlow("setup of an AWS account takes 30 s") && installed;
const ACCOUNT = "123456789012";
/** The AWS CLI alone takes seconds a call on a busy machine. */
const PATIENCE = 240_000;
const SECRET = "s3cr&t";

let moto: Moto;
let s3Server: BucketDocuments;
let cloudFront: CloudFrontServer;
let project: TempProject;
let bucket: string;
let projects = 0;

describe.skipIf(!runs)("setup of an AWS account", { timeout: PATIENCE }, () => {
  beforeAll(async () => {
    moto = await startMoto();
    s3Server = await startBucketDocuments(moto.url);
  });
  afterAll(async () => {
    await s3Server?.close();
    await moto?.stop();
  });
  beforeEach(async () => {
    projects += 1;
    bucket = `setup-test-${projects}`;
    [cloudFront, project] = await Promise.all([startCloudFrontServer(), createTinyProject({})]);
    await configure();
  });
  afterEach(async () => {
    await cloudFront?.close();
    await project?.dispose();
  });

  it("shows the steps, makes everything, and finds nothing to do the next time", async () => {
    const first = await setup(["--json"]);
    expect(first).toMatchObject({ exitCode: 0 });
    const document = JSON.parse(first.stdout);
    expect(document).toMatchObject({ command: "setup", kind: "done", account: ACCOUNT });
    expect(document.done.slice(0, 2)).toEqual(["bucket-create", "bucket-enable-versioning"]);
    expect(first.stdout + first.stderr).not.toContain(SECRET);

    const bucketOf = (...args: string[]) => s3("s3api", ...args, "--bucket", bucket).then(parse);
    expect(await bucketOf("get-bucket-location")).toEqual({ LocationConstraint: "eu-west-1" });
    expect(await bucketOf("get-bucket-versioning")).toMatchObject({ Status: "Enabled" });
    expect(
      Object.values(Object(await bucketOf("get-public-access-block"))).map(String),
    ).not.toContain("false");
    const { Rules } = Object(await bucketOf("get-bucket-lifecycle-configuration"));
    expect(Rules.map(({ ID }: { ID: string }) => ID)).toEqual([
      "slipway-old-versions",
      "slipway-multipart-leftovers",
    ]);
    const policy = JSON.parse(Object(await bucketOf("get-bucket-policy")).Policy);
    const [{ Condition }] = policy.Statement;
    expect(Condition.StringEquals["AWS:SourceArn"]).toBe(
      `arn:aws:cloudfront::${ACCOUNT}:distribution/E00000001`,
    );

    const read = await cli("cloudfront", "get-distribution-config", "--id", "E00000001");
    const { DistributionConfig: made } = Object(read);
    expect(made).toMatchObject({
      DefaultRootObject: "index.html",
      HttpVersion: "http2and3",
      IsIPV6Enabled: true,
      DefaultCacheBehavior: {
        Compress: true,
        CachePolicyId: "managed-CachingOptimized",
        ViewerProtocolPolicy: "redirect-to-https",
        ResponseHeadersPolicyId: "policy-1",
        FunctionAssociations: { Quantity: 2 },
      },
      CacheBehaviors: {
        Quantity: 1,
        Items: [
          {
            PathPattern: "/api/*",
            CachePolicyId: "managed-CachingDisabled",
            OriginRequestPolicyId: "managed-AllViewerExceptHostHeader",
          },
        ],
      },
      CustomErrorResponses: { Items: [{ ErrorCode: 404, ResponseCode: "404" }] },
    });
    const [api, site] = made.Origins.Items;
    expect(site).toMatchObject({
      DomainName: `${bucket}.s3.eu-west-1.amazonaws.com`,
      OriginAccessControlId: "OAC1",
      S3OriginConfig: { OriginAccessIdentity: "" },
    });
    expect(api).toMatchObject({
      DomainName: "api.example.com",
      CustomHeaders: { Items: [{ HeaderName: "X-Origin-Secret", HeaderValue: SECRET }] },
      CustomOriginConfig: { OriginProtocolPolicy: "https-only" },
    });
    expect([...cloudFront.functions.values()].every(({ live }) => live !== undefined)).toBe(true);

    const sent = cloudFront.requests.length;
    const again = await setup(["--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ kind: "nothing-to-do", steps: [] });
    expect(cloudFront.requests.slice(sent).filter((one) => !one.startsWith("GET"))).toEqual([]);
  });

  it("is known to later commands, which find the distribution without a line in the config", async () => {
    expect(await setup()).toMatchObject({ exitCode: 0 });
    const asked: string[] = [];
    cloudFront.intercept = (request) => {
      asked.push(request);
      return { status: 201, body: INVALIDATION };
    };
    const env = environment();
    const result = await runCli(project.root, ["invalidate", "/", "--env", "live"], { env });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual(["POST /distribution/E00000001/invalidation"]);
  });

  it("asks before anything is made, and without a terminal does not assume the answer", async () => {
    const result = await runCli(project.root, ["setup", "--env", "live"], { env: environment() });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain(`Create the bucket ${bucket} in eu-west-1`);
    expect(result.stdout).toContain("a month:");
    expect(cloudFront.requests.every((one) => one.startsWith("GET"))).toBe(true);
  });

  it("keeps the rules, statements, tags and fields of what it adopts", async () => {
    const rule =
      '{"ID":"theirs","Status":"Enabled","Filter":{"Prefix":"logs/"},"Expiration":{"Days":3}}';
    const statement = `{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${ACCOUNT}:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::${bucket}/x"}`;
    const where = ["--bucket", bucket];
    await s3("s3", "mb", `s3://${bucket}`);
    await s3(
      "s3api",
      "put-public-access-block",
      ...where,
      "--public-access-block-configuration",
      "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
    );
    await s3(
      "s3api",
      "put-bucket-ownership-controls",
      ...where,
      "--ownership-controls",
      "Rules=[{ObjectOwnership=BucketOwnerEnforced}]",
    );
    await s3(
      "s3api",
      "put-bucket-lifecycle-configuration",
      ...where,
      "--lifecycle-configuration",
      `{"Rules":[${rule}]}`,
    );
    await s3(
      "s3api",
      "put-bucket-policy",
      ...where,
      "--policy",
      `{"Version":"2012-10-17","Statement":[${statement}]}`,
    );
    await s3("s3api", "put-bucket-tagging", ...where, "--tagging", "TagSet=[{Key=team,Value=web}]");
    expect(await setup()).toMatchObject({ exitCode: 0 });
    const read = async (verb: string) => Object(parse(await s3("s3api", verb, ...where)));
    const { Rules } = await read("get-bucket-lifecycle-configuration");
    expect(Rules[0]).toMatchObject(JSON.parse(rule));
    expect(Rules).toHaveLength(3);
    const { Statement } = JSON.parse((await read("get-bucket-policy")).Policy);
    expect(Statement).toHaveLength(4);
    expect(Statement[0]).toEqual(JSON.parse(statement));
    expect((await read("get-bucket-tagging")).TagSet).toHaveLength(3);
  });

  it("stops at a bucket of another region, with nothing written", async () => {
    await s3("s3", "mb", `s3://${bucket}`, "--region", "us-west-2");
    const result = await setup();
    expect(result.exitCode).toBe(4);
    expect(result.stdout).toContain("it is in us-west-2, and slipway.config.ts says eu-west-1");
    expect(cloudFront.requests.every((one) => one.startsWith("GET"))).toBe(true);
  });

  it("makes a bucket in us-east-1, which must not be named", async () => {
    await configure({ region: "us-east-1" });
    expect(await setup()).toMatchObject({ exitCode: 0 });
    const location = await s3("s3api", "get-bucket-location", "--bucket", bucket);
    expect(parse(location)).toEqual({ LocationConstraint: null });
  });

  it("cut off at any request to CloudFront, is finished by the next run with nothing made twice", async () => {
    expect(await setup()).toMatchObject({ exitCode: 0 });
    const whole = cloudFront.requests.filter((one) => !one.startsWith("GET"));
    const wholeRun = cloudFront;
    for (let write = 1; write <= whole.length; write++) {
      cloudFront = await startCloudFrontServer();
      await configure();
      const dead = { at: write, seen: 0 };
      cloudFront.intercept = (request) => {
        if (!request.startsWith("GET")) dead.seen += 1;
        if (dead.seen < dead.at) return undefined;
        return { status: 403, body: DENIED };
      };
      const broken = await setup();
      expect([5, 6], whole[write - 1]).toContain(broken.exitCode);
      cloudFront.intercept = () => undefined;
      expect(await setup(), whole[write - 1]).toMatchObject({ exitCode: 0 });
      expect(cloudFront.accesses).toEqual(wholeRun.accesses);
      expect(cloudFront.policies).toEqual(wholeRun.policies);
      expect([...cloudFront.functions.keys()]).toEqual([...wholeRun.functions.keys()]);
      expect([...cloudFront.distributions.values()].map(({ config }) => config)).toEqual(
        [...wholeRun.distributions.values()].map(({ config }) => config),
      );
      await cloudFront.close();
    }
    cloudFront = wholeRun;
  });
});

const INVALIDATION =
  "<Invalidation><Id>I1</Id><Status>Completed</Status><InvalidationBatch><Paths><Quantity>0</Quantity></Paths><CallerReference>r</CallerReference></InvalidationBatch></Invalidation>";
const DENIED =
  "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";

async function configure(changed: object = {}): Promise<void> {
  const live = {
    kind: "aws",
    bucket,
    region: "eu-west-1",
    account: ACCOUNT,
    api: "https://api.example.com",
    endpoint: s3Server.url,
    cdnEndpoint: cloudFront.url,
    ...changed,
  };
  await project.write("slipway.config.ts", configText({ live }));
}

function environment() {
  return { ...moto.env, SLIPWAY_ORIGIN_SECRET: SECRET };
}

async function setup(args: readonly string[] = []): Promise<CliResult> {
  const env = environment();
  return await runCli(project.root, ["setup", "--env", "live", "--yes", ...args], { env });
}

/** The AWS CLI on the buckets. */
async function s3(...args: string[]): Promise<string> {
  return await moto.aws("--endpoint-url", s3Server.url, ...args);
}

/** The AWS CLI on our CloudFront: another reader of the same documents. */
async function cli(...args: string[]): Promise<unknown> {
  return parse(await moto.aws("--endpoint-url", cloudFront.url, ...args));
}

function parse(text: string): unknown {
  return JSON.parse(text);
}
