import { createHash } from "node:crypto";
import { CloudFrontClient, ListInvalidationsCommand } from "@aws-sdk/client-cloudfront";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { type CliResult, runCli } from "../support/cli-process.ts";
import {
  type Fate,
  type FaultyProxy,
  PASS,
  SLOW_DOWN,
  startFaultyProxy,
} from "../support/faulty-proxy.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";

/** A deploy in bad weather: every fourth attempt goes wrong in one way or another. */

const BUCKET = "stormy-site";
const DISTRIBUTION = "E0STORMY";
const REGION = "us-east-1";
const FILES = 2000;
const LATENCY_MS = 30;

let project: TempProject;
let edge: LocalEdge;
let proxy: FaultyProxy;
let environment: Readonly<Record<string, string>>;
const met = { pass: 0, refuse: 0, reset: 0, "lose-answer": 0, hang: 0 };

beforeAll(async () => {
  project = await createTinyProject({});
  edge = await startLocalEdge({
    directory: project.path("edge"),
    viewerPort: 0,
    apiPort: 0,
    bucket: BUCKET,
    distributionId: DISTRIBUTION,
    region: REGION,
  });
  const random = seededRandom(20_261_122);
  proxy = await startFaultyProxy(edge.apiUrl, () => fateOf(random()), LATENCY_MS);
  const aws = { kind: "aws", bucket: BUCKET, region: REGION, distribution: DISTRIBUTION };
  const live = { ...aws, endpoint: proxy.url, cdnEndpoint: proxy.url };
  await project.write("slipway.config.ts", configText({ live }));
  const { accessKeyId, secretAccessKey } = edge.credentials;
  environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
});

afterAll(async () => {
  await proxy?.close();
  await edge?.close();
  await project?.dispose();
});

function fateOf(chance: number): Fate {
  const fate = chooseFate(chance);
  met[fate.kind] += 1;
  return fate;
}

function chooseFate(chance: number): Fate {
  if (chance < 0.2) return SLOW_DOWN;
  if (chance < 0.25) return { kind: "reset" };
  if (chance < 0.27) return { kind: "lose-answer" };
  return PASS;
}

async function deploy(...args: readonly string[]): Promise<CliResult> {
  const command = ["deploy", "--env", "live", "--yes", ...args];
  return await runCli(project.root, command, { env: environment, seconds: 120 });
}

async function withClients<T>(
  ask: (s3: S3Client, cdn: CloudFrontClient) => Promise<T>,
): Promise<T> {
  const { accessKeyId, secretAccessKey } = edge.credentials;
  const common = {
    region: REGION,
    endpoint: edge.apiUrl,
    credentials: { accessKeyId, secretAccessKey },
  };
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const cdn = new CloudFrontClient(common);
  try {
    return await ask(s3, cdn);
  } finally {
    s3.destroy();
    cdn.destroy();
  }
}

/** Key → MD5 of the bytes: what S3 calls the ETag of an object that was sent in one piece. */
function stored(): Promise<ReadonlyMap<string, string>> {
  return withClients(async (client) => {
    const found = new Map<string, string>();
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: BUCKET })) {
      for (const { Key = "", ETag = "" } of Contents) found.set(Key, ETag);
    }
    return found;
  });
}

function etagOf(text: string): string {
  return `"${createHash("md5").update(text).digest("hex")}"`;
}

describe.skipIf(!runsSlow("the weather takes 20 s"))(
  "a deploy of two thousand files through throttling, resets and lost answers",
  () => {
    it("loses none of them, releases once, and has the edge forget once", async () => {
      const files = new Map([["index.html", "<h1>Home</h1>"]]);
      for (let i = 0; i < FILES; i++) files.set(`texts/${i}.txt`, `Text ${i}.`);
      for (const [name, text] of files) await project.write(`_site/${name}`, text);

      const started = performance.now();
      expect(await deploy("--wait")).toMatchObject({ exitCode: 0 });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${seconds} s, attempts: ${JSON.stringify(met)}, at once: ${proxy.peak()}`);
      expect(met.refuse).toBeGreaterThan(300);
      expect(met["lose-answer"]).toBeGreaterThan(10);

      const objects = await stored();
      const site = [...objects].filter(([key]) => !key.startsWith(".slipway/"));
      const wanted = [...files].map(([key, text]) => [key, etagOf(text)] as const);
      expect(new Map(site)).toEqual(new Map(wanted));
      const records = [...objects.keys()].filter((key) => key.startsWith(".slipway/releases/"));
      expect(records).toHaveLength(1);
      expect(objects.has(".slipway/lock.json")).toBe(false);
      const { InvalidationList } = await withClients((_, cdn) =>
        cdn.send(new ListInvalidationsCommand({ DistributionId: DISTRIBUTION })),
      );
      expect(InvalidationList?.Items).toMatchObject([{ Status: "Completed" }]);

      const again = await deploy("--json");
      expect(JSON.parse(again.stdout)).toMatchObject({ exitCode: 0, kind: "nothing-to-do" });
      expect(await stored()).toEqual(objects);
    }, 200_000);
  },
);
