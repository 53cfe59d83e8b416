import { describe, expect, it } from "vitest";
import type { ObjectKey, UrlPath } from "../../deploy/core/keys.ts";
import {
  abandoned,
  CLOCK_ALLOWANCE_MS,
  extended,
  formatLock,
  isPast,
  LEASE_MS,
  type Lock,
  lockState,
  mergeIntents,
  needsRenewal,
  parseLock,
} from "../../deploy/core/lock.ts";

const start = new Date("2026-11-22T12:00:00.000Z");
const after = (ms: number) => new Date(start.getTime() + ms);
const alive = () => false;

const lock: Lock = extended(
  {
    version: 1,
    holder: "h",
    owner: "mira@laptop",
    process: { machine: "m", pid: 7 },
    since: start.toISOString(),
    until: start.toISOString(),
    intent: { release: "r", keys: ["a.html" as ObjectKey], invalidation: { kind: "none" } },
  },
  start,
);

describe("a lock that was found", () => {
  it.each([
    ["is held while its lease lasts", 0, "held"],
    ["is held a little longer, for clocks differ", LEASE_MS + CLOCK_ALLOWANCE_MS, "held"],
    ["is left behind after that", LEASE_MS + CLOCK_ALLOWANCE_MS + 1, "left-behind"],
  ])("%s", (_, elapsed, kind) => {
    expect(lockState(lock, after(elapsed), alive).kind).toBe(kind);
  });

  it("is left behind at once when it was given back, or its process has ended", () => {
    expect(lockState(abandoned(lock), start, alive).kind).toBe("left-behind");
    expect(lockState(lock, start, ({ pid }) => pid === 7).kind).toBe("left-behind");
  });
});

it("a lease is renewed from its half on, and is over at its own end", () => {
  expect(needsRenewal(lock, after(LEASE_MS / 2))).toBe(false);
  expect(needsRenewal(lock, after(LEASE_MS / 2 + 1))).toBe(true);
  expect(isPast(lock, after(LEASE_MS - 1))).toBe(false);
  expect(isPast(lock, after(LEASE_MS))).toBe(true);
});

describe("a lock in the bucket", () => {
  it("survives being written and read", () => {
    const paths = ["/a" as UrlPath];
    const full = { ...lock, intent: { ...lock.intent, invalidation: { kind: "paths", paths } } };
    expect(parseLock(formatLock(full as Lock))).toEqual(full);
  });

  it.each([
    ["nothing", ""],
    ["cut short", formatLock(lock).slice(0, -5)],
    ["another version", formatLock(lock).replace('"version":1', '"version":2')],
    ["no lease", formatLock(lock).replace(/"until":"[^"]*"/, '"until":"soon"')],
  ])("is not read from %s", (_, text) => {
    expect(parseLock(text)).toBeUndefined();
  });
});

it("two intents become one that owes everything of both", () => {
  const one = {
    release: "one",
    keys: ["a", "b"] as ObjectKey[],
    invalidation: { kind: "paths", paths: ["/b", "/a"] as UrlPath[] } as const,
  };
  const two = { ...one, keys: ["b", "c"] as ObjectKey[], invalidation: { kind: "none" } as const };
  expect(mergeIntents("both", [one, two])).toEqual({
    release: "both",
    keys: ["a", "b", "c"],
    invalidation: { kind: "paths", paths: ["/a", "/b"] },
  });
  const all = { ...two, invalidation: { kind: "everything", because: "x" } as const };
  expect(mergeIntents("both", [one, all]).invalidation.kind).toBe("everything");
});
