import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cachedBehavior } from "../support/behaviors.ts";
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

const NO_MINIMUM = { min: 0, default: 50, max: 100 };
const MINIMUM = { min: 10, default: 5, max: 100 };
const OPTIMIZED = { min: 1, default: 86_400, max: 31_536_000 };

/** The rows of CF-DG "Manage how long content stays in the cache", by what reaches the origin. */
describe("an answer of an origin is served again without asking it", () => {
  it.each([
    ["MinTTL 0, s-maxage: for its value", NO_MINIMUM, "s-maxage=60, max-age=1", 60],
    ["MinTTL 0, s-maxage: at most MaxTTL", NO_MINIMUM, "s-maxage=600", 100],
    ["MinTTL 0, max-age: for its value", NO_MINIMUM, "max-age=60", 60],
    ["MinTTL 0, none: for DefaultTTL", NO_MINIMUM, undefined, 50],
    ["MinTTL 0, no-store: never", NO_MINIMUM, "no-store", 0],
    ["MinTTL 0, no-cache: never", NO_MINIMUM, "no-cache", 0],
    ["MinTTL 0, private: never", NO_MINIMUM, "private, max-age=60", 0],
    ["MinTTL > 0, s-maxage: at least MinTTL", MINIMUM, "s-maxage=1", 10],
    ["MinTTL > 0, s-maxage: at most MaxTTL", MINIMUM, "s-maxage=600", 100],
    ["MinTTL > 0, none: for the larger of MinTTL and DefaultTTL", MINIMUM, undefined, 10],
    ["MinTTL > 0, no-cache: for MinTTL", MINIMUM, "no-cache", 10],
    ["MinTTL > 0, no-store: for MinTTL", MINIMUM, "no-store", 10],
    ["MinTTL > 0, private: for MinTTL", MINIMUM, "private", 10],
    ["CachingOptimized, no-store: a second", OPTIMIZED, "no-store", 1],
  ])("%s", async (_row, policy, cacheControl, seconds) => {
    viewer.addBehavior(cachedBehavior(origin.url, policy));
    origin.says(200, cacheControl === undefined ? {} : { "cache-control": cacheControl });
    await viewer.get("/c/a");
    if (seconds > 0) {
      await viewer.clock.move(seconds * 1000 - 1);
      expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Hit from cloudfront");
      await viewer.clock.move(1);
    }
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Miss from cloudfront");
    expect(origin.asked).toHaveLength(2);
  });

  it("Expires: until then", async () => {
    viewer.addBehavior(cachedBehavior(origin.url, NO_MINIMUM));
    origin.says(200, { expires: "Sun, 01 Mar 2026 12:00:30 GMT" });
    await viewer.get("/c/a");
    await viewer.clock.move(29_999);
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    await viewer.clock.move(1);
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Miss from cloudfront");
  });
});

describe("an expired answer", () => {
  /** Its time is over after a second. */
  async function cache(cacheControl: string, policy: object = NO_MINIMUM, more = {}) {
    viewer.addBehavior(cachedBehavior(origin.url, policy));
    origin.says(200, { "cache-control": cacheControl, ...more }, "old");
    await viewer.get("/c/a");
    await viewer.clock.move(1_000);
  }

  it("is asked after with its validators, and a 304 gives it a new lifetime", async () => {
    const lastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
    await cache("max-age=1", NO_MINIMUM, { etag: '"one"', "last-modified": lastModified });
    origin.says(304, { "cache-control": "max-age=7" }, "");
    const answer = await viewer.get("/c/a", { "if-none-match": '"viewer"' });
    expect(answer.text).toBe("old");
    expect(answer.headers["x-cache"]).toBe("RefreshHit from cloudfront");
    expect(answer.headers["cache-control"]).toBe("max-age=7");
    expect(origin.asked[1]?.headers).toMatchObject({
      "if-none-match": '"one"',
      "if-modified-since": lastModified,
    });
    await viewer.clock.move(6_999);
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Hit from cloudfront");
  });

  it("keeps its lifetime where a 304 names none", async () => {
    await cache("max-age=1", NO_MINIMUM, { etag: '"one"' });
    origin.says(304, {}, "");
    expect((await viewer.get("/c/a")).headers["cache-control"]).toBe("max-age=1");
    await viewer.clock.move(999);
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Hit from cloudfront");
    await viewer.clock.move(1);
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("RefreshHit from cloudfront");
  });

  it("is not compressed by a 304, if it was not before", async () => {
    const page = { etag: '"one"', "content-type": "text/html" };
    viewer.addBehavior({ ...cachedBehavior(origin.url, NO_MINIMUM), compress: false });
    origin.says(200, { "cache-control": "max-age=1", ...page }, "x".repeat(2_000));
    await viewer.get("/c/a", { "accept-encoding": "br" });
    viewer.addBehavior(cachedBehavior(origin.url, NO_MINIMUM));
    await viewer.clock.move(1_000);
    origin.says(304, {}, "");
    const answer = await viewer.get("/c/a", { "accept-encoding": "br" });
    expect(answer.headers["x-cache"]).toBe("RefreshHit from cloudfront");
    expect(answer.headers["content-encoding"]).toBeUndefined();
  });

  it("with max-age=0 is revalidated each time", async () => {
    await cache("max-age=0", NO_MINIMUM, { etag: '"one"' });
    origin.says(304, {}, "");
    const answer = await viewer.get("/c/a");
    expect(answer.text).toBe("old");
    expect(answer.headers["x-cache"]).toBe("RefreshHit from cloudfront");
  });

  it("with stale-while-revalidate=N is served at once, and fetched anew behind it", async () => {
    await cache("max-age=1, stale-while-revalidate=10");
    const held: (() => void)[] = [];
    origin.handle = (_request, response) => void held.push(() => response.end("new"));
    expect((await viewer.get("/c/a")).text).toBe("old");
    expect((await viewer.get("/c/a")).text).toBe("old");
    await expect.poll(() => held).toHaveLength(1);
    held[0]?.();
    await expect.poll(async () => (await viewer.get("/c/a")).text).toBe("new");
    expect(origin.asked).toHaveLength(2);
  });

  it("with max-age=0 and stale-while-revalidate=N is kept for it, validators or not", async () => {
    await cache("max-age=0, stale-while-revalidate=10");
    expect((await viewer.get("/c/a")).headers["x-cache"]).toBe("Hit from cloudfront");
  });

  it("with max-age=0 and stale-if-error=N is kept for it, validators or not", async () => {
    await cache("max-age=0, stale-if-error=10");
    origin.says(500);
    expect((await viewer.get("/c/a")).text).toBe("old");
  });

  it("with stale-while-revalidate=N is not served after N seconds more", async () => {
    await cache("max-age=1, stale-while-revalidate=10");
    origin.says(200, {}, "new");
    await viewer.clock.move(10_000);
    expect((await viewer.get("/c/a")).text).toBe("new");
  });

  it("with stale-while-revalidate=N is served for at most MaxTTL", async () => {
    await cache("max-age=1, stale-while-revalidate=1000");
    origin.says(200, {}, "new");
    await viewer.clock.move(100_000);
    expect((await viewer.get("/c/a")).text).toBe("new");
  });

  it("does not come back by a refresh that an invalidation overtook", async () => {
    await cache("max-age=1, stale-while-revalidate=10");
    const held: (() => void)[] = [];
    origin.handle = (_request, response) => void held.push(() => response.end("overtaken"));
    await viewer.get("/c/a");
    await expect.poll(() => held).toHaveLength(1);
    viewer.cache.invalidate("E1", ["/c/a"]);
    origin.says(200, {}, "new");
    expect((await viewer.get("/c/a")).text).toBe("new");
    held[0]?.();
    // The overtaken answer ends before one that is asked for later on the same origin.
    await viewer.get("/c/b");
    expect((await viewer.get("/c/a")).text).toBe("new");
  });

  it.each([
    ["an origin that answers 500", 500],
    ["an origin that answers 503", 503],
  ])("stands in for %s, for ErrorCachingMinTTL at a time", async (_rule, status) => {
    await cache("max-age=1");
    origin.says(status);
    const answer = await viewer.get("/c/a");
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: "old" });
    await viewer.clock.move(9_999);
    expect((await viewer.get("/c/a")).text).toBe("old");
    expect(origin.asked).toHaveLength(2);
    await viewer.clock.move(1);
    origin.says(200, {}, "new");
    expect((await viewer.get("/c/a")).text).toBe("new");
  });

  it("stands in for an origin that refuses connections", async () => {
    await cache("max-age=1");
    await origin.close();
    expect((await viewer.get("/c/a")).text).toBe("old");
  });

  it("stands in for an origin that takes too long, once it has", async () => {
    await cache("max-age=1");
    const [first] = viewer.live.behaviors;
    if (first?.origin.kind !== "custom") throw new Error("no custom origin");
    viewer.addBehavior({ ...first, origin: { ...first.origin, readTimeoutMs: 50 } });
    origin.handle = () => {};
    expect((await viewer.get("/c/a")).text).toBe("old");
  });

  it("gives way to a 4xx", async () => {
    await cache("max-age=1");
    origin.says(403, {}, "no");
    expect((await viewer.get("/c/a")).status).toBe(403);
  });

  it("with stale-if-error=N stands in for N seconds", async () => {
    await cache("max-age=1, stale-if-error=15");
    origin.says(500);
    expect((await viewer.get("/c/a")).text).toBe("old");
    await viewer.clock.move(14_999);
    expect((await viewer.get("/c/a")).text).toBe("old");
    await viewer.clock.move(1);
    expect((await viewer.get("/c/a")).status).toBe(500);
  });

  it("with stale-if-error=N stands in for at most MaxTTL", async () => {
    await cache("max-age=1, stale-if-error=1000");
    origin.says(500);
    await viewer.clock.move(100_000);
    expect((await viewer.get("/c/a")).status).toBe(500);
  });

  it("with stale-if-error stands in before any error page", async () => {
    await cache("max-age=1, stale-if-error=15");
    const page = { path: "/404.html", status: 500 };
    viewer.live = {
      ...viewer.live,
      errorResponses: new Map([[500, { cachingMinTtl: 10, page }]]),
    };
    viewer.origin.put("404.html", "error page");
    origin.says(500);
    expect((await viewer.get("/c/a")).text).toBe("old");
  });

  it("of no-store under MinTTL > 0 stands in too", async () => {
    await cache("no-store", { min: 1, default: 1, max: 100 });
    origin.says(500);
    expect((await viewer.get("/c/a")).text).toBe("old");
  });

  it("of no-store under MinTTL > 0 does not stand in with stale-if-error=0", async () => {
    await cache("no-store, stale-if-error=0", { min: 1, default: 1, max: 100 });
    origin.says(500);
    expect((await viewer.get("/c/a")).status).toBe(500);
  });
});
