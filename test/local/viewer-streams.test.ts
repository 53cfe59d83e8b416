import { createHash } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startViewer, type ViewerFixture } from "../support/viewer-fixture.ts";

const MEBIBYTE = 1024 * 1024;
/** Above what the cache holds whole. */
const LARGE = Buffer.alloc(24 * MEBIBYTE, "0123456789abcdef-");
const BINARY = { headers: { "content-type": "application/octet-stream" } };

let viewer: ViewerFixture;
beforeEach(async () => {
  viewer = await startViewer();
});
afterEach(() => viewer.close());

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Opens a connection and writes; what comes back is collected as text. */
function speak(text: string) {
  const { hostname, port } = new URL(viewer.url);
  const socket = connect(Number(port), hostname);
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(text);
  return { socket, closed, heard: () => heard };
}

/** A download that stops after its first bytes and is not read any further. */
function startDownload(path: string) {
  return new Promise<ReturnType<typeof request>>((resolve, reject) => {
    const { hostname, port } = new URL(viewer.url);
    const outgoing = request({ hostname, port, path, agent: false }, (incoming) => {
      incoming.once("readable", () => resolve(outgoing));
      incoming.on("error", () => {});
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

describe("a large object", () => {
  beforeEach(() => viewer.origin.put("large.bin", LARGE, BINARY));

  it("arrives whole, without taking room in the cache", async () => {
    const answer = await viewer.get("/large.bin");
    expect(sha256(answer.body)).toBe(sha256(LARGE));
    expect(answer.headers["content-length"]).toBe(String(LARGE.length));
    expect(viewer.cache.bytes).toBeLessThan(10_000);
  });

  it("is a hit the second time, in the version that was cached", async () => {
    await viewer.get("/large.bin");
    const answer = await viewer.get("/large.bin");
    expect(answer.headers["x-cache"]).toBe("Hit from cloudfront");
    expect(viewer.origin.asked).toEqual(["large.bin"]);
  });

  it("gives a range by reading only that", async () => {
    const range = { range: `bytes=${20 * MEBIBYTE}-${20 * MEBIBYTE + 9}` };
    const answer = await viewer.get("/large.bin", range);
    expect(answer.status).toBe(206);
    expect(answer.body).toEqual(LARGE.subarray(20 * MEBIBYTE, 20 * MEBIBYTE + 10));
  });

  it("is sent whole for several ranges", async () => {
    const answer = await viewer.get("/large.bin", { range: "bytes=0-1,5-6" });
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(LARGE.length);
  });

  it("is fetched anew when the cached version's bytes are gone", async () => {
    await viewer.get("/large.bin");
    const successor = Buffer.alloc(11 * MEBIBYTE, "new");
    viewer.origin.put("large.bin", successor, BINARY);
    const answer = await viewer.get("/large.bin");
    expect(answer.status).toBe(200);
    expect(sha256(answer.body)).toBe(sha256(successor));
    expect(answer.headers["x-cache"]).toBe("Miss from cloudfront");
    expect(viewer.faults).toEqual([]);
  });

  it("is answered with 502 when its bytes cannot be opened at all", async () => {
    viewer.origin.loseBytes("large.bin");
    const answer = await viewer.get("/large.bin");
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain("secret");
    expect(viewer.faults).toHaveLength(1);
  });

  it("becomes 404 when it is gone altogether", async () => {
    await viewer.get("/large.bin");
    viewer.origin.remove("large.bin");
    expect((await viewer.get("/large.bin")).status).toBe(404);
  });

  it("releases the origin's stream when its viewer leaves", async () => {
    const download = await startDownload("/large.bin");
    expect(viewer.origin.streaming).toBe(1);
    download.destroy();
    await expect.poll(() => viewer.origin.streaming).toBe(0);
    await expect.poll(() => viewer.events).toHaveLength(1);
    expect(viewer.faults).toEqual([]);
  });

  it("is not opened for a viewer that has left already", async () => {
    let release = () => {};
    viewer.origin.hold = new Promise((resolve) => {
      release = resolve;
    });
    const { socket, closed } = speak("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => viewer.origin.asked).toHaveLength(1);
    socket.destroy();
    await closed;
    await expect.poll(() => viewer.events).toHaveLength(1);
    release();
    expect((await viewer.get("/large.bin", { range: "bytes=0-0" })).status).toBe(206);
    expect(viewer.origin.opened).toBe(1);
  });

  it("is let go when its viewer leaves before the first byte", async () => {
    let release = () => {};
    viewer.origin.holdBytes = new Promise((resolve) => {
      release = resolve;
    });
    const { socket, closed } = speak("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => viewer.origin.streaming).toBe(1);
    socket.destroy();
    await closed;
    await expect.poll(() => viewer.events).toHaveLength(1);
    release();
    await expect.poll(() => viewer.origin.streaming).toBe(0);
    expect(viewer.faults).toEqual([]);
  });

  it("keeps memory flat while many viewers stall", async () => {
    const before = process.memoryUsage();
    const downloads = await Promise.all(
      Array.from({ length: 40 }, () => startDownload("/large.bin")),
    );
    const after = process.memoryUsage();
    const grown = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
    expect(grown).toBeLessThan(100 * MEBIBYTE);
    for (const download of downloads) download.destroy();
    await expect.poll(() => viewer.origin.streaming).toBe(0);
  });
});

describe("the server", () => {
  it("survives viewers that leave before their answer", async () => {
    viewer.origin.put("index.html", "one");
    let release = () => {};
    viewer.origin.hold = new Promise((resolve) => {
      release = resolve;
    });
    const early = speak("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => viewer.origin.asked).toHaveLength(1);
    early.socket.destroy();
    await early.closed;
    await expect.poll(() => viewer.events).toHaveLength(1);
    release();
    expect((await viewer.get("/")).text).toBe("one");
    expect(viewer.faults).toEqual([]);
  });

  it("answers what is not HTTP with 400 and ends the connection", async () => {
    const { closed, heard } = speak("nonsense\r\n\r\n");
    await closed;
    expect(heard()).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("answers several requests on one connection, and HTTP/1.0 without compression", async () => {
    viewer.origin.put("a.html", "a".repeat(2_000));
    const { closed, heard } = speak(
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /a.html HTTP/1.0\r\nAccept-Encoding: br\r\n\r\n",
    );
    await closed;
    expect(heard()).toMatch(/^HTTP\/1\.1 301 [\s\S]+HTTP\/1\.1 200 [\s\S]+a{2000}$/);
    expect(heard()).toMatch(/via: 1\.0 /i);
  });

  it("closes at once when connections are idle, and ends what does not end", async () => {
    viewer.origin.put("large.bin", LARGE, BINARY);
    const idle = speak("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(idle.heard).toContain("301");
    const download = await startDownload("/large.bin");
    expect(viewer.origin.streaming).toBe(1);
    await viewer.close(50);
    await idle.closed;
    await expect.poll(() => viewer.origin.streaming).toBe(0);
    download.destroy();
  });

  it("finishes an answer under way before it closes", async () => {
    viewer.origin.put("index.html", "one");
    let release = () => {};
    viewer.origin.hold = new Promise((resolve) => {
      release = resolve;
    });
    const answer = viewer.get("/");
    await expect.poll(() => viewer.origin.asked).toHaveLength(1);
    const closed = viewer.close(10_000);
    release();
    expect((await answer).text).toBe("one");
    await closed;
  });
});
