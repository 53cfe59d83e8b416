import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { send } from "../support/http-client.ts";

/** The operator's view of a whole local edge: what it foretells is what then happens. */

let directory: string;
let edge: LocalEdge;
let s3: S3Client;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-view-"));
  edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: "site",
    distributionId: "E0LOCAL",
  });
  const { apiUrl: endpoint, region } = edge;
  s3 = new S3Client({
    endpoint,
    region,
    credentials: { ...edge.credentials },
    forcePathStyle: true,
  });
  await put("index.html", "text/html; charset=utf-8", "home");
  await put("a/index.html", "text/html; charset=utf-8", "<p>long</p>".repeat(500));
  await put("é/index.html", "text/html; charset=utf-8", "accent");
  await put("app.js", "text/javascript", "x".repeat(2000));
  await put("photo.png", "image/png", "x".repeat(2000));
  await put("404.html", "text/html; charset=utf-8", "<p>missing</p>".repeat(500));
});
afterAll(async () => {
  s3?.destroy();
  await edge?.close();
  await rm(directory, { recursive: true, force: true });
});

async function put(Key: string, ContentType: string, Body: string): Promise<void> {
  const CacheControl = "max-age=600";
  await s3.send(new PutObjectCommand({ Bucket: "site", Key, Body, ContentType, CacheControl }));
}

type Told = { readonly status: number; readonly cache: string; readonly headers: object };

async function foretell(url: string, method: string, encoding: string): Promise<Told> {
  const query = new URLSearchParams({ url, method, "accept-encoding": encoding });
  const { text } = await send(edge.viewerUrl, `/__slipway/try?${query}`);
  const answer = /<div class="answer.*?<\/div><ol|<div class="answer.*?<ol/s.exec(text)?.[0] ?? "";
  const facts = answer.matchAll(/<dt>(.*?)<\/dt><dd class="mono">(.*?)<\/dd>/g);
  return {
    status: Number(/<strong>(\d+)/.exec(answer)?.[1]),
    cache: /X-Cache: ([^<]*)/.exec(answer)?.[1] ?? "",
    headers: Object.fromEntries([...facts].map(([, name, value = ""]) => [name, plain(value)])),
  };
}

function plain(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** Of one answer only, or of its framing. */
const VOLATILE = /^(?:age|date|via|x-cache|x-amz-cf-.*|content-length|connection|keep-alive)$/;

async function ask(path: string, method: string, encoding: string): Promise<Told> {
  const headers = { "accept-encoding": encoding };
  const { status, headers: all } = await send(edge.viewerUrl, path, { method, headers });
  const lasting = Object.entries(all).filter(([name]) => !VOLATILE.test(name));
  return { status, cache: String(all["x-cache"]), headers: Object.fromEntries(lasting) };
}

const PATHS = [
  "/",
  "/a",
  "/a/",
  "/a/?x=1",
  "/a?x=1&y",
  "/a/index.html",
  "//a//",
  "/%C3%A9/",
  "/app.js",
  "/photo.png",
  "/missing",
  "/missing/",
  "/missing.js",
  "/.slipway/manifest.json",
  "/.SLIPWAY/",
  "/%2e%2e/x",
  "/%ff",
  "/%",
  "/a%5cb",
  "/a+b/",
  "/__proto__/",
] as const;

describe("what the operator's view foretells", () => {
  const rows = PATHS.flatMap((path) => ["gzip, br", ""].map((encoding) => ({ path, encoding })));

  it.each(rows)(
    "happens: $path accepting '$encoding', at first and again",
    async ({ path, encoding }) => {
      const foretold = await foretell(path, "GET", encoding);
      expect(await foretell(path, "GET", encoding)).toEqual(foretold);
      expect(foretold).toEqual(await ask(path, "GET", encoding));
      expect(await foretell(path, "GET", encoding)).toEqual(await ask(path, "GET", encoding));
    },
  );

  it.each(["HEAD", "OPTIONS", "POST", "DELETE"])("happens to %s", async (method) => {
    await ask("/", "GET", "");
    const { headers: told, ...rest } = await foretell("/", method, "");
    const { headers, ...asked } = await ask("/", method, "");
    expect(rest).toEqual(asked);
    if (method === "HEAD") expect(told).toEqual(headers);
  });

  it("is no traffic; what is asked of the site is", async () => {
    const requests = async () => {
      const { text } = await send(edge.viewerUrl, "/__slipway");
      return Number(/(\d+) requests?, counted/.exec(text)?.[1]);
    };
    const before = await requests();
    await foretell("/", "GET", "");
    await send(edge.viewerUrl, "/__slipway/live.json");
    expect(await requests()).toBe(before);
    await ask("/counted.html", "GET", "");
    expect(await requests()).toBe(before + 1);
    const { text } = await send(edge.viewerUrl, "/__slipway");
    expect(text).toMatch(/\/counted\.html<\/span>.*?404/s);
  });
});
