import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "../support/http-client.ts";
import { startViewer, type ViewerFixture } from "../support/viewer-fixture.ts";

const PAGE = `<h1>Page</h1>${"<p>All work and no play.</p>".repeat(100)}`;

let viewer: ViewerFixture;
beforeEach(async () => {
  viewer = await startViewer();
});
afterEach(() => viewer.close());

describe("a viewer gets", () => {
  it("a page with the object's headers and the edge's own", async () => {
    viewer.origin.put("a/index.html", "<p>hi</p>", {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "public, max-age=300",
        "x-amz-meta-note": "kept",
        "x-amz-version-id": "v1",
      },
    });
    const answer = await viewer.get("/a/");
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("<p>hi</p>");
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "public, max-age=300",
      "x-amz-meta-note": "kept",
      "x-amz-version-id": "v1",
      "content-length": "9",
      "accept-ranges": "bytes",
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      server: "AmazonS3",
      date: "Sun, 01 Mar 2026 12:00:00 GMT",
      "x-cache": "Miss from cloudfront",
      via: expect.stringMatching(/^1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/),
      "x-amz-cf-pop": expect.stringMatching(/^[A-Z0-9-]+$/),
      "x-amz-cf-id": expect.stringMatching(/^[\w-]+==$/),
    });
    expect(answer.headers.age).toBeUndefined();
  });

  it("no header of the origin's connection, and none that HTTP cannot carry", async () => {
    viewer.origin.put("index.html", "one", {
      headers: {
        "content-type": "text/html",
        "transfer-encoding": "chunked",
        "content-length": "99",
        "set-cookie": "a=b",
        age: "7",
        "x-amz-meta-line": "a\r\nx-injected: yes",
        "x-amz-meta-name": "日本",
        "bad name": "x",
      },
    });
    const answer = await viewer.get("/");
    expect(answer.text).toBe("one");
    expect(answer.headers["content-length"]).toBe("3");
    for (const name of ["transfer-encoding", "set-cookie", "age", "x-injected", "bad name"]) {
      expect(answer.headers[name]).toBeUndefined();
    }
    expect(answer.headers["x-amz-meta-line"]).toBeUndefined();
    expect(answer.headers["x-amz-meta-name"]).toBeUndefined();
  });

  it("the same page from the cache the second time, with its age and another id", async () => {
    viewer.origin.put("index.html", "one");
    const first = await viewer.get("/");
    await viewer.clock.move(5_900);
    const second = await viewer.get("/");
    expect(second.text).toBe("one");
    expect(second.headers["x-cache"]).toBe("Hit from cloudfront");
    expect(second.headers.age).toBe("5");
    expect(second.headers.date).toBe(first.headers.date);
    expect(second.headers["x-amz-cf-id"]).not.toBe(first.headers["x-amz-cf-id"]);
    expect(viewer.origin.asked).toEqual(["index.html"]);
  });

  it("one cached answer whatever the query and whatever its own cache wishes", async () => {
    viewer.origin.put("index.html", "one");
    await viewer.get("/?a=1");
    const again = await viewer.get("/?a=2", { "cache-control": "no-cache", pragma: "no-cache" });
    expect(again.headers["x-cache"]).toBe("Hit from cloudfront");
  });

  it("a redirect from the edge, which the origin never hears of", async () => {
    const answer = await viewer.get("/a?x=1");
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe("/a/?x=1");
    expect(answer.headers["x-cache"]).toBe("FunctionGeneratedResponse from cloudfront");
    expect(answer.headers.server).toBe("CloudFront");
    expect(viewer.origin.asked).toEqual([]);
  });

  it("400 for a path that is none", async () => {
    const answer = await viewer.get("/%00");
    expect(answer.status).toBe(400);
    expect(viewer.origin.asked).toEqual([]);
  });

  it("one cached object for all spellings of its path", async () => {
    viewer.origin.put("café.txt", "coffee");
    expect((await viewer.get("/caf%C3%A9.txt")).text).toBe("coffee");
    expect((await viewer.get("/%63af%c3%a9.txt")).headers["x-cache"]).toBe("Hit from cloudfront");
  });

  it("the page of an absolute request target", async () => {
    viewer.origin.put("index.html", "one");
    expect((await viewer.get("http://anything.example/")).text).toBe("one");
    expect((await viewer.get("http://anything.example?x")).text).toBe("one");
  });
});

describe("HEAD", () => {
  it("gets the headers of GET, from the same place in the cache, without the body", async () => {
    viewer.origin.put("index.html", PAGE);
    const get = await viewer.get("/");
    const head = await send(viewer.url, "/", { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
    expect(head.headers.etag).toBe(get.headers.etag);
    expect(head.headers["x-cache"]).toBe("Hit from cloudfront");
  });

  it("fills the cache for GET", async () => {
    viewer.origin.put("index.html", PAGE);
    await send(viewer.url, "/", { method: "HEAD" });
    const get = await viewer.get("/");
    expect(get.text).toBe(PAGE);
    expect(get.headers["x-cache"]).toBe("Hit from cloudfront");
  });
});

describe("the edge itself refuses", () => {
  it.each(["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])(
    "%s with 403",
    async (method) => {
      viewer.origin.put("index.html", "one");
      const answer = await send(viewer.url, "/", { method });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain("not configured to allow the HTTP request method");
      expect(answer.headers["x-cache"]).toBe("Error from cloudfront");
      expect(answer.headers.connection).toBe("close");
      expect(viewer.origin.asked).toEqual([]);
    },
  );

  it("a GET with a body with 403", async () => {
    viewer.origin.put("index.html", "one");
    const headers = { "content-length": "3" };
    expect((await send(viewer.url, "/", { headers, body: "abc" })).status).toBe(403);
  });

  it("a URL above 8,192 bytes with 413, and takes one of 8,192", async () => {
    viewer.origin.put("index.html", "one");
    const longest = `/?${"q".repeat(8_190)}`;
    expect((await viewer.get(longest)).status).toBe(200);
    const answer = await viewer.get(`${longest}q`);
    expect(answer.status).toBe(413);
    expect(answer.headers.connection).toBe("close");
  });

  it("headers above 32,768 bytes with 413", async () => {
    expect((await viewer.get("/", { "x-long": "x".repeat(33_000) })).status).toBe(413);
  });

  it("OPTIONS as a bucket without CORS rules does", async () => {
    viewer.origin.put("index.html", "one");
    const headers = { origin: "https://other.example", "access-control-request-method": "GET" };
    const answer = await send(viewer.url, "/", { method: "OPTIONS", headers });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("<Code>AccessForbidden</Code>");
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("a missing page", () => {
  it("is answered with the site's error page and 404", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>", { headers: { "x-amz-meta-page": "lost" } });
    const answer = await viewer.get("/nothing/");
    expect(answer.status).toBe(404);
    expect(answer.text).toBe("<h1>Lost</h1>");
    expect(answer.headers).toMatchObject({
      "x-cache": "Error from cloudfront",
      "content-type": "text/html; charset=utf-8",
      "x-amz-meta-page": "lost",
    });
  });

  it("is answered with 404 in plain words where the site has no error page", async () => {
    const answer = await viewer.get("/nothing/");
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(answer.text).toContain("NoSuchKey");
    expect(answer.text).not.toContain("nothing");
  });

  it("stays missing for 10 seconds after it was published, and is found then", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    await viewer.get("/new/");
    viewer.origin.put("new/index.html", "new");
    await viewer.clock.move(9_999);
    const still = await viewer.get("/new/");
    expect(still.status).toBe(404);
    expect(still.headers.age).toBe("9");
    await viewer.clock.move(1);
    expect((await viewer.get("/new/")).text).toBe("new");
  });

  it("shares the error page with every other one, from its own place in the cache", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    await viewer.get("/one/");
    expect((await viewer.get("/two/")).text).toBe("<h1>Lost</h1>");
    expect(viewer.origin.asked).toEqual(["one/index.html", "404.html", "two/index.html"]);
  });

  it("answers neither conditions nor ranges", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    const { etag = "" } = (await viewer.get("/404.html")).headers;
    const answer = await viewer.get("/nothing/", { "if-none-match": etag, range: "bytes=0-1" });
    expect(answer.status).toBe(404);
    expect(answer.text).toBe("<h1>Lost</h1>");
    expect(answer.headers["accept-ranges"]).toBeUndefined();
  });

  it("has no body for HEAD", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    const answer = await send(viewer.url, "/nothing/", { method: "HEAD" });
    expect(answer.status).toBe(404);
    expect(answer.body).toHaveLength(0);
  });
});

describe("Slipway's own records", () => {
  it("look like any missing page, and the bucket is never asked for them", async () => {
    viewer.origin.put("404.html", "<h1>Lost</h1>");
    viewer.origin.put(".slipway/manifest.json", "secret");
    const paths = [
      "/.slipway/manifest.json",
      "/%2eslipway%2fmanifest.json",
      "/.SLIPWAY/x",
      "/nothing.json",
    ];
    const answers = await Promise.all(paths.map((path) => viewer.get(path)));
    for (const { status, text, headers } of answers) {
      expect({ status, text }).toEqual({ status: 404, text: "<h1>Lost</h1>" });
      // All of them are one entry of the cache, which others may have asked for before.
      const { "x-amz-cf-id": _, age: __, ...rest } = headers;
      const { "x-amz-cf-id": ___, age: ____, ...others } = answers.at(-1)?.headers ?? {};
      expect(rest).toEqual(others);
    }
    const asked = viewer.origin.asked.filter((key) => key.toLowerCase().includes("slipway"));
    expect(new Set(asked)).toEqual(new Set([".slipway-hidden"]));
  });
});

describe("compression", () => {
  it("keeps one variant for each normalized Accept-Encoding, each under a weak ETag", async () => {
    viewer.origin.put("index.html", PAGE);
    const plain = await viewer.get("/");
    const br = await viewer.get("/", { "accept-encoding": "gzip, deflate, br, zstd" });
    const gzip = await viewer.get("/", { "accept-encoding": "gzip;q=1, br;q=0" });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(br.headers["content-encoding"]).toBe("br");
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(brotliDecompressSync(br.body).toString()).toBe(PAGE);
    expect(gunzipSync(gzip.body).toString()).toBe(PAGE);
    expect(br.headers.etag).toBe(`W/${plain.headers.etag}`);
    expect(gzip.headers.etag).toBe(`W/${plain.headers.etag}`);
    expect([plain, br, gzip].map(({ headers }) => headers.vary)).toEqual(
      Array(3).fill("Accept-Encoding"),
    );
    expect(br.headers["content-length"]).toBe(String(br.body.length));
    const again = await viewer.get("/", { "accept-encoding": "br,gzip" });
    expect(again.headers["x-cache"]).toBe("Hit from cloudfront");
    expect(again.body).toEqual(br.body);
  });

  it("leaves small pages, images and what is encoded already alone", async () => {
    viewer.origin.put("small.html", "small");
    viewer.origin.put("photo.png", PAGE, { headers: { "content-type": "image/png" } });
    viewer.origin.put("done.html", PAGE, { headers: { "content-encoding": "gzip" } });
    for (const [path, encoding] of [
      ["/small.html", undefined],
      ["/photo.png", undefined],
      ["/done.html", "gzip"],
    ] as const) {
      const answer = await viewer.get(path, { "accept-encoding": "br" });
      expect(answer.headers["content-encoding"]).toBe(encoding);
      expect(answer.headers.vary).toBeUndefined();
      expect(answer.headers.etag).toMatch(/^"/);
    }
  });

  it("reaches the error page too", async () => {
    viewer.origin.put("404.html", PAGE);
    const answer = await viewer.get("/nothing/", { "accept-encoding": "br" });
    expect(answer.status).toBe(404);
    expect(brotliDecompressSync(answer.body).toString()).toBe(PAGE);
  });
});

describe("conditional requests", () => {
  it("are answered with 304 and no body, from the cache", async () => {
    viewer.origin.put("index.html", PAGE, { headers: { "cache-control": "max-age=60" } });
    const full = await viewer.get("/", { "accept-encoding": "br" });
    const answer = await viewer.get("/", {
      "accept-encoding": "br",
      "if-none-match": full.headers.etag ?? "",
    });
    expect(answer.status).toBe(304);
    expect(answer.body).toHaveLength(0);
    expect(answer.headers).toMatchObject({
      etag: full.headers.etag,
      "cache-control": "max-age=60",
      vary: "Accept-Encoding",
      "x-cache": "Hit from cloudfront",
    });
    expect(answer.headers["content-length"]).toBeUndefined();
  });

  it("go by the date where there is no ETag, and come before ranges", async () => {
    viewer.origin.put("index.html", "one");
    const since = "Thu, 01 Jan 2026 00:00:00 GMT";
    expect((await viewer.get("/", { "if-modified-since": since })).status).toBe(304);
    expect((await viewer.get("/", { "if-none-match": '"other"' })).status).toBe(200);
    const both = await viewer.get("/", { "if-modified-since": since, range: "bytes=0-0" });
    expect(both.status).toBe(304);
  });
});

describe("range requests", () => {
  beforeEach(() => viewer.origin.put("file.bin", "0123456789"));

  it("get one part with 206", async () => {
    const answer = await viewer.get("/file.bin", { range: "bytes=2-4" });
    expect(answer.status).toBe(206);
    expect(answer.text).toBe("234");
    expect(answer.headers["content-range"]).toBe("bytes 2-4/10");
    expect(answer.headers["content-length"]).toBe("3");
  });

  it("get the whole with 200 where they make no sense", async () => {
    const answer = await viewer.get("/file.bin", { range: "bytes=5-6,0-1" });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("0123456789");
  });

  it("get 416 past the end, which is not cached", async () => {
    const answer = await viewer.get("/file.bin", { range: "bytes=10-" });
    expect(answer.status).toBe(416);
    expect(answer.headers["content-range"]).toBe("bytes */10");
    expect(answer.headers["x-cache"]).toBe("Error from cloudfront");
    expect((await viewer.get("/file.bin")).text).toBe("0123456789");
  });

  it("get several parts as multipart/byteranges", async () => {
    const answer = await viewer.get("/file.bin", { range: "bytes=0-1,8-" });
    expect(answer.status).toBe(206);
    const boundary = /boundary=(.+)$/.exec(answer.headers["content-type"] ?? "")?.[1];
    const head = `\r\n--${boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Range: bytes`;
    expect(answer.text).toBe(
      `${head} 0-1/10\r\n\r\n01${head} 8-9/10\r\n\r\n89\r\n--${boundary}--\r\n`,
    );
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
  });

  it("count only while If-Range holds", async () => {
    const { etag = "" } = (await viewer.get("/file.bin")).headers;
    const range = "bytes=0-0";
    expect((await viewer.get("/file.bin", { range, "if-range": etag })).status).toBe(206);
    expect((await viewer.get("/file.bin", { range, "if-range": '"old"' })).status).toBe(200);
  });

  it("do not apply to HEAD", async () => {
    const headers = { range: "bytes=0-0" };
    const answer = await send(viewer.url, "/file.bin", { method: "HEAD", headers });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-length"]).toBe("10");
  });

  it("cut the compressed bytes of a compressed variant", async () => {
    viewer.origin.put("index.html", PAGE);
    const whole = await viewer.get("/", { "accept-encoding": "br" });
    const part = await viewer.get("/", { "accept-encoding": "br", range: "bytes=4-9" });
    expect(part.status).toBe(206);
    expect(part.headers["content-encoding"]).toBe("br");
    expect(part.body).toEqual(whole.body.subarray(4, 10));
  });
});

it("whoever watches is told of every request once it is over", async () => {
  viewer.origin.put("index.html", "one");
  await viewer.get("/?x=1");
  await expect.poll(() => viewer.events).toHaveLength(1);
  expect(viewer.events[0]).toEqual({
    method: "GET",
    url: "/?x=1",
    status: 200,
    cache: "Miss from cloudfront",
    milliseconds: expect.any(Number),
  });
});
