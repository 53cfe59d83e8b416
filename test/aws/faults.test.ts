import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HIGHEST_LIMIT } from "../../deploy/aws/adaptive-limit.ts";
import { inParallel } from "../../deploy/commands/in-parallel.ts";
import { objectKey } from "../../deploy/core/keys.ts";
import { failureOf } from "../support/failure.ts";
import { type Fate, PASS, SLOW_DOWN, startFaultyProxy } from "../support/faulty-proxy.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createUploadWorld, type UploadWorld } from "../support/upload-world.ts";

/** Writes that a deploy hands to the store at once. */
const AT_ONCE = 256;
const LATENCY_MS = 30;
const FILES = runsSlow("a bad day of 500 files; 200 are sent") ? 500 : 200;

let world: UploadWorld;

beforeAll(async () => {
  world = await createUploadWorld();
});
afterAll(() => world?.close());

/** 20 % throttled, 5 % broken off, 5 % done although nobody hears of it: the same each time. */
function badDay(sequence: number): Fate {
  const draw = (sequence * 0.618_033_988_749_895) % 1;
  if (draw < 0.2) return SLOW_DOWN;
  if (draw < 0.25) return { kind: "reset" };
  return draw < 0.3 ? { kind: "lose-answer" } : PASS;
}

describe("on a bad day", () => {
  it("hundreds of files arrive, each of them whole", async () => {
    const proxy = await startFaultyProxy(world.s3.url, (a) => badDay(a.sequence), LATENCY_MS);
    const content = randomBytes(2000);
    const one = await world.file("one", content);
    const files = Array.from({ length: FILES }, (_, i) => ({
      ...one,
      key: objectKey(`file-${i}`),
    }));
    const store = world.store(proxy.url);
    await inParallel(files, AT_ONCE, (file) => store.putFile(file));
    await proxy.close();
    const listed = await world.store().list({ prefix: "file-" });
    expect(listed).toHaveLength(FILES);
    expect(listed.every(({ size }) => size === content.length)).toBe(true);
    expect(proxy.attempts.length).toBeLessThan(1.75 * FILES);
  });
});

describe("what is under way at once", () => {
  it("rises to the limit while nothing is refused", async () => {
    const proxy = await startFaultyProxy(world.s3.url, () => PASS, LATENCY_MS);
    const one = await world.file("quiet", "content");
    const store = world.store(proxy.url);
    const keys = Array.from({ length: 600 }, (_, i) => objectKey(`quiet-${i}`));
    await inParallel(keys, AT_ONCE, (key) => store.putFile({ ...one, key }));
    await proxy.close();
    expect(proxy.peak()).toBeGreaterThan(HIGHEST_LIMIT / 2);
    expect(proxy.peak()).toBeLessThanOrEqual(HIGHEST_LIMIT);
  });

  it("falls to what the server takes, and everything still arrives", async () => {
    const capacity = 8;
    let open = 0;
    const crowded = (): Fate => {
      if (open >= capacity) return SLOW_DOWN;
      open += 1;
      setTimeout(() => {
        open -= 1;
      }, LATENCY_MS);
      return PASS;
    };
    const proxy = await startFaultyProxy(world.s3.url, crowded, LATENCY_MS);
    const one = await world.file("crowded", "content");
    const store = world.store(proxy.url);
    const keys = Array.from({ length: 300 }, (_, i) => objectKey(`crowded-${i}`));
    await inParallel(keys, AT_ONCE, (key) => store.putFile({ ...one, key }));
    await proxy.close();
    expect(await world.store().list({ prefix: "crowded-" })).toHaveLength(300);
    // A fixed 128 at once would be refused thousands of times.
    expect(proxy.attempts.length).toBeLessThan(600);
  });
});

describe("a refusal that no retry mends", () => {
  it("is told after one attempt", async () => {
    const denied = { kind: "refuse", status: 403, code: "AccessDenied" } as const;
    const proxy = await startFaultyProxy(world.s3.url, () => denied);
    const file = await world.file("denied", "content");
    const failure = await failureOf(world.store(proxy.url).putFile(file));
    await proxy.close();
    expect(failure.text.why).toContain("s3:PutObject");
    expect(proxy.attempts).toHaveLength(1);
  });
});
