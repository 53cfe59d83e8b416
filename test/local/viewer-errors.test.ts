import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorResponse } from "../../deploy/local/edge/live-distribution.ts";
import { apiBehavior, cachedBehavior, customOrigin } from "../support/behaviors.ts";
import { send } from "../support/http-client.ts";
import { type HttpOrigin, startHttpOrigin } from "../support/http-origin.ts";
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

function configure(errorResponses: Record<number, ErrorResponse>): void {
  const entries = Object.entries(errorResponses).map(
    ([status, response]) => [Number(status), response] as const,
  );
  viewer.live = { ...viewer.live, errorResponses: new Map(entries) };
}

const POLICY = { min: 1, default: 50, max: 100 };
const NEVER = 0;

/** CF-DG "How CloudFront processes 4xx and 5xx", "Control how long CloudFront caches errors". */
describe("an origin's error is served again without asking it", () => {
  beforeEach(() => {
    configure({});
    viewer.addBehavior(cachedBehavior(origin.url, POLICY));
  });

  it.each([
    ...[404, 410, 414, 500, 501, 502, 503, 504].flatMap(
      (status) =>
        [
          [status, "nothing said: for 10 seconds", undefined, 10],
          [status, "max-age above 10: for it", "max-age=60", 60],
          [status, "max-age above MaxTTL: for MaxTTL", "max-age=600", 100],
        ] as const,
    ),
    ...[400, 403, 405, 412, 415].flatMap(
      (status) =>
        [
          [status, "nothing said: never", undefined, NEVER],
          [status, "max-age: for it", "max-age=60", 60],
          [status, "s-maxage below 10: for 10 seconds", "s-maxage=1", 10],
        ] as const,
    ),
    ...[404, 410, 414, 501].map(
      (status) => [status, "no-store: never", "no-store", NEVER] as const,
    ),
    [404, "no-cache: never", "no-cache", NEVER],
    [404, "private: never", "private", NEVER],
    ...[500, 502, 503, 504].map(
      (status) => [status, "no-store: for 10 seconds all the same", "no-store", 10] as const,
    ),
    [416, "max-age: never", "max-age=60", NEVER],
    [418, "a code in neither list: never", "max-age=60", NEVER],
  ] as const)("%i, %s", async (status, _rule, cacheControl, seconds) => {
    origin.says(status, cacheControl === undefined ? {} : { "cache-control": cacheControl }, "no");
    const first = await viewer.get("/c/a");
    expect({ status: first.status, text: first.text }).toEqual({ status, text: "no" });
    expect(first.headers["x-cache"]).toBe("Error from cloudfront");
    if (seconds > 0) {
      await viewer.clock.move(seconds * 1000 - 1);
      expect((await viewer.get("/c/a")).status).toBe(status);
      expect(origin.asked).toHaveLength(1);
      await viewer.clock.move(1);
    }
    await viewer.get("/c/a");
    expect(origin.asked).toHaveLength(2);
  });

  it("for the ErrorCachingMinTTL that is configured for its status", async () => {
    configure({ 404: { cachingMinTtl: 30, page: undefined } });
    origin.says(404);
    await viewer.get("/c/a");
    await viewer.clock.move(29_999);
    await viewer.get("/c/a");
    expect(origin.asked).toHaveLength(1);
    await viewer.clock.move(1);
    await viewer.get("/c/a");
    expect(origin.asked).toHaveLength(2);
  });

  it("not under CachingDisabled", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    origin.says(503, { "cache-control": "max-age=60" });
    await viewer.get("/api/a");
    await viewer.get("/api/a");
    expect(origin.asked).toHaveLength(2);
  });

  it("until an invalidation of its path", async () => {
    origin.says(404);
    await viewer.get("/c/a");
    origin.says(200);
    viewer.cache.invalidate("E1", ["/c/*"]);
    expect((await viewer.get("/c/a")).status).toBe(200);
  });

  it("compressed, if it is a 404 or a 403 that is kept, and no other", async () => {
    const html = { "content-type": "text/html", "cache-control": "max-age=60" };
    const codings: unknown[] = [];
    for (const status of [404, 403, 500]) {
      origin.says(status, html, "x".repeat(2_000));
      const { headers } = await viewer.get(`/c/${status}`, { "accept-encoding": "br" });
      codings.push(headers["content-encoding"]);
    }
    expect(codings).toEqual(["br", "br", undefined]);
  });
});

describe("a custom error response", () => {
  it("puts its page, under its status, in the place of what the origin said", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    configure({ 503: { cachingMinTtl: 0, page: { path: "/busy.html", status: 500 } } });
    viewer.origin.put("busy.html", "<h1>Busy</h1>", { headers: { "x-amz-meta-page": "busy" } });
    origin.says(503, { "x-secret": "yes" }, "stack trace");
    const answer = await viewer.get("/api/a");
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 500,
      text: "<h1>Busy</h1>",
    });
    expect(answer.headers["x-secret"]).toBeUndefined();
    expect(answer.headers["x-amz-meta-page"]).toBe("busy");
    expect(answer.headers["x-cache"]).toBe("Error from cloudfront");
  });

  it("may turn an error into 200", async () => {
    configure({ 404: { cachingMinTtl: 10, page: { path: "/app.html", status: 200 } } });
    viewer.origin.put("app.html", "app");
    expect((await viewer.get("/any/")).status).toBe(200);
  });

  it("applies to no other code, so that the API's own errors reach its viewers", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    origin.says(422, { "content-type": "application/json" }, '{"error":"no"}');
    const answer = await send(viewer.url, "/api/a", { method: "POST", body: "{}" });
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 422,
      text: '{"error":"no"}',
    });
  });

  it("applies to what the edge says of an origin that fails", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    configure({ 502: { cachingMinTtl: 0, page: { path: "/down.html", status: 502 } } });
    viewer.origin.put("down.html", "down");
    await origin.close();
    const answer = await viewer.get("/api/a");
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 502, text: "down" });
  });

  it("is found by its own path's behavior, past that one's viewer-request function", async () => {
    const asked: string[] = [];
    viewer.addBehavior({
      pathPattern: "/errors/*",
      origin: customOrigin(origin.url, { path: "/base" }),
      viewerRequest: {
        name: "witness",
        run: ({ request }) => {
          asked.push(request.uri);
          return { outcome: { kind: "request", request }, logs: [] };
        },
      },
    });
    configure({ 404: { cachingMinTtl: 10, page: { path: "/errors/404", status: 404 } } });
    origin.says(200, {}, "from the custom origin");
    expect((await viewer.get("/missing/")).text).toBe("from the custom origin");
    expect(origin.asked.map(({ url }) => url)).toEqual(["/base/errors/404"]);
    expect(asked).toEqual([]);
  });

  it("whose page fails gives way to that failure", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    configure({ 500: { cachingMinTtl: 10, page: { path: "/none.html", status: 500 } } });
    origin.says(500);
    expect((await viewer.get("/api/a")).status).toBe(404);
  });

  it("does not apply to an error that a function made", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    viewer.changeDefault({
      viewerRequest: {
        name: "gone",
        run: () => ({
          outcome: { kind: "response", response: { statusCode: 404 } },
          logs: [],
        }),
      },
    });
    const answer = await viewer.get("/");
    expect(answer.status).toBe(404);
    expect(answer.text).toBe("");
    expect(answer.headers["x-cache"]).toBe("FunctionGeneratedResponse from cloudfront");
  });

  it("is asked for without the body of the request that failed", async () => {
    viewer.addBehavior(apiBehavior(origin.url));
    configure({ 500: { cachingMinTtl: 10, page: { path: "/api/sorry", status: 503 } } });
    origin.handle = (request, response) => {
      const isPage = request.url === "/api/sorry";
      request.resume().on("end", () => response.writeHead(isPage ? 200 : 500).end("sorry"));
    };
    const answer = await send(viewer.url, "/api/orders", { method: "POST", body: "one" });
    expect(answer).toMatchObject({ status: 503, text: "sorry" });
    expect(origin.asked.map(({ method, headers }) => [method, headers["content-length"]])).toEqual([
      ["POST", "3"],
      ["GET", undefined],
    ]);
  });
});
