import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startViewer, type ViewerFixture } from "../support/viewer-fixture.ts";

let viewer: ViewerFixture;
beforeEach(async () => {
  viewer = await startViewer();
});
afterEach(() => viewer.close());

/** Holds the origin's answers back until the result is called. */
function holdOrigin(): () => void {
  let release = () => {};
  viewer.origin.hold = new Promise((resolve) => {
    release = () => {
      viewer.origin.hold = undefined;
      resolve();
    };
  });
  return release;
}

const untilAsked = (times: number) =>
  expect.poll(() => viewer.origin.asked.length, { interval: 1 }).toBe(times);

describe("the cache", () => {
  it("serves the old page after it changed, until its time is over", async () => {
    viewer.origin.put("index.html", "old", { headers: { "cache-control": "max-age=60" } });
    await viewer.get("/");
    viewer.origin.put("index.html", "new");
    await viewer.clock.move(59_999);
    expect((await viewer.get("/")).text).toBe("old");
    await viewer.clock.move(1);
    const answer = await viewer.get("/");
    expect(answer.text).toBe("new");
    expect(answer.headers["x-cache"]).toBe("Miss from cloudfront");
  });

  it("revalidates an expired page by its ETag, without reading its bytes again", async () => {
    viewer.origin.put("index.html", "one", { headers: { "cache-control": "max-age=60" } });
    await viewer.get("/");
    await viewer.clock.move(60_000);
    const refreshed = await viewer.get("/");
    expect(refreshed.text).toBe("one");
    expect(refreshed.headers["x-cache"]).toBe("RefreshHit from cloudfront");
    expect(refreshed.headers.age).toBeUndefined();
    expect(refreshed.headers.date).toBe("Sun, 01 Mar 2026 12:01:00 GMT");
    expect(viewer.origin.opened).toBe(1);
    await viewer.clock.move(59_000);
    const hit = await viewer.get("/");
    expect(hit.headers["x-cache"]).toBe("Hit from cloudfront");
    expect(hit.headers.age).toBe("59");
  });

  it("takes a new lifetime from a revalidation, but no other header, as after a 304", async () => {
    const type = "text/plain";
    viewer.origin.put("a.txt", "one", { headers: { "cache-control": "max-age=1" } });
    await viewer.get("/a.txt");
    await viewer.clock.move(1_000);
    const headers = { "cache-control": "max-age=99", "content-type": type };
    viewer.origin.put("a.txt", "one", { headers });
    const answer = await viewer.get("/a.txt");
    expect(answer.headers["x-cache"]).toBe("RefreshHit from cloudfront");
    expect(answer.headers["cache-control"]).toBe("max-age=99");
    expect(answer.headers["content-type"]).not.toBe(type);
  });

  it("keeps even a no-store page for CachingOptimized's one second", async () => {
    viewer.origin.put("index.html", "one", { headers: { "cache-control": "no-store" } });
    await viewer.get("/");
    await viewer.clock.move(999);
    expect((await viewer.get("/")).headers["x-cache"]).toBe("Hit from cloudfront");
    await viewer.clock.move(1);
    expect((await viewer.get("/")).headers["x-cache"]).toBe("RefreshHit from cloudfront");
  });

  it("forgets an expired page that was removed", async () => {
    viewer.origin.put("index.html", "one", { headers: { "cache-control": "max-age=1" } });
    await viewer.get("/");
    viewer.origin.remove("index.html");
    await viewer.clock.move(1_000);
    expect((await viewer.get("/")).status).toBe(404);
  });

  it("asks the origin once for all who want the same page at the same time", async () => {
    viewer.origin.put("index.html", "one");
    const release = holdOrigin();
    const answers = Promise.all(Array.from({ length: 20 }, () => viewer.get("/")));
    await untilAsked(1);
    release();
    expect((await answers).map(({ text }) => text)).toEqual(Array(20).fill("one"));
    expect(viewer.origin.asked).toEqual(["index.html"]);
    expect(viewer.origin.opened).toBe(1);
  });
});

describe("an invalidation", () => {
  it("drops every variant of a path and leaves the others", async () => {
    viewer.origin.put("a/index.html", "old");
    viewer.origin.put("b/index.html", "old");
    const encodings = ["", "br", "gzip", "br, gzip"];
    const read = (path: string) =>
      Promise.all(encodings.map((encoding) => viewer.get(path, { "accept-encoding": encoding })));
    await read("/a/");
    await read("/b/");
    viewer.origin.put("a/index.html", "new");
    viewer.origin.put("b/index.html", "new");
    viewer.cache.invalidate("E1", ["/a/index.html"]);
    expect((await read("/a/")).map(({ text }) => text)).toEqual(Array(4).fill("new"));
    expect((await read("/b/")).map(({ text }) => text)).toEqual(Array(4).fill("old"));
  });

  it("drops a remembered absence", async () => {
    await viewer.get("/new/");
    viewer.origin.put("new/index.html", "new");
    viewer.cache.invalidate("E1", ["/new/*"]);
    expect((await viewer.get("/new/")).text).toBe("new");
  });

  it("of the error page changes what every missing page says", async () => {
    viewer.origin.put("404.html", "old");
    await viewer.get("/nothing/");
    viewer.origin.put("404.html", "new");
    expect((await viewer.get("/nothing/")).text).toBe("old");
    viewer.cache.invalidate("E1", ["/404.html"]);
    expect((await viewer.get("/nothing/")).text).toBe("new");
  });

  it("keeps an origin's answer that was under way out of the cache", async () => {
    viewer.origin.put("index.html", "old");
    const release = holdOrigin();
    const early = viewer.get("/");
    await untilAsked(1);
    viewer.origin.put("index.html", "new");
    viewer.cache.invalidate("E1", ["/*"]);
    release();
    await early;
    const later = await viewer.get("/");
    expect(later.text).toBe("new");
    expect(later.headers["x-cache"]).toBe("Miss from cloudfront");
  });

  it("lets no later viewer join a fetch that began before it", async () => {
    viewer.origin.put("index.html", "old");
    const release = holdOrigin();
    const early = viewer.get("/");
    await untilAsked(1);
    viewer.origin.hold = undefined;
    viewer.origin.put("index.html", "new");
    viewer.cache.invalidate("E1", ["/index.html"]);
    expect((await viewer.get("/")).text).toBe("new");
    release();
    await early;
    expect((await viewer.get("/")).text).toBe("new");
  });

  it("keeps a revalidation that was under way from bringing the old page back", async () => {
    viewer.origin.put("index.html", "old", { headers: { "cache-control": "max-age=1" } });
    await viewer.get("/");
    await viewer.clock.move(1_000);
    const release = holdOrigin();
    const early = viewer.get("/");
    await untilAsked(2);
    viewer.origin.put("index.html", "new");
    viewer.cache.invalidate("E1", ["/index.html"]);
    release();
    expect((await early).text).toBe("old");
    expect((await viewer.get("/")).text).toBe("new");
  });
});

describe("a failing origin", () => {
  it("is answered with 502, which names no detail and is remembered for 10 seconds", async () => {
    viewer.origin.failure = new Error("EIO: /home/secret/path");
    const answer = await viewer.get("/");
    expect(answer.status).toBe(502);
    expect(answer.text).not.toMatch(/EIO|secret|at /);
    expect(answer.headers["x-cache"]).toBe("Error from cloudfront");
    expect(viewer.faults).toEqual([viewer.origin.failure]);
    viewer.origin.failure = undefined;
    viewer.origin.put("index.html", "one");
    await viewer.clock.move(9_999);
    expect((await viewer.get("/")).status).toBe(502);
    await viewer.clock.move(1);
    expect((await viewer.get("/")).text).toBe("one");
  });

  it.each([
    ["fewer", 9],
    ["more", 2],
  ])("that sends %s bytes than it announced is answered with 502", async (_rule, size) => {
    viewer.origin.put("index.html", "12345", { size });
    const answer = await viewer.get("/");
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain("12");
    expect(viewer.origin.streaming).toBe(0);
  });

  it("leaves an expired page in service for 10 seconds at a time", async () => {
    viewer.origin.put("index.html", "one", { headers: { "cache-control": "max-age=1" } });
    await viewer.get("/");
    await viewer.clock.move(1_000);
    viewer.origin.failure = new Error("down");
    expect((await viewer.get("/")).text).toBe("one");
    await viewer.clock.move(9_000);
    expect((await viewer.get("/")).text).toBe("one");
    expect(viewer.faults).toHaveLength(1);
    viewer.origin.failure = undefined;
    viewer.origin.put("index.html", "two");
    await viewer.clock.move(1_000);
    expect((await viewer.get("/")).text).toBe("two");
  });

  it("leaves no page in service that forbids it", async () => {
    const headers = { "cache-control": "max-age=1, stale-if-error=0" };
    viewer.origin.put("index.html", "one", { headers });
    await viewer.get("/");
    await viewer.clock.move(1_000);
    viewer.origin.failure = new Error("down");
    expect((await viewer.get("/")).status).toBe(502);
  });
});

it("an object replaced between its look-up and its reading is read again", async () => {
  viewer.origin.put("index.html", "old");
  const release = holdOrigin();
  const answer = viewer.get("/");
  await untilAsked(1);
  viewer.origin.put("index.html", "new");
  release();
  expect((await answer).text).toBe("new");
});

describe("a full cache", () => {
  beforeEach(async () => {
    await viewer.close();
    viewer = await startViewer({ maxBytes: 100_000 });
  });

  it("drops what was used least recently, and never holds more than its limit", async () => {
    for (let i = 0; i < 10; i++) {
      viewer.origin.put(`${i}.txt`, Buffer.alloc(20_000, `${i}`), {
        headers: { "content-type": "image/png" },
      });
    }
    for (let i = 0; i < 10; i++) {
      await viewer.get(`/${i}.txt`);
      await viewer.get("/0.txt");
      expect(viewer.cache.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(viewer.origin.asked.filter((key) => key === "0.txt")).toHaveLength(1);
    const hit = async (path: string) => (await viewer.get(path)).headers["x-cache"];
    expect(await hit("/0.txt")).toBe("Hit from cloudfront");
    expect(await hit("/9.txt")).toBe("Hit from cloudfront");
    expect(await hit("/1.txt")).toBe("Miss from cloudfront");
  });

  it("does not grow with the number of missing pages", async () => {
    for (let i = 0; i < 300; i++) await viewer.get(`/missing-${i}.txt`);
    expect(viewer.cache.bytes).toBeLessThanOrEqual(100_000);
  });

  it("passes on an object larger than itself", async () => {
    viewer.origin.put("big.png", Buffer.alloc(200_000, "x"), {
      headers: { "content-type": "image/png" },
    });
    for (let i = 0; i < 2; i++) {
      const answer = await viewer.get("/big.png");
      expect(answer.body).toHaveLength(200_000);
      expect(answer.headers["x-cache"]).toBe("Miss from cloudfront");
    }
  });
});
