import { createHash, randomBytes } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { createServer as createNetServer } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiBehavior, cachedBehavior, customOrigin } from "../support/behaviors.ts";
import { send } from "../support/http-client.ts";
import { type HttpOrigin, startHttpOrigin } from "../support/http-origin.ts";
import { startViewer, type ViewerFixture } from "../support/viewer-fixture.ts";

const MEBIBYTE = 1024 * 1024;

let viewer: ViewerFixture;
let origin: HttpOrigin;
beforeEach(async () => {
  viewer = await startViewer();
  origin = await startHttpOrigin();
  viewer.addBehavior(apiBehavior(origin.url));
});
afterEach(async () => {
  await viewer.close();
  await origin.close();
});

/** A request whose answer is given as soon as its head is there. */
function open(path: string, { method = "GET", headers = {} } = {}) {
  const { hostname, port } = new URL(viewer.url);
  const outgoing = request({ hostname, port, path, method, headers, agent: false });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
  });
  return { outgoing, answer };
}

describe("the API behind the edge is asked", () => {
  it("with the viewer's method, path, query and headers, and its own Host", async () => {
    await send(viewer.url, "/api/a%2Fb?x=1&x=2&%C3%A9=", {
      method: "PATCH",
      headers: {
        host: "www.example.com",
        "user-agent": "Viewer/1",
        authorization: "Bearer t",
        cookie: "a=1; b=2",
        accept: "application/json",
        "content-type": "application/json",
        "if-match": '"v1"',
        "x-forwarded-for": "203.0.113.9",
        via: "1.0 proxy",
        connection: "close, x-hop",
        "x-hop": "mine",
        te: "trailers",
        "x-forwarded-proto": "https",
        "x-real-ip": "1.2.3.4",
        "x-amz-cf-id": "forged",
      },
      body: "{}",
    });
    const [asked] = origin.asked;
    expect(asked).toMatchObject({ method: "PATCH", url: "/api/a%2Fb?x=1&x=2&%C3%A9=" });
    expect(asked?.headers).toMatchObject({
      host: new URL(origin.url).host,
      "user-agent": "Viewer/1",
      authorization: "Bearer t",
      cookie: "a=1; b=2",
      accept: "application/json",
      "content-type": "application/json",
      "content-length": "2",
      "if-match": '"v1"',
      "x-forwarded-for": "203.0.113.9, 127.0.0.1",
      via: expect.stringMatching(/^1\.0 proxy, 1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/),
      "x-amz-cf-id": expect.stringMatching(/^[\w-]+==$/),
    });
    for (const name of ["x-hop", "te", "x-forwarded-proto", "x-real-ip"]) {
      expect(asked?.headers[name]).toBeUndefined();
    }
  });

  it("with the headers that its origin is configured with, over the viewer's", async () => {
    const headers = { "x-origin-key": "secret" };
    viewer.addBehavior({
      ...apiBehavior(origin.url),
      origin: customOrigin(origin.url, { headers, path: "/v2" }),
    });
    await viewer.get("/api/a", { "x-origin-key": "guess" });
    expect(origin.asked[0]?.headers["x-origin-key"]).toBe("secret");
    expect(origin.asked[0]?.url).toBe("/v2/api/a");
  });

  it("with the viewer's Host under all-viewer", async () => {
    viewer.addBehavior({ ...apiBehavior(origin.url), originRequest: "all-viewer" });
    await viewer.get("/api/a", { host: "www.example.com" });
    expect(origin.asked[0]?.headers.host).toBe("www.example.com");
  });

  it("with little where no origin request policy is", async () => {
    viewer.addBehavior({ ...apiBehavior(origin.url), originRequest: "nothing" });
    origin.says(200, { "set-cookie": "a=1", vary: "Accept-Encoding, Cookie" });
    const answer = await viewer.get("/api/a?x=1", {
      cookie: "a=1",
      "user-agent": "Viewer/1",
      accept: "text/html",
      referer: "https://example.com/",
    });
    const [asked] = origin.asked;
    expect(asked?.url).toBe("/api/a");
    expect(asked?.headers["user-agent"]).toBe("Amazon CloudFront");
    for (const name of ["cookie", "accept", "referer"]) {
      expect(asked?.headers[name]).toBeUndefined();
    }
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.headers.vary).toBe("Accept-Encoding");
  });

  it.each(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"])(
    "each time, with %s",
    async (method) => {
      origin.says(200, { "cache-control": "max-age=60" });
      await send(viewer.url, "/api/a", { method });
      const answer = await send(viewer.url, "/api/a", { method });
      expect(answer.headers["x-cache"]).toBe("Miss from cloudfront");
      expect(origin.asked.map((asked) => asked.method)).toEqual([method, method]);
    },
  );

  it("with a body of DELETE", async () => {
    let body = "";
    origin.handle = (incoming, response) => {
      incoming.on("data", (chunk) => {
        body += chunk;
      });
      incoming.on("end", () => response.end());
    };
    const headers = { "transfer-encoding": "chunked" };
    await send(viewer.url, "/api/a", { method: "DELETE", headers, body: "all of it" });
    expect(body).toBe("all of it");
  });

  it("over connections that are used again", async () => {
    origin.says(200);
    for (let i = 0; i < 5; i++) await viewer.get("/api/a");
    await send(viewer.url, "/api/a", { method: "HEAD" });
    await viewer.get("/api/a");
    expect(origin.connections()).toBe(1);
  });
});

describe("the API's answer reaches its viewer", () => {
  it("with all its headers, several cookies too, but none of its connection", async () => {
    origin.handle = (_request, response) => {
      response.writeHead(
        201,
        [
          ["Set-Cookie", "a=1; Path=/"],
          ["Set-Cookie", "b=2"],
          ["Location", "/api/a/1"],
          ["Vary", "Origin"],
          ["Via", "1.1 vegur"],
          ["Connection", "x-hop"],
          ["X-Hop", "mine"],
          ["X-Cache", "HIT"],
          ["Content-Length", "2"],
        ].flat(),
      );
      response.end("{}");
    };
    const answer = await send(viewer.url, "/api/a", { method: "POST", body: "{}" });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      "set-cookie": ["a=1; Path=/", "b=2"],
      location: "/api/a/1",
      vary: "Origin",
      "content-length": "2",
      "x-cache": "Miss from cloudfront",
      via: expect.stringMatching(/^1\.1 vegur, 1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/),
    });
    expect(answer.headers["x-hop"]).toBeUndefined();
    expect(answer.headers.age).toBeUndefined();
  });

  it.each([204, 304])("as %i without a body", async (status) => {
    origin.handle = (_request, response) => void response.writeHead(status, { etag: '"a"' }).end();
    const answer = await viewer.get("/api/a", { "if-none-match": '"a"' });
    expect(answer.status).toBe(status);
    expect(answer.headers.etag).toBe('"a"');
    expect(answer.body).toHaveLength(0);
  });

  it("for HEAD with the length that GET would have", async () => {
    origin.handle = (_request, response) => {
      response.writeHead(200, { "content-length": "12345" });
      response.end();
    };
    const answer = await send(viewer.url, "/api/a", { method: "HEAD" });
    expect(answer.headers["content-length"]).toBe("12345");
    expect(answer.body).toHaveLength(0);
  });

  it("as a part, where a part was asked for", async () => {
    origin.says(206, { "content-range": "bytes 0-1/9" }, "or");
    const answer = await viewer.get("/api/a", { range: "bytes=0-1" });
    expect(origin.asked[0]?.headers.range).toBe("bytes=0-1");
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 206, text: "or" });
  });

  it("event by event, its head before the first one", async () => {
    let next = (_text: string) => {};
    origin.handle = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      next = (text) => void response.write(text);
    };
    const { outgoing, answer } = open("/api/events");
    outgoing.end();
    const incoming = await answer;
    expect(incoming.headers["content-type"]).toBe("text/event-stream");
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
      const heard = new Promise<string>((resolve) =>
        incoming.once("data", (chunk) => resolve(String(chunk))),
      );
      next(event);
      expect(await heard).toBe(event);
    }
    outgoing.destroy();
  });

  it("cut short, where the origin breaks off", async () => {
    origin.handle = (_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("only this", () => response.destroy());
    };
    const { outgoing, answer } = open("/api/a");
    outgoing.on("error", () => {});
    outgoing.end();
    const incoming = await answer;
    await expect(incoming.resume().toArray()).rejects.toThrow(/aborted/);
  });
});

describe("a large upload", () => {
  it("arrives whole, and as it comes", async () => {
    const body = randomBytes(20 * MEBIBYTE);
    const hash = createHash("sha256");
    origin.handle = (incoming, response) => {
      incoming.on("data", (chunk) => hash.update(chunk));
      incoming.on("end", () => response.end(hash.digest("hex")));
    };
    const { outgoing, answer } = open("/api/files", { method: "PUT" });
    await pipeline(Readable.from(chunksOf(body)), outgoing);
    const heard = (await (await answer).toArray()).join("");
    expect(heard).toBe(createHash("sha256").update(body).digest("hex"));
  });

  it("waits at its viewer while the API does not read", async () => {
    origin.handle = () => {};
    const { outgoing, answer } = open("/api/files", { method: "PUT" });
    answer.catch(() => {});
    const chunk = Buffer.alloc(MEBIBYTE);
    // Socket buffers on the way take some, but never all of it.
    let taken = 0;
    const pump = () => {
      while (taken < 200 && outgoing.write(chunk)) taken += 1;
    };
    outgoing.on("drain", () => {
      taken += 1;
      pump();
    });
    pump();
    await expect.poll(() => origin.asked.length).toBe(1);
    await send(viewer.url, "/");
    expect(taken).toBeLessThan(200);
    outgoing.destroy();
  });

  it("that its viewer breaks off ends at the API too", async () => {
    let broken = false;
    origin.handle = (incoming) => {
      incoming.on("error", () => {});
      incoming.once("close", () => {
        broken = !incoming.complete;
      });
    };
    const headers = { "content-length": "1000" };
    const { outgoing, answer } = open("/api/files", { method: "PUT", headers });
    answer.catch(() => {});
    outgoing.write("begun");
    await expect.poll(() => origin.asked.length).toBe(1);
    outgoing.destroy();
    await expect.poll(() => broken).toBe(true);
    expect(viewer.faults).toEqual([]);
  });
});

describe("an API that fails", () => {
  it("to take a connection is answered with 502, each time anew", async () => {
    await origin.close();
    const answer = await viewer.get("/api/a");
    expect(answer.status).toBe(502);
    expect(answer.text).toContain("502 ERROR");
    expect(answer.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/);
    expect(answer.headers["x-cache"]).toBe("Error from cloudfront");
    expect(answer.headers.server).toBe("CloudFront");
    expect(viewer.faults).toHaveLength(1);
  });

  it("to answer in time is answered with 504", async () => {
    viewer.addBehavior({
      ...apiBehavior(origin.url),
      origin: customOrigin(origin.url, { readTimeoutMs: 50 }),
    });
    origin.handle = () => {};
    const answer = await viewer.get("/api/a");
    expect(answer.status).toBe(504);
    expect(answer.text).toContain("504 ERROR");
  });

  it("to speak HTTP is answered with 502", async () => {
    const server = createNetServer((socket) => {
      socket.on("error", () => {});
      socket.end("nonsense\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    viewer.addBehavior(apiBehavior(`http://127.0.0.1:${port}`));
    expect((await viewer.get("/api/a")).status).toBe(502);
    server.close();
  });

  it("to keep a connection open is asked once more over another one", async () => {
    origin.handle = (_request, response) => {
      response.end("one");
      // Gone before the edge uses it again, and without a word about it.
      setImmediate(() => response.socket?.destroy());
    };
    for (let i = 0; i < 20; i++) expect((await viewer.get("/api/a")).status).toBe(200);
  });
});

it("a viewer who leaves ends the question to the API", async () => {
  let ended = false;
  origin.handle = (_request, response) => {
    response.once("close", () => {
      ended = true;
    });
  };
  const { outgoing, answer } = open("/api/slow");
  answer.catch(() => {});
  outgoing.end();
  await expect.poll(() => origin.asked.length).toBe(1);
  outgoing.destroy();
  await expect.poll(() => ended).toBe(true);
  expect(viewer.faults).toEqual([]);
});

describe("an origin behind the cache", () => {
  it("is asked once for all who want the same at the same time", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    const held: (() => void)[] = [];
    origin.handle = (_request, response) => void held.push(() => response.end("one"));
    const answers = Promise.all(Array.from({ length: 10 }, () => viewer.get("/c/a")));
    await expect.poll(() => held).toHaveLength(1);
    held[0]?.();
    expect((await answers).map(({ text }) => text)).toEqual(Array(10).fill("one"));
    expect(origin.asked).toHaveLength(1);
  });

  it("gives each viewer an answer of its own, where none may be kept", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    let count = 0;
    const held: (() => void)[] = [];
    origin.handle = (_request, response) => {
      count += 1;
      response.setHeader("cache-control", "no-store");
      const text = `answer ${count}`;
      if (count === 1) held.push(() => response.end(text));
      else response.end(text);
    };
    const answers = Promise.all(Array.from({ length: 3 }, () => viewer.get("/c/a")));
    await expect.poll(() => held).toHaveLength(1);
    held[0]?.();
    expect(new Set((await answers).map(({ text }) => text)).size).toBe(3);
  });

  it("passes on what is too large to hold, announced or not", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    const large = Buffer.alloc(11 * MEBIBYTE, "x");
    origin.handle = (incoming, response) => {
      if (incoming.url === "/c/announced") response.setHeader("content-length", large.length);
      response.end(large);
    };
    expect((await viewer.get("/c/announced")).body).toHaveLength(large.length);
    expect((await viewer.get("/c/chunked")).body).toHaveLength(large.length);
    expect(viewer.cache.bytes).toBeLessThan(10_000);
  });

  it("is not compressed and gives no ranges where it names no length", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    origin.handle = (_request, response) => {
      response.setHeader("content-type", "text/html");
      response.write("x".repeat(1_000));
      response.end("y".repeat(1_000));
    };
    const answer = await viewer.get("/c/a", { "accept-encoding": "br", range: "bytes=0-1" });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.headers["accept-ranges"]).toBeUndefined();
    expect(answer.body).toHaveLength(2_000);
  });

  it("is compressed, asked with the codings of the key, under a weak ETag", async () => {
    viewer.addBehavior(cachedBehavior(origin.url, { brotli: false }));
    const headers = { "content-type": "text/html", etag: '"one"' };
    origin.says(200, headers, "x".repeat(2_000));
    const answer = await viewer.get("/c/a", { "accept-encoding": "br, gzip, zstd" });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.headers.etag).toBe('W/"one"');
    expect(origin.asked[0]?.headers["accept-encoding"]).toBe("gzip");
  });

  it("loses an ETag that is none, when it is compressed", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    origin.says(200, { "content-type": "text/html", etag: "one" }, "x".repeat(2_000));
    const answer = await viewer.get("/c/a", { "accept-encoding": "br" });
    expect(answer.headers["content-encoding"]).toBe("br");
    expect(answer.headers.etag).toBeUndefined();
  });

  it("is keyed by the query only where the cache policy says so", async () => {
    viewer.addBehavior(cachedBehavior(origin.url));
    await viewer.get("/c/a?x=1");
    expect((await viewer.get("/c/a?x=2")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect(origin.asked.map(({ url }) => url)).toEqual(["/c/a"]);
    viewer.addBehavior(cachedBehavior(origin.url, { query: true }));
    await viewer.get("/c/b?x=1");
    expect((await viewer.get("/c/b?x=2")).headers["x-cache"]).toBe("Miss from cloudfront");
    expect((await viewer.get("/c/b?x=1")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect(origin.asked.slice(1).map(({ url }) => url)).toEqual(["/c/b?x=1", "/c/b?x=2"]);
  });
});

function* chunksOf(body: Buffer) {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
}
