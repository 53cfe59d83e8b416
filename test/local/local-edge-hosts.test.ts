import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFrontClient,
  CreateDistributionCommand,
  CreateFunctionCommand,
  CreateInvalidationCommand,
  PublishFunctionCommand,
  waitUntilInvalidationCompleted,
} from "@aws-sdk/client-cloudfront";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { send } from "../support/http-client.ts";

const OWN = "E0LOCAL";
const DISABLED_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const CACHE = "658327ea-f89d-4fab-a63d-7e88639e58f6";

let directory: string;
let edge: LocalEdge;
let s3: S3Client;
let cloudFront: CloudFrontClient;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-hosts-"));
  edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: "own",
    distributionId: OWN,
    invalidationDelayMs: 20,
    deploymentMs: 0,
  });
  const { apiUrl: endpoint, region } = edge;
  s3 = new S3Client({
    endpoint,
    region,
    credentials: { ...edge.credentials },
    forcePathStyle: true,
  });
  cloudFront = new CloudFrontClient({ endpoint, region, credentials: { ...edge.credentials } });
  await put("own", "a.txt", "own");
});
afterEach(async () => {
  s3.destroy();
  cloudFront.destroy();
  await edge.close();
  await rm(directory, { recursive: true, force: true });
});

const put = (Bucket: string, Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "text/plain" }));

/** A published function that answers `/who` with the distribution it was told of, and its own name. */
async function publish(Name: string): Promise<string> {
  const code = `function handler(event) {
    if (event.request.uri !== "/who") return event.request;
    var context = event.context;
    return {
      statusCode: 200,
      statusDescription: "OK",
      headers: { "x-who": { value: "${Name} " + context.distributionId + " " + context.distributionDomainName } }
    };
  }`;
  const { ETag: IfMatch } = await cloudFront.send(
    new CreateFunctionCommand({
      Name,
      FunctionCode: Buffer.from(code),
      FunctionConfig: { Comment: "", Runtime: "cloudfront-js-2.0" },
    }),
  );
  const { FunctionSummary } = await cloudFront.send(new PublishFunctionCommand({ Name, IfMatch }));
  return FunctionSummary?.FunctionMetadata?.FunctionARN ?? "";
}

/** A bucket with one text, and a distribution with these aliases and a function in front of it. */
async function addSite(name: string, aliases: readonly string[], CachePolicyId = CACHE) {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await put(name, "a.txt", name);
  const { Distribution } = await cloudFront.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: name,
        Comment: name,
        Enabled: true,
        Aliases: { Quantity: aliases.length, Items: [...aliases] },
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: "bucket",
              DomainName: `${name}.s3.us-east-1.amazonaws.com`,
              S3OriginConfig: { OriginAccessIdentity: "" },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: "bucket",
          ViewerProtocolPolicy: "allow-all",
          CachePolicyId,
          FunctionAssociations: {
            Quantity: 1,
            Items: [
              { EventType: "viewer-request", FunctionARN: await publish(`${name}-function`) },
            ],
          },
        },
      },
    }),
  );
  return { id: Distribution?.Id ?? "", domainName: Distribution?.DomainName ?? "" };
}

const get = (host: string | undefined, path: string) =>
  send(edge.viewerUrl, path, host === undefined ? {} : { headers: { host } });

async function invalidate(DistributionId: string, path: string): Promise<void> {
  const { Invalidation } = await cloudFront.send(
    new CreateInvalidationCommand({
      DistributionId,
      InvalidationBatch: { CallerReference: path, Paths: { Quantity: 1, Items: [path] } },
    }),
  );
  const poll = { client: cloudFront, maxWaitTime: 10, minDelay: 1, maxDelay: 1 };
  await waitUntilInvalidationCompleted(poll, { DistributionId, Id: Invalidation?.Id ?? "" });
}

describe("the viewer's port", () => {
  it("answers for each distribution with its own bucket and function, by Host", async () => {
    const blog = await addSite("blog", ["www.example.com", "*.example.org"]);
    const shop = await addSite("shop", ["shop.example.org"]);
    const texts = await Promise.all(
      [
        undefined,
        "localhost",
        "unknown.example",
        "www.example.com",
        `${blog.domainName}:8788`,
        "a.example.org",
        "shop.example.org",
        shop.domainName,
      ].map(async (host) => (await get(host, "/a.txt")).text),
    );
    expect(texts).toEqual(["own", "own", "own", "blog", "blog", "blog", "shop", "shop"]);
    const who = async (host: string) => (await get(host, "/who")).headers["x-who"];
    expect(await who("www.example.com")).toBe(`blog-function ${blog.id} ${blog.domainName}`);
    expect(await who("shop.example.org")).toBe(`shop-function ${shop.id} ${shop.domainName}`);
    expect(await who("localhost")).toBeUndefined();
  });

  it("forgets what is invalidated in one distribution, and keeps the other's copy", async () => {
    const blog = await addSite("blog", ["blog.example"]);
    const shop = await addSite("shop", ["shop.example"]);
    const hosts = [undefined, "blog.example", "shop.example"];
    const states = () =>
      Promise.all(
        hosts.map(async (host) => {
          const { text, headers } = await get(host, "/a.txt");
          return `${text} ${headers["x-cache"]}`;
        }),
      );
    await states();
    for (const bucket of ["own", "blog", "shop"]) await put(bucket, "a.txt", `new ${bucket}`);
    await invalidate(blog.id, "/a.txt");
    expect(await states()).toEqual([
      "own Hit from cloudfront",
      "new blog Miss from cloudfront",
      "shop Hit from cloudfront",
    ]);
    await invalidate(OWN, "/*");
    expect(await states()).toEqual([
      "new own Miss from cloudfront",
      "new blog Hit from cloudfront",
      "shop Hit from cloudfront",
    ]);
    await invalidate(shop.id, "/*");
    expect((await states())[2]).toBe("new shop Miss from cloudfront");
  });

  it("goes by each distribution's own policies", async () => {
    await addSite("fresh", ["fresh.example"], DISABLED_CACHE);
    await get("fresh.example", "/a.txt");
    await put("fresh", "a.txt", "at once");
    expect((await get("fresh.example", "/a.txt")).text).toBe("at once");
  });
});
