import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  waitUntilInvalidationCompleted,
} from "@aws-sdk/client-cloudfront";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEdgeCredentials } from "../../deploy/local/edge/credentials.ts";
import {
  type LocalEdge,
  type LocalEdgeOptions,
  startLocalEdge,
} from "../../deploy/local/edge/local-edge.ts";
import { send } from "../support/http-client.ts";
import { selfSignedCertificate } from "../support/self-signed.ts";

let directory: string;
const running: LocalEdge[] = [];
const ending: (() => void)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-edge-"));
});
afterEach(async () => {
  for (const edge of running.splice(0)) await edge.close();
  for (const end of ending.splice(0)) end();
  await rm(directory, { recursive: true, force: true });
});

async function start(options: Partial<LocalEdgeOptions> = {}): Promise<LocalEdge> {
  const edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: "site",
    distributionId: "E0LOCAL",
    invalidationDelayMs: 20,
    ...options,
  });
  running.push(edge);
  return edge;
}

function clientsOf(edge: LocalEdge) {
  const { apiUrl: endpoint, region } = edge;
  // The SDK writes into the object it is given.
  const credentials = { ...edge.credentials };
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const cloudFront = new CloudFrontClient({ endpoint, region, credentials });
  ending.push(
    () => s3.destroy(),
    () => cloudFront.destroy(),
  );
  return { s3, cloudFront };
}

const put = (s3: S3Client, Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket: "site", Key, Body, ContentType: "text/html" }));

const invalidate = (cloudFront: CloudFrontClient, reference: string, path: string) =>
  cloudFront.send(
    new CreateInvalidationCommand({
      DistributionId: "E0LOCAL",
      InvalidationBatch: { CallerReference: reference, Paths: { Quantity: 1, Items: [path] } },
    }),
  );

/** Takes a free port, as another program would. */
async function occupyPort(): Promise<number> {
  const server: Server = createServer();
  ending.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the local edge", () => {
  it("serves what was put into the bucket, the old until it is invalidated", async () => {
    const edge = await start();
    const { s3, cloudFront } = clientsOf(edge);
    await put(s3, "a/index.html", "old");
    expect((await send(edge.viewerUrl, "/a/")).text).toBe("old");
    await put(s3, "a/index.html", "new");
    expect((await send(edge.viewerUrl, "/a/")).text).toBe("old");
    const { Invalidation } = await invalidate(cloudFront, "one", "/a/index.html");
    await waitUntilInvalidationCompleted(
      { client: cloudFront, maxWaitTime: 10, minDelay: 1, maxDelay: 1 },
      { DistributionId: "E0LOCAL", Id: Invalidation?.Id ?? "" },
    );
    const answer = await send(edge.viewerUrl, "/a/");
    expect(answer.text).toBe("new");
    expect(answer.headers["x-cache"]).toBe("Miss from cloudfront");
    expect(answer.headers["content-type"]).toBe("text/html");
  });

  it("never serves the old page once an invalidation is said to be completed", async () => {
    const edge = await start({ invalidationDelayMs: 5 });
    const { s3, cloudFront } = clientsOf(edge);
    for (let i = 0; i < 15; i++) {
      await put(s3, "index.html", `version ${i}`);
      const { Invalidation } = await invalidate(cloudFront, `r${i}`, "/*");
      const get = new GetInvalidationCommand({
        DistributionId: "E0LOCAL",
        Id: Invalidation?.Id ?? "",
      });
      let completed = false;
      while (!completed) {
        const [state] = await Promise.all([
          cloudFront.send(get),
          send(edge.viewerUrl, "/"),
          send(edge.viewerUrl, "/", { headers: { "accept-encoding": "br" } }),
        ]);
        completed = state.Invalidation?.Status === "Completed";
      }
      expect((await send(edge.viewerUrl, "/")).text).toBe(`version ${i}`);
    }
  });

  it("says where it is: the bucket, the distribution, the viewer's address", async () => {
    const edge = await start({ region: "eu-west-1" });
    const { s3, cloudFront } = clientsOf(edge);
    expect(edge).toMatchObject({ bucket: "site", distributionId: "E0LOCAL", region: "eu-west-1" });
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(["site"]);
    const { DistributionList } = await cloudFront.send(new ListDistributionsCommand({}));
    expect(DistributionList?.Items?.[0]).toMatchObject({
      Id: "E0LOCAL",
      DomainName: new URL(edge.viewerUrl).host,
      Origins: { Items: [{ DomainName: "site.s3.eu-west-1.amazonaws.com" }] },
    });
  });

  it("listens on loopback only", async () => {
    const edge = await start();
    expect(new URL(edge.viewerUrl).hostname).toBe("127.0.0.1");
    expect(new URL(edge.apiUrl).hostname).toBe("127.0.0.1");
  });

  it("tells of every request on either side", async () => {
    const seen: string[] = [];
    const edge = await start({
      onViewerRequest: ({ method, url, status }) => seen.push(`viewer ${method} ${url} ${status}`),
      onApiRequest: ({ service, operation, status }) =>
        seen.push(`${service} ${operation} ${status}`),
    });
    const { s3, cloudFront } = clientsOf(edge);
    await put(s3, "index.html", "one");
    await invalidate(cloudFront, "one", "/*");
    await send(edge.viewerUrl, "/?x");
    await expect
      .poll(() => seen)
      .toEqual(["s3 PutObject 200", "cloudfront CreateInvalidation 201", "viewer GET /?x 200"]);
  });
});

describe("after a restart, the local edge", () => {
  it("has the same objects, invalidations and credentials", async () => {
    const first = await start();
    const before = clientsOf(first);
    await put(before.s3, "index.html", "kept");
    const { Invalidation } = await invalidate(before.cloudFront, "one", "/*");
    await first.close();
    const second = await start();
    expect(second.credentials).toEqual(first.credentials);
    expect((await send(second.viewerUrl, "/")).text).toBe("kept");
    const again = await invalidate(clientsOf(second).cloudFront, "one", "/*");
    expect(again.Invalidation?.Id).toBe(Invalidation?.Id);
  });

  it("may be closed twice, and its ports and folder are free at once", async () => {
    const first = await start();
    await Promise.all([first.close(), first.close()]);
    await first.close();
    const ports = {
      viewerPort: Number(new URL(first.viewerUrl).port),
      apiPort: Number(new URL(first.apiUrl).port),
    };
    expect((await start(ports)).viewerUrl).toBe(first.viewerUrl);
  });
});

describe("the credentials", () => {
  it("are made once, at random, in a file only its owner can read", async () => {
    const edge = await start();
    const file = join(directory, "credentials.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(edge.credentials);
    expect(edge.credentials.accessKeyId).toMatch(/^AKIA[0-9A-F]{16}$/);
    expect(edge.credentials.secretAccessKey).toHaveLength(40);
    expect(await readEdgeCredentials(directory)).toEqual(edge.credentials);
    const other = await readEdgeCredentials(join(directory, "other"));
    expect(other.secretAccessKey).not.toBe(edge.credentials.secretAccessKey);
  });

  it("that were damaged are named, with the way out", async () => {
    await writeFile(join(directory, "credentials.json"), "{");
    await expect(start()).rejects.toMatchObject({
      kind: "config",
      text: { next: expect.stringContaining("Delete that file") },
    });
  });

  it("may be given instead", async () => {
    const credentials = { accessKeyId: "AKIAGIVEN", secretAccessKey: "given" };
    const edge = await start({ credentials });
    expect(edge.credentials).toEqual(credentials);
    await put(clientsOf(edge).s3, "index.html", "one");
    await expect(stat(join(directory, "credentials.json"))).rejects.toThrow("ENOENT");
  });
});

describe("a start that cannot succeed", () => {
  it.each(["viewerPort", "apiPort"])(
    "names the %s in use and leaves nothing running",
    async (option) => {
      const port = await occupyPort();
      await expect(start({ [option]: port })).rejects.toMatchObject({
        kind: "config",
        text: {
          what: `The local edge cannot listen on port ${port}`,
          why: "another program listens there",
          next: "End that program, or choose another port: slipway edge --port 9000",
        },
      });
      const edge = await start();
      expect((await send(edge.viewerUrl, "/a")).status).toBe(301);
    },
  );

  it("closes the viewer when the API cannot listen", async () => {
    const free = await occupyPort();
    ending.splice(0).map((end) => end());
    const taken = await occupyPort();
    await expect(start({ viewerPort: free, apiPort: taken })).rejects.toThrow("cannot listen");
    await expect(send(`http://127.0.0.1:${free}`, "/")).rejects.toThrow("ECONNREFUSED");
  });

  it("names a folder whose path is a file", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    await expect(start({ directory: join(file, "edge") })).rejects.toMatchObject({
      kind: "config",
    });
  });

  it.skipIf(process.getuid?.() === 0)("names a folder that cannot be written", async () => {
    await chmod(directory, 0o500);
    await expect(start()).rejects.toMatchObject({ kind: "config" });
    await chmod(directory, 0o700);
  });

  it("names a folder that another edge uses", async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ kind: "config" });
  });
});

it("the local edge serves https too, if it has a certificate", async () => {
  const edge = await start({ tls: { ...selfSignedCertificate(), port: 0 } });
  const { s3 } = clientsOf(edge);
  await s3.send(new PutObjectCommand({ Bucket: "site", Key: "index.html", Body: "one" }));
  const text = await new Promise<string>((resolve, reject) => {
    get(edge.secureViewerUrl ?? "", { rejectUnauthorized: false, agent: false }, (incoming) => {
      incoming.toArray().then((chunks) => resolve(chunks.join("")), reject);
    }).once("error", reject);
  });
  expect(text).toBe("one");
  await edge.close();
  await expect(fetch(edge.secureViewerUrl ?? "")).rejects.toThrow();
});
