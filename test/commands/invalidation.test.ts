import { describe, expect, it } from "vitest";
import { invalidate } from "../../deploy/commands/invalidation.ts";
import type { UrlPath } from "../../deploy/core/keys.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { sourceFile } from "../support/builders.ts";
import { failureOf } from "../support/failure.ts";
import { createFixedClock } from "../support/fixed-clock.ts";
import { createRecordingCdn } from "../support/recording-cdn.ts";
import { createWorld } from "../support/world.ts";

function start(polls = 1) {
  const log: string[] = [];
  const events: ProgressEvent[] = [];
  const cdn = createRecordingCdn(log, polls);
  const clock = createFixedClock();
  const keptAlive = {
    times: 0,
    async assure() {
      keptAlive.times += 1;
    },
  };
  const ports = { cdn, clock, reporter: { report: (event: ProgressEvent) => events.push(event) } };
  return { log, events, cdn, clock, keptAlive, ports };
}

const order = (paths: readonly string[], wait = false) => ({
  invalidation: { kind: "paths", paths: paths as readonly UrlPath[] } as const,
  reference: "r",
  wait,
});

describe("a CDN that is busy with earlier invalidations", () => {
  it("is asked again, with longer and longer pauses and the same reference", async () => {
    const { log, events, cdn, keptAlive, ports, clock } = start();
    cdn.busyFor = 4;
    const before = clock.now().getTime();
    await invalidate(order(["/a"]), keptAlive, ports);
    expect(log).toEqual(["busy", "busy", "busy", "busy", "invalidate /a"]);
    expect(new Set(cdn.references)).toEqual(new Set(["r"]));
    expect(clock.now().getTime() - before).toBe(1000 + 1500 + 2250 + 3375);
    expect(events.filter(({ kind }) => kind === "invalidation-held-up")).toEqual(
      [0, 1, 2.5, 4.75].map((seconds) => ({ kind: "invalidation-held-up", seconds })),
    );
    expect(keptAlive.times).toBe(4);
  });

  it("is given up after a quarter of an hour, with the limit and what to do", async () => {
    const { cdn, keptAlive, ports, clock } = start();
    cdn.busyFor = Number.POSITIVE_INFINITY;
    const before = clock.now().getTime();
    const failure = await failureOf(invalidate(order(["/a"]), keptAlive, ports));
    expect(failure).toMatchObject({
      kind: "cloud",
      text: { what: expect.stringContaining("15 minutes"), why: expect.stringContaining("3,000") },
    });
    expect(clock.now().getTime() - before).toBeLessThan(16 * 60_000);
  });

  it("does not cost the deploy its lock", async () => {
    const cdn = createRecordingCdn([]);
    cdn.busyFor = 30;
    const world = createWorld({ cdn });
    expect((await world.deploy([sourceFile("index.html")])).kind).toBe("released");
    expect(world.calls().filter((call) => call.startsWith("write .slipway/lock")).length).toBe(7);
    expect(await world.lock()).toBeUndefined();
  });
});

describe("more than may be in progress at a time", () => {
  const many = Array.from({ length: 31 }, (_, i) => `/${String(i).padStart(2, "0")}/*`);

  it("goes in batches, each when the one before is complete, each with its own reference", async () => {
    const { log, cdn, ports } = start(2);
    const receipts = await invalidate(order(many), undefined, ports);
    expect(log.map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual([
      "invalidate /00/*",
      "asked I1:",
      "asked I1:",
      "invalidate /15/*",
      "asked I2:",
      "asked I2:",
      "invalidate /30/*",
    ]);
    expect(cdn.references).toEqual(["r", "r-2", "r-3"]);
    expect(receipts.map(({ id, state }) => [id, state])).toEqual([
      ["I1", "completed"],
      ["I2", "completed"],
      ["I3", "in-progress"],
    ]);
  });

  it("is waited for to the end when told to", async () => {
    const { ports, events } = start();
    const receipts = await invalidate(order(many, true), undefined, ports);
    expect(receipts.every(({ state }) => state === "completed")).toBe(true);
    expect(events.at(-1)).toMatchObject({ kind: "invalidation-finished" });
  });
});

describe("an invalidation that fails", () => {
  const site = (content: string) => [sourceFile("index.html", content), sourceFile("a.html")];

  it("is owed by the next deploy, although no file has changed", async () => {
    const cdn = createRecordingCdn([]);
    const world = createWorld({ cdn });
    await world.deploy(site("old"));
    cdn.fails = true;
    await failureOf(world.deploy(site("new")));
    expect(await world.lock()).toMatchObject({
      lock: { intent: { invalidation: { kind: "paths", paths: ["/", "/index.html"] } } },
    });
    expect((await world.status()).kind).toBe("live");

    cdn.fails = false;
    expect(await world.deploy(site("new"))).toMatchObject({
      kind: "released",
      invalidations: [{ invalidation: { kind: "paths", paths: ["/", "/index.html"] } }],
    });
    expect(await world.lock()).toBeUndefined();
    expect((await world.deploy(site("new"))).kind).toBe("nothing-to-do");
  });

  it("stays owed through any number of failures, together with what comes new", async () => {
    const cdn = createRecordingCdn([]);
    const world = createWorld({ cdn });
    await world.deploy(site("old"));
    cdn.fails = true;
    await failureOf(world.deploy(site("new")));
    await failureOf(world.deploy([...site("new"), sourceFile("b.html")]));
    cdn.fails = false;
    expect(await world.deploy([...site("new"), sourceFile("b.html")])).toMatchObject({
      invalidations: [{ invalidation: { paths: ["/", "/b.html", "/index.html"] } }],
    });
  });

  it("is owed too when the CDN never completes what has to be complete before a removal", async () => {
    const stuck = createRecordingCdn([], Number.POSITIVE_INFINITY);
    const world = createWorld({ cdn: stuck });
    await world.deploy(site("old"));
    await failureOf(world.deploy([sourceFile("index.html", "new")]));
    expect(await world.lock()).toMatchObject({
      lock: { intent: { invalidation: { paths: ["/", "/a.html", "/index.html"] } } },
    });
    expect(world.site()).toHaveProperty(["a.html"]);
  });
});
