import { randomBytes } from "node:crypto";
import { appendFile, rm, truncate, writeFile } from "node:fs/promises";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { partSizeFor } from "../../deploy/aws/multipart-upload.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { failureOf } from "../support/failure.ts";
import { type Fate, type FaultyProxy, PASS, startFaultyProxy } from "../support/faulty-proxy.ts";
import { createUploadWorld, type UploadWorld } from "../support/upload-world.ts";

const MIB = 1024 * 1024;
const SIZES = [
  ["in memory", MIB / 8],
  ["as a stream", 9 * MIB],
  ["in parts", 65 * MIB],
] as const;

let world: UploadWorld;
let proxy: FaultyProxy;
let fateOf: (url: string, method: string) => Fate;

beforeAll(async () => {
  world = await createUploadWorld();
  proxy = await startFaultyProxy(world.s3.url, ({ url, method }) => fateOf(url, method));
});
beforeEach(() => {
  fateOf = () => PASS;
});
afterAll(async () => {
  // Whatever happened above, nothing that was begun is left to be paid for.
  expect((await world.contents()).uploads).toBe(0);
  await proxy?.close();
  await world?.close();
});

const head = (Key: string) =>
  world.s3.client.send(
    new HeadObjectCommand({ Bucket: world.bucket, Key, ChecksumMode: "ENABLED" }),
  );

/** The ETag of what is stored, or undefined. */
const etagOf = (key: string) =>
  head(key).then(
    ({ ETag }) => ETag,
    () => undefined,
  );

/** Bytes that no earlier call gave. */
function newBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size, "not to be compressed ");
  const mark = randomBytes(64);
  mark.copy(bytes);
  mark.copy(bytes, size - mark.length);
  return bytes;
}

describe.each(SIZES)("a file that is sent %s", (how, size) => {
  const key = `${how.replaceAll(" ", "-")}.jpg`;

  it("arrives with its bytes, headers and checksum", async () => {
    const file = await world.file(key, newBytes(size));
    const { etag } = await world.store().putFile(file);
    expect(await world.stored(key)).toBe(file.fingerprint.content);
    const answer = await head(key);
    expect(answer).toMatchObject({ ETag: etag, ContentType: "image/jpeg" });
    expect(answer.ChecksumSHA256).toBeDefined();
  });

  it("arrives at a store that knows no checksums", async () => {
    const file = await world.file(key, newBytes(size));
    await world.store(undefined, "none").putFile(file);
    expect((await head(key)).ChecksumSHA256).toBeUndefined();
  });

  it("arrives when every first attempt breaks off and every second answer is lost", async () => {
    const file = await world.file(key, newBytes(size));
    const seen = new Map<string, number>();
    fateOf = (url, method) => {
      const name = `${method} ${url.replace(/uploadId=[^&]*/, "")}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      if (count === 1) return { kind: "reset" };
      return count === 2 && method === "PUT" ? { kind: "lose-answer" } : PASS;
    };
    await world.store(proxy.url).putFile(file);
    expect(await world.stored(key)).toBe(file.fingerprint.content);
  });

  it.each([
    ["is cut short", (path: string) => truncate(path, size / 2)],
    ["grows", (path: string) => appendFile(path, "more")],
    ["is overwritten with as many bytes", (path: string) => writeFile(path, newBytes(size))],
    ["vanishes", (path: string) => rm(path)],
  ])("is refused when it %s after the scan, and leaves the object as it was", async (_, change) => {
    const before = await etagOf(key);
    const next = await world.file(key, newBytes(size));
    await change(world.pathOf(key));
    const failure = await failureOf(world.store().putFile(next));
    expect(failure.kind).toBe("config");
    expect(failure.text.what).toBe(`${key} changed while it was being deployed`);
    expect(await etagOf(key)).toBe(before);
  });

  it("is given up when it may not go on, with that very error", async () => {
    const before = await etagOf(key);
    const next = await world.file(key, newBytes(size));
    let asked = 0;
    const stop = new SlipwayError("locked", { what: "told to stop", why: "-", next: "-" });
    const put = world.store().putFile(next, async () => {
      asked += 1;
      if (asked > (size > MIB ? 12 : 0)) throw stop;
    });
    await expect(put).rejects.toBe(stop);
    expect(await etagOf(key)).toBe(before);
  });
});

describe.each(SIZES.slice(1))("while a file is sent %s", (how, size) => {
  const key = `while-${how.replaceAll(" ", "-")}.jpg`;

  it.each([
    ["cut short", (path: string) => truncate(path, size / 2)],
    ["continued", (path: string) => appendFile(path, "more")],
    ["overwritten", (path: string) => writeFile(path, newBytes(size))],
  ])("it is %s: then nothing is stored", async (_, change) => {
    const file = await world.file(key, newBytes(size));
    const chunks = Math.ceil(size / (256 * 1024));
    let asked = 0;
    const failure = await failureOf(
      world.store().putFile(file, async () => {
        asked += 1;
        // Parts are read twice: once for their digests, then to send them.
        if (asked === (how === "in parts" ? chunks + 20 : 10)) await change(world.pathOf(key));
      }),
    );
    expect(failure.text.what).toBe(`${key} changed while it was being deployed`);
    expect(await etagOf(key)).toBeUndefined();
  });
});

describe("parts", () => {
  it("are removed when one of them is refused", async () => {
    const file = await world.file("denied.bin", newBytes(65 * MIB));
    fateOf = (url) =>
      url.includes("partNumber=3") ? { kind: "refuse", status: 403, code: "AccessDenied" } : PASS;
    const failure = await failureOf(world.store(proxy.url).putFile(file));
    expect(failure.text.why).toContain("s3:PutObject");
    expect(await etagOf("denied.bin")).toBeUndefined();
  });

  it("are confirmed one by one, and found to be an object when the last answer was lost", async () => {
    const file = await world.file("torn.bin", newBytes(65 * MIB));
    let lost = false;
    fateOf = (url, method) => {
      if (method !== "POST" || !url.includes("uploadId=") || lost) return PASS;
      lost = true;
      return { kind: "lose-answer" };
    };
    const confirmed: number[] = [];
    const { etag } = await world.store(proxy.url).putFile(file, async (bytes) => {
      if (bytes > 0) confirmed.push(bytes / MIB);
    });
    expect(confirmed.toSorted((a, b) => b - a)).toEqual([16, 16, 16, 16, 1]);
    expect(lost).toBe(true);
    expect(etag).toBe((await head("torn.bin")).ETag);
  });

  it("get larger where 10,000 of 16 MiB do not hold the file", () => {
    expect(partSizeFor(65 * MIB)).toBe(16 * MIB);
    expect(partSizeFor(10_000 * 16 * MIB)).toBe(16 * MIB);
    expect(partSizeFor(10_000 * 16 * MIB + 1)).toBe(17 * MIB);
  });
});
