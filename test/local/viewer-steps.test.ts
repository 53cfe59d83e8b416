import { request as httpsRequest } from "node:https";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createViewerFunction } from "../../deploy/local/edge/functions/create-viewer-function.ts";
import type { ViewerFunction } from "../../deploy/local/edge/functions/viewer-function.ts";
import type { ResponseHeadersPolicy } from "../../deploy/local/edge/live-distribution.ts";
import { apiBehavior, cachedBehavior } from "../support/behaviors.ts";
import { send } from "../support/http-client.ts";
import { type HttpOrigin, startHttpOrigin } from "../support/http-origin.ts";
import { selfSignedCertificate } from "../support/self-signed.ts";
import { startViewer, type ViewerFixture } from "../support/viewer-fixture.ts";

let viewer: ViewerFixture;
let origin: HttpOrigin;
beforeEach(async () => {
  viewer = await startViewer();
  origin = await startHttpOrigin();
});
afterEach(async () => {
  await viewer.close();
  await origin.close();
});

function published(eventType: "viewer-request" | "viewer-response", body: string): ViewerFunction {
  return createViewerFunction({
    name: "fn",
    code: `function handler(event) { ${body} }`,
    eventType,
    store: undefined,
  });
}

const POLICY: ResponseHeadersPolicy = { remove: [], set: [], serverTiming: undefined };

describe("before all else", () => {
  it("a disabled distribution serves nobody", async () => {
    viewer.origin.put("index.html", "one");
    viewer.live = { ...viewer.live, enabled: false };
    expect((await viewer.get("/")).status).toBe(403);
    expect(viewer.origin.asked).toEqual([]);
  });

  it("each behavior has its own methods", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    expect((await send(viewer.url, "/api/a", { method: "DELETE" })).status).toBe(200);
    expect((await send(viewer.url, "/a", { method: "DELETE" })).status).toBe(403);
  });

  it("a bucket is not written to, whatever the behavior allows", async () => {
    viewer.changeDefault({ allowedMethods: new Set(["GET", "HEAD", "PUT"]) });
    const answer = await send(viewer.url, "/a.txt", { method: "PUT", body: "x" });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("<Code>AccessDenied</Code>");
  });

  it("the root object stands for / alone", async () => {
    viewer.changeDefault({ viewerRequest: undefined });
    viewer.origin.put("index.html", "root");
    viewer.origin.put("a/index.html", "folder");
    expect((await viewer.get("/")).text).toBe("root");
    expect((await viewer.get("/a/")).status).toBe(404);
    viewer.live = { ...viewer.live, defaultRootObject: "" };
    viewer.cache.invalidate("E1", ["/*"]);
    expect((await viewer.get("/")).status).toBe(404);
  });

  it("an origin path goes before the key", async () => {
    const bucket = { kind: "bucket", bucket: viewer.origin, path: "/blue" } as const;
    viewer.changeDefault({ origin: bucket });
    viewer.origin.put("blue/index.html", "blue");
    expect((await viewer.get("/")).text).toBe("blue");
  });

  it("a path with raw characters beyond ASCII is none", async () => {
    const answer = await viewer.get(Buffer.from("/łódź.txt").toString("latin1"));
    expect(answer.status).toBe(400);
  });

  it("a path that is not UTF-8 is no key", async () => {
    viewer.changeDefault({ viewerRequest: undefined });
    expect((await viewer.get("/%ff")).status).toBe(400);
    expect(viewer.origin.asked).toEqual([]);
  });
});

describe("the viewer protocol policy", () => {
  /** Over a connection with TLS. */
  function secureGet(path: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        {
          host: "127.0.0.1",
          port: viewer.httpsPort,
          path,
          rejectUnauthorized: false,
          agent: false,
        },
        (incoming) => {
          incoming
            .toArray()
            .then((chunks) => resolve({ status: incoming.statusCode ?? 0, text: chunks.join("") }))
            .catch(reject);
        },
      );
      outgoing.once("error", reject);
      outgoing.end();
    });
  }

  beforeEach(async () => {
    await viewer.close();
    viewer = await startViewer({ tls: selfSignedCertificate() });
    viewer.origin.put("index.html", "one");
  });

  it("sends plain connections on to https, before any function runs", async () => {
    viewer.changeDefault({ viewerProtocolPolicy: "redirect-to-https" });
    const answer = await viewer.get("/a?x=1", { host: "www.example.com:8788" });
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe(`https://www.example.com:${viewer.httpsPort}/a?x=1`);
    expect(answer.headers["x-cache"]).toBe("Redirect from cloudfront");
    expect(await secureGet("/")).toEqual({ status: 200, text: "one" });
  });

  it("refuses plain connections where only https is allowed", async () => {
    viewer.changeDefault({ viewerProtocolPolicy: "https-only" });
    expect((await viewer.get("/")).status).toBe(403);
    expect(await secureGet("/")).toEqual({ status: 200, text: "one" });
  });

  it("allows both, over one cache", async () => {
    await viewer.get("/");
    await secureGet("/");
    expect(viewer.origin.asked).toEqual(["index.html"]);
  });
});

it("where the edge has no certificate, plain connections stand for https", async () => {
  viewer.origin.put("index.html", "one");
  viewer.changeDefault({ viewerProtocolPolicy: "redirect-to-https" });
  expect((await viewer.get("/")).status).toBe(200);
});

describe("a viewer-request function", () => {
  it("chooses the key and the object, but not the behavior", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    viewer.changeDefault({
      viewerRequest: published(
        "viewer-request",
        `event.request.uri = "/c/b"; return event.request;`,
      ),
    });
    viewer.origin.put("c/b", "from the bucket");
    expect((await viewer.get("/a")).text).toBe("from the bucket");
    viewer.cache.invalidate("E1", ["/a"]);
    expect((await viewer.get("/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    viewer.cache.invalidate("E1", ["/c/b"]);
    expect((await viewer.get("/a")).headers["x-cache"]).toBe("Miss from cloudfront");
  });

  it("changes what the origin hears", async () => {
    viewer.addBehavior({
      ...apiBehavior(origin.url),
      viewerRequest: published(
        "viewer-request",
        `event.request.headers["x-new"] = { value: "1" };
         event.request.querystring = { y: { value: "2" } };
         event.request.cookies = { c: { value: "3" } };
         delete event.request.headers.accept;
         return event.request;`,
      ),
    });
    await viewer.get("/api/a?x=1", { accept: "text/html" });
    expect(origin.asked[0]?.url).toBe("/api/a?y=2");
    expect(origin.asked[0]?.headers).toMatchObject({ "x-new": "1", cookie: "c=3" });
    expect(origin.asked[0]?.headers.accept).toBeUndefined();
  });

  it("answers by itself, without policy, cache, or viewer-response function", async () => {
    viewer.changeDefault({
      headersPolicy: { ...POLICY, set: [{ name: "x-policy", value: "1", override: true }] },
      viewerResponse: published(
        "viewer-response",
        `event.response.headers["x-fn"] = { value: "1" }; return event.response;`,
      ),
      viewerRequest: published(
        "viewer-request",
        `return { statusCode: 410, statusDescription: "So long", body: "bye",
                  headers: { "x-made": { value: "here" } }, cookies: { a: { value: "1" } } };`,
      ),
    });
    const answer = await viewer.get("/");
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 410, text: "bye" });
    expect(answer.headers).toMatchObject({
      "x-made": "here",
      "set-cookie": ["a=1"],
      "content-length": "3",
      "x-cache": "FunctionGeneratedResponse from cloudfront",
    });
    expect(answer.headers["x-policy"]).toBeUndefined();
    expect(answer.headers["x-fn"]).toBeUndefined();
    expect(viewer.origin.asked).toEqual([]);
  });

  it("may write any characters", async () => {
    viewer.changeDefault({
      viewerRequest: published(
        "viewer-request",
        `var boat = { value: "łódź" };
         return { statusCode: 200, statusDescription: "łódź", headers: { "x-boat": boat } };`,
      ),
    });
    const answer = await viewer.get("/");
    expect(answer.status).toBe(200);
    expect(Buffer.from(String(answer.headers["x-boat"]), "latin1").toString()).toBe("łódź");
  });

  it("may send an origin any path and headers", async () => {
    viewer.addBehavior({
      ...apiBehavior(origin.url),
      viewerRequest: published(
        "viewer-request",
        `event.request.uri = "/łódź";
         event.request.headers.x = { value: "łódź" };
         return event.request;`,
      ),
    });
    expect((await viewer.get("/api/a")).status).toBe(200);
    expect(origin.asked[0]?.url).toBe("/%C5%82%C3%B3d%C5%BA");
  });

  it.each([
    ["throws", `throw new Error("secret");`, 503, "FunctionExecutionError"],
    ["returns nothing", ``, 502, "FunctionValidationError"],
    [
      "touches a read-only header",
      `event.request.headers.host = { value: "x" }; return event.request;`,
      502,
      "FunctionValidationError",
    ],
    [
      "adds a forbidden header",
      `event.request.headers["x-cache"] = { value: "x" }; return event.request;`,
      502,
      "FunctionValidationError",
    ],
  ])(
    "that %s is told as such, and why only to the operator",
    async (_rule, body, status, result) => {
      viewer.changeDefault({ viewerRequest: published("viewer-request", body) });
      const answer = await viewer.get("/");
      expect(answer.status).toBe(status);
      expect(answer.headers["x-cache"]).toBe(`${result} from cloudfront`);
      expect(answer.text).not.toContain("secret");
      expect(viewer.reports).toMatchObject([
        {
          name: "fn",
          requestId: answer.headers["x-amz-cf-id"],
          outcome: { kind: expect.stringMatching(/-error$/) },
        },
      ]);
      expect(viewer.origin.asked).toEqual([]);
    },
  );

  it("has what it logs told to the operator", async () => {
    viewer.changeDefault({
      viewerRequest: published("viewer-request", `console.log("seen"); return event.request;`),
    });
    await viewer.get("/");
    expect(viewer.reports).toMatchObject([{ logs: ["seen"] }]);
  });
});

describe("a viewer-response function", () => {
  const change = (body: string) =>
    viewer.changeDefault({
      viewerResponse: published("viewer-response", `var r = event.response; ${body} return r;`),
    });

  it("changes headers on misses and hits alike, and never what is cached", async () => {
    viewer.origin.put("index.html", "one");
    change(`r.headers["x-id"] = { value: event.context.requestId };`);
    const first = await viewer.get("/");
    const second = await viewer.get("/");
    expect(first.headers["x-id"]).toBe(first.headers["x-amz-cf-id"]);
    expect(second.headers["x-id"]).toBe(second.headers["x-amz-cf-id"]);
    expect(second.text).toBe("one");
    expect(second.headers["content-length"]).toBe("3");
  });

  it("makes a stored page gone, and hides how it knew", async () => {
    viewer.origin.put("old/index.html", "gone", {
      headers: { "x-amz-meta-slipway-status": "410" },
    });
    change(
      `var s = r.headers["x-amz-meta-slipway-status"];
       if (s) { r.statusCode = Number(s.value); r.statusDescription = "Gone"; }
       delete r.headers["x-amz-meta-slipway-status"];`,
    );
    const answer = await viewer.get("/old/");
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 410, text: "gone" });
    expect(answer.headers["x-amz-meta-slipway-status"]).toBeUndefined();
    expect((await send(viewer.url, "/old/", { method: "HEAD" })).status).toBe(410);
  });

  it("replaces a body", async () => {
    viewer.origin.put("index.html", "one");
    change(`r.body = { encoding: "text", data: "another" };`);
    const answer = await viewer.get("/");
    expect(answer.text).toBe("another");
    expect(answer.headers["content-length"]).toBe("7");
  });

  it("sees the policy's headers, and may change them", async () => {
    viewer.origin.put("index.html", "one");
    viewer.changeDefault({
      headersPolicy: { ...POLICY, set: [{ name: "x-policy", value: "set", override: true }] },
    });
    change(`r.headers["x-policy"].value += " and seen";`);
    expect((await viewer.get("/")).headers["x-policy"]).toBe("set and seen");
  });

  it.each([
    ["a missing page", "/missing/"],
    ["a missing page that an error page turns into 200", "/app/"],
  ])("does not run on %s", async (_rule, path) => {
    viewer.origin.put("404.html", "Lost");
    if (path === "/app/") {
      const page = { path: "/404.html", status: 200 };
      viewer.live = {
        ...viewer.live,
        errorResponses: new Map([[404, { cachingMinTtl: 10, page }]]),
      };
    }
    change(`r.headers["x-fn"] = { value: "1" };`);
    const answer = await viewer.get(path);
    expect(answer.text).toBe("Lost");
    expect(answer.headers["x-fn"]).toBeUndefined();
  });

  it("that fails takes the place of the answer", async () => {
    viewer.origin.put("index.html", "one");
    change(`throw new Error("x");`);
    const answer = await viewer.get("/");
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain("one");
  });
});

describe("the response headers policy", () => {
  const put = (headers: Record<string, string>) =>
    viewer.origin.put("index.html", "one", { headers });

  it("removes first, then sets, over the origin's own only where it says so", async () => {
    put({ "x-a": "origin", "x-b": "origin", "x-c": "origin" });
    viewer.changeDefault({
      headersPolicy: {
        ...POLICY,
        remove: ["x-c"],
        set: [
          { name: "x-a", value: "policy", override: true },
          { name: "x-b", value: "policy", override: false },
          { name: "x-c", value: "policy", override: false },
          { name: "x-d", value: "policy", override: false },
        ],
      },
    });
    for (const cache of ["Miss", "Hit"]) {
      expect((await viewer.get("/")).headers).toMatchObject({
        "x-a": "policy",
        "x-b": "origin",
        "x-c": "policy",
        "x-d": "policy",
        "x-cache": `${cache} from cloudfront`,
      });
    }
  });

  it("leaves CloudFront's own Server and Date where the origin's are removed", async () => {
    put({});
    viewer.changeDefault({ headersPolicy: { ...POLICY, remove: ["server", "date"] } });
    await viewer.get("/");
    await viewer.clock.move(5_000);
    const { headers } = await viewer.get("/");
    expect(headers.server).toBe("CloudFront");
    expect(headers.date).toBe("Sun, 01 Mar 2026 12:00:05 GMT");
  });

  it("reaches error pages and what the edge says of a failing origin", async () => {
    viewer.changeDefault({
      headersPolicy: { ...POLICY, set: [{ name: "x-a", value: "policy", override: true }] },
    });
    viewer.origin.put("404.html", "Lost");
    expect((await viewer.get("/missing/")).headers["x-a"]).toBe("policy");
    viewer.origin.failure = new Error("down");
    const failed = await viewer.get("/other/");
    expect(failed.status).toBe(502);
    expect(failed.headers["x-a"]).toBe("policy");
  });

  it.each([
    ["for who asks", undefined, "server-timing", true],
    ["for nobody else, where none are sampled", undefined, undefined, false],
    ["for nobody else, at 0 percent", 0, undefined, false],
    ["for those in the sample", 51, undefined, true],
    ["for none outside of the sample", 50, undefined, false],
  ])("times answers %s", async (_rule, serverTiming, pragma, expected) => {
    put({});
    viewer.changeDefault({ headersPolicy: { ...POLICY, serverTiming } });
    const asked: Record<string, string> = pragma === undefined ? {} : { pragma };
    const miss = (await viewer.get("/", asked)).headers["server-timing"];
    const hit = (await viewer.get("/", asked)).headers["server-timing"];
    expect(miss !== undefined).toBe(expected);
    if (!expected) return;
    expect(miss).toMatch(/^cdn-cache-miss,cdn-pop;desc="LCL50-C1",cdn-rid;desc="[\w-]+=="$/);
    expect(hit).toMatch(/^cdn-cache-hit,.*,cdn-hit-layer;desc="EDGE"$/);
  });
});

describe("an invalidation by cache tag", () => {
  const tagged = (tags: string) => ({ headers: { "x-amz-meta-tags": tags } });
  beforeEach(() => {
    viewer.live = { ...viewer.live, cacheTagHeader: "x-amz-meta-tags" };
  });

  it("drops what bears the tag, in all variants, and leaves the rest", async () => {
    viewer.origin.put("a.txt", "old", tagged("News, home"));
    viewer.origin.put("b.txt", "old", tagged("home"));
    const encodings = ["", "br"];
    const read = (path: string) =>
      Promise.all(encodings.map((encoding) => viewer.get(path, { "accept-encoding": encoding })));
    await read("/a.txt");
    await read("/b.txt");
    viewer.origin.put("a.txt", "new", tagged("news"));
    viewer.origin.put("b.txt", "new", tagged("news"));
    viewer.cache.invalidate("E1", ["#NEWS", "/unrelated"]);
    expect((await read("/a.txt")).map(({ text }) => text)).toEqual(["new", "new"]);
    expect((await read("/b.txt")).map(({ text }) => text)).toEqual(["old", "old"]);
  });

  it("keeps an answer that was under way out of the cache", async () => {
    viewer.origin.put("a.txt", "old", tagged("news"));
    let release = () => {};
    viewer.origin.hold = new Promise((resolve) => {
      release = resolve;
    });
    const early = viewer.get("/a.txt");
    await expect.poll(() => viewer.origin.asked.length).toBe(1);
    viewer.origin.hold = undefined;
    viewer.origin.put("a.txt", "new", tagged("news"));
    viewer.cache.invalidate("E1", ["#news"]);
    expect((await viewer.get("/a.txt")).text).toBe("new");
    release();
    expect((await early).status).toBe(200);
    expect((await viewer.get("/a.txt")).text).toBe("new");
  });
});

it("a request goes by one value of the distribution from beginning to end", async () => {
  viewer.origin.put("a.txt", "one");
  let release = () => {};
  viewer.origin.hold = new Promise((resolve) => {
    release = resolve;
  });
  const answer = viewer.get("/a.txt");
  await expect.poll(() => viewer.origin.asked.length).toBe(1);
  viewer.changeDefault({
    headersPolicy: { ...POLICY, set: [{ name: "x-new", value: "1", override: true }] },
  });
  release();
  expect((await answer).headers["x-new"]).toBeUndefined();
  expect((await viewer.get("/a.txt")).headers["x-new"]).toBe("1");
});
