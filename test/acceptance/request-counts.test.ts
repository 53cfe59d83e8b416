import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AnsweredRequest } from "../../deploy/local/edge/aws-listener.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { runCliHere } from "../support/cli-here.ts";
import { type CliResult, runCli } from "../support/cli-process.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";

/** What a deploy asks of S3 and CloudFront, counted where the requests arrive. */

const BUCKET = "counted-site";
const DISTRIBUTION = "E0COUNTED";
const REGION = "us-east-1";

const requests: AnsweredRequest[] = [];
let project: TempProject;
let edge: LocalEdge;

beforeAll(async () => {
  project = await createTinyProject({});
  edge = await startLocalEdge({
    directory: project.path("edge"),
    viewerPort: 0,
    apiPort: 0,
    bucket: BUCKET,
    distributionId: DISTRIBUTION,
    region: REGION,
    onApiRequest: (request) => requests.push(request),
  });
});

afterAll(async () => {
  await edge?.close();
  await project?.dispose();
});

beforeEach(() => {
  requests.length = 0;
});

async function configure(headers: readonly object[] = []): Promise<void> {
  const aws = { kind: "aws", bucket: BUCKET, region: REGION, distribution: DISTRIBUTION };
  const live = { ...aws, endpoint: edge.apiUrl, cdnEndpoint: edge.apiUrl, headers };
  await project.write("slipway.config.ts", configText({ live }));
}

async function deploy(
  run: typeof runCli = runCliHere,
  ...more: readonly string[]
): Promise<CliResult> {
  const { accessKeyId, secretAccessKey } = edge.credentials;
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  return await run(project.root, ["deploy", "--env", "live", "--yes", ...more], { env });
}

function asked(service: string): readonly string[] {
  return requests.filter((one) => one.service === service).map(({ operation }) => operation);
}

const TEXTS = 100;

describe("a deploy", () => {
  it("sends every file once when nothing is there", async () => {
    await configure();
    await project.write("_site/index.html", "<h1>Home</h1>");
    for (let i = 0; i < TEXTS; i++) await project.write(`_site/texts/${i}.txt`, `Text ${i}.`);
    expect(await deploy()).toMatchObject({ exitCode: 0 });
    const sent = requests.filter(
      ({ service, key = "", method }) =>
        service === "s3" && method === "PUT" && !key.startsWith("."),
    );
    expect(new Set(sent.map(({ key }) => key)).size).toBe(TEXTS + 1);
    expect(sent).toHaveLength(TEXTS + 1);
    expect(sent.every(({ bytesIn }) => bytesIn > 0)).toBe(true);
  });

  it("of an unchanged site is two reads, and nothing of the CDN", async () => {
    expect(await deploy()).toMatchObject({ exitCode: 0 });
    expect(asked("s3")).toEqual(["GetObject", "GetObject"]);
    expect(asked("cloudfront")).toEqual([]);
    expect(requests).toHaveLength(2);
  });

  it("of an unchanged site that waits asks the CDN once, when it has done all that it was asked", async () => {
    expect(await deploy(runCliHere, "--wait")).toMatchObject({ exitCode: 0 });
    requests.length = 0;
    expect(await deploy(runCliHere, "--wait")).toMatchObject({ exitCode: 0 });
    expect(asked("s3")).toEqual(["GetObject", "GetObject"]);
    expect(asked("cloudfront")).toEqual(["ListInvalidations"]);
  });

  it("of one changed page is eight requests in all", async () => {
    await project.write("_site/index.html", "<h1>Another home</h1>");
    expect(await deploy()).toMatchObject({ exitCode: 0 });
    expect(requests).toHaveLength(8);
    expect(asked("cloudfront")).toHaveLength(1);
  });

  it("of new headers on a hundred files copies each in place, and sends no byte of them", async () => {
    await configure([{ match: "texts/**", set: { cacheControl: "no-store" } }]);
    // A process of its own, which has not read the config before.
    expect(await deploy(runCli)).toMatchObject({ exitCode: 0 });
    const texts = requests.filter(({ key }) => key?.startsWith("texts/"));
    expect(texts.filter(({ operation }) => operation === "CopyObject")).toHaveLength(TEXTS);
    expect(texts).toHaveLength(TEXTS);
    expect(texts.reduce((sum, { bytesIn }) => sum + bytesIn, 0)).toBe(0);
  });
});
