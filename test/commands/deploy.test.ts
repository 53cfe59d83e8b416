import { describe, expect, it } from "vitest";
import { formatLock, type Intent, LOCK_KEY, type Lock } from "../../deploy/core/lock.ts";
import { formatManifest } from "../../deploy/core/manifest.ts";
import type { Plan } from "../../deploy/core/plan.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import { manifestOf, sourceFile } from "../support/builders.ts";
import { createRecordingCdn } from "../support/recording-cdn.ts";
import { contentsOf, createWorld } from "../support/world.ts";

const index = sourceFile("index.html");
const about = sourceFile("about/index.html");
const css = sourceFile("main.3f2a9c01d4.css");
const feed = sourceFile("feed.xml");
const site = [index, about, css, feed];

const READ = "read .slipway/manifest.json";
const RECORD = "write .slipway/releases/ID.json";
const MANIFEST = "write .slipway/manifest.json";
const LOCK = "write .slipway/lock.json";
const UNLOCK = "remove .slipway/lock.json";

describe("the first deploy", () => {
  it("sends assets, then pages, then feeds, then says that the release is complete", async () => {
    const world = createWorld();
    const result = await world.deploy(site);
    expect(result.kind).toBe("released");
    expect(world.calls()).toEqual([
      READ,
      LOCK,
      READ,
      "put main.3f2a9c01d4.css",
      "put about/index.html",
      "put index.html",
      "put feed.xml",
      RECORD,
      MANIFEST,
      "invalidate /*",
      UNLOCK,
    ]);
    expect(world.site()).toEqual(contentsOf(site));
  });

  it("leaves a record of the release that status can read", async () => {
    const world = createWorld();
    expect(await world.status()).toMatchObject({ kind: "never-released" });
    await world.deploy(site);
    expect(await world.status()).toMatchObject({
      kind: "live",
      files: 4,
      release: {
        id: expect.stringMatching(/^20261122T120001000Z-[0-9a-f]{8}$/),
        time: "2026-11-22T12:00:01.000Z",
        provenance: { commit: "c0ffee", author: "Mira" },
        totals: { created: 4, unchanged: 0 },
      },
    });
  });
});

describe("the next deploy", () => {
  it("costs two reads when nothing changed: the manifest, and the lock", async () => {
    const world = createWorld();
    await world.deploy(site);
    expect((await world.deploy(site)).kind).toBe("nothing-to-do");
    expect(world.calls()).toEqual([READ, "read .slipway/lock.json"]);
  });

  it("costs eight requests when one page changed", async () => {
    const world = createWorld();
    await world.deploy(site);
    await world.deploy([about, css, feed, sourceFile("index.html", "new")]);
    expect(world.calls()).toHaveLength(8);
  });

  it("sends exactly the three files that changed, and invalidates exactly their URLs", async () => {
    const world = createWorld();
    await world.deploy(site);
    const changed = ["index.html", "about/index.html", "feed.xml"].map((k) => sourceFile(k, "new"));
    await world.deploy([css, ...changed]);
    expect(world.calls()).toEqual([
      READ,
      LOCK,
      READ,
      "put about/index.html",
      "put index.html",
      "put feed.xml",
      RECORD,
      MANIFEST,
      "invalidate / /about/ /about/index.html /feed.xml /index.html",
      UNLOCK,
    ]);
    expect((await world.deploy([css, ...changed])).kind).toBe("nothing-to-do");
  });

  it("changes headers in place, without sending the bytes", async () => {
    const world = createWorld();
    await world.deploy(site);
    const uncached = sourceFile("feed.xml", undefined, { cacheControl: "no-store" });
    await world.deploy([index, about, css, uncached]);
    expect(world.calls()).toContain("headers feed.xml");
    expect(world.calls().filter((call) => call.startsWith("put"))).toEqual([]);
    expect(world.store.objects.get("feed.xml")?.headers?.cacheControl).toBe("no-store");
  });

  it("sends the bytes after all when someone else touched the object meanwhile", async () => {
    const world = createWorld();
    await world.deploy(site);
    world.store.tamper("feed.xml");
    await world.deploy([
      index,
      about,
      css,
      sourceFile("feed.xml", undefined, { cacheControl: "x" }),
    ]);
    expect(world.calls()).toContain("put feed.xml");
    expect(world.site()["feed.xml"]).toBe(feed.fingerprint.content);
  });
});

describe("a removed page", () => {
  it("goes after the pages that linked to it are new at the edge, and is invalidated once it is gone", async () => {
    const world = createWorld();
    await world.deploy(site);
    const home = sourceFile("index.html", "without the link");
    const result = await world.deploy([home, css, feed]);
    expect(result.kind).toBe("released");
    expect(world.calls()).toEqual([
      READ,
      LOCK,
      READ,
      "put index.html",
      RECORD,
      MANIFEST,
      "invalidate / /index.html",
      "asked I2: completed",
      "remove about/index.html",
      "invalidate /about/ /about/index.html",
      UNLOCK,
    ]);
    expect(world.site()).toEqual(contentsOf([home, css, feed]));
    expect(await world.manifest()).toMatchObject({ manifest: { obsolete: [] } });
  });

  it("is tried again by the next deploy when the bucket did not let it go", async () => {
    const world = createWorld();
    await world.deploy(site);
    world.store.failOn = (call) => call === "removal of about/index.html";
    const result = await world.deploy([index, css, feed]);
    expect(result).toMatchObject({ kind: "partial" });
    expect(await world.manifest()).toMatchObject({
      manifest: { obsolete: [{ key: "about/index.html" }] },
    });
    world.store.failOn = () => false;
    const healed = await world.deploy([index, css, feed]);
    expect(healed.kind).toBe("released");
    expect(world.calls()).toContain("remove about/index.html");
    expect(world.calls()).toContain("invalidate /about/ /about/index.html");
    expect(world.site()).toEqual(contentsOf([index, css, feed]));
  });
});

describe("a deploy that fails", () => {
  it("at the k-th call, for every k, never has a page before its assets, and the next one heals it", async () => {
    const before = [index, about, css];
    const next = [
      sourceFile("index.html", "names new.aaaaaaaa11.css"),
      sourceFile("new.aaaaaaaa11.css"),
      feed,
    ];
    let died = true;
    for (let k = 0; died; k++) {
      const world = createWorld();
      await world.deploy(before);
      let calls = -1;
      world.store.failOn = () => {
        calls += 1;
        return calls === k;
      };
      const result = await world.deploy(next).catch(() => ({ kind: "threw" }));
      died = calls >= k;
      const live = world.site();
      const hasNewPage = live["index.html"] === next[0]?.fingerprint.content;
      if (hasNewPage) expect(live).toHaveProperty(["new.aaaaaaaa11.css"]);
      if (!died) expect(result.kind).toBe("released");
      world.store.failOn = () => false;
      await world.deploy(next);
      expect(world.site(), `after dying at call ${k}`).toMatchObject(contentsOf(next));
      expect((await world.deploy(next)).kind).toBe("nothing-to-do");
      expect(await world.lock()).toBeUndefined();
    }
  });

  it("in a stage reaches no later stage, and says the fate of every change", async () => {
    const world = createWorld();
    await world.deploy([index, about]);
    world.store.failOn = (call) => call === "put main.3f2a9c01d4.css";
    const result = await world.deploy([sourceFile("index.html", "new"), css, feed]);
    expect(result).toMatchObject({ kind: "partial", invalidations: [] });
    expect(result.kind === "partial" && result.outcomes).toEqual([
      {
        key: "main.3f2a9c01d4.css",
        outcome: { kind: "failed", failure: "cloud", error: expect.anything() },
      },
      { key: "index.html", outcome: { kind: "not-reached" } },
      { key: "feed.xml", outcome: { kind: "not-reached" } },
      { key: "about/index.html", outcome: { kind: "not-reached" } },
    ]);
    expect(world.calls()).toEqual([READ, LOCK, READ, "put main.3f2a9c01d4.css", LOCK]);
  });

  it("because the store has gone away says the fate of every change too", async () => {
    const world = createWorld();
    await world.deploy([index]);
    let gone = false;
    world.store.failOn = (call) => {
      gone ||= call === "put index.html";
      return gone;
    };
    const result = await world.deploy([css, sourceFile("index.html", "new")]);
    expect(result).toMatchObject({
      kind: "partial",
      outcomes: [
        { key: css.key, outcome: { kind: "done" } },
        { key: "index.html", outcome: { kind: "failed", failure: "cloud" } },
      ],
    });
    expect(world.calls().at(-1)).toBe(LOCK);
    world.store.failOn = () => false;
    await world.clock.sleep(200_000);
    expect((await world.deploy([css, sourceFile("index.html", "new")])).kind).toBe("released");
  });

  it("because another deploy finished first leaves the other one's manifest alone", async () => {
    const world = createWorld();
    await world.deploy([index]);
    const theirs = gzipCodec.encode(formatManifest(manifestOf([index], { release: "theirs" })));
    world.store.failOn = (call) => {
      if (call === RECORD) world.store.tamper(".slipway/manifest.json", theirs);
      return false;
    };
    await expect(world.deploy([index, about])).rejects.toMatchObject({ kind: "locked" });
    expect(world.store.objects.get(".slipway/manifest.json")?.content).toBe("tampered");
  });
});

describe("nothing is written", () => {
  it("when a guard refuses", async () => {
    const world = createWorld();
    expect((await world.deploy([about])).kind).toBe("refused");
    expect(world.calls()).toEqual([READ]);
  });

  it("when the answer to the question is no", async () => {
    const asked: Plan[] = [];
    const world = createWorld({
      confirm: async (plan) => {
        asked.push(plan);
        return false;
      },
    });
    expect((await world.deploy(site)).kind).toBe("declined");
    expect(world.calls()).toEqual([READ]);
    expect(asked.map((plan) => plan.totals.created)).toEqual([4]);
  });

  it("when the manifest in the bucket cannot be read", async () => {
    const world = createWorld();
    await world.deploy(site);
    world.store.tamper(".slipway/manifest.json");
    await expect(world.deploy([index])).rejects.toMatchObject({
      kind: "config",
      text: { what: expect.stringContaining("manifest.json cannot be read") },
    });
    expect(world.calls()).toEqual([READ]);
    expect(world.site()).toEqual(contentsOf(site));
  });
});

describe("a deploy that is asked to stop", () => {
  it("before its first write gives the lock back, and owes nothing", async () => {
    const world = createWorld({ interruption: { requested: true } });
    const result = await world.deploy(site);
    expect(result).toMatchObject({ kind: "partial" });
    expect(world.calls()).toEqual([READ, LOCK, READ, UNLOCK]);
    expect(await world.status()).toMatchObject({ activity: { kind: "idle" } });
  });

  it("while it waits for another one gives up, and says who holds the lock", async () => {
    const interruption = { requested: false };
    const reporter = {
      report: ({ kind }: ProgressEvent) => {
        interruption.requested ||= kind === "lock-awaited";
      },
    };
    const world = createWorld({ interruption, reporter });
    const since = world.clock.now().toISOString();
    const intent: Intent = { release: "theirs", keys: [], invalidation: { kind: "none" } };
    const until = new Date(world.clock.now().getTime() + 120_000).toISOString();
    const lock: Lock = { version: 1, holder: "them", owner: "Jonas", since, until, intent };
    world.store.tamper(LOCK_KEY, gzipCodec.encode(formatLock(lock)));
    await expect(world.deploy(site, { waitForLock: 900_000 })).rejects.toMatchObject({
      kind: "locked",
      text: { why: expect.stringContaining("Jonas") },
    });
    expect(world.clock.now().getTime() - Date.parse(since)).toBeLessThan(5000);
    expect((await world.lock())?.lock.owner).toBe("Jonas");
  });

  it("in the middle leaves its intent to the next one", async () => {
    const interruption = { requested: false };
    const world = createWorld({ interruption });
    world.store.failOn = (call) => {
      interruption.requested ||= call === "put about/index.html";
      return false;
    };
    expect(await world.deploy(site)).toMatchObject({ kind: "partial" });
    expect((await world.lock())?.lock.intent.keys).toHaveLength(4);
    interruption.requested = false;
    world.store.failOn = () => false;
    expect((await world.deploy(site)).kind).toBe("released");
    expect(world.site()).toEqual(contentsOf(site));
  });
});

describe("waiting", () => {
  it("asks the CDN until the invalidation is completed", async () => {
    const log: string[] = [];
    const world = createWorld({ cdn: createRecordingCdn(log, 3) });
    const result = await world.deploy(site, { wait: true });
    expect(log).toEqual([
      "invalidate /*",
      "asked I1: in-progress",
      "asked I1: in-progress",
      "asked I1: completed",
      "in progress: ",
    ]);
    expect(result.kind === "released" && result.invalidations).toMatchObject([
      { id: "I1", state: "completed" },
    ]);
  });

  it("ends with an error, not a hang, when the CDN never completes", async () => {
    const world = createWorld({ cdn: createRecordingCdn([], Number.POSITIVE_INFINITY) });
    await expect(world.deploy(site, { wait: true })).rejects.toMatchObject({
      kind: "cloud",
      text: { what: expect.stringContaining("still in progress after 10 minutes") },
    });
  });

  it("is also for what an earlier deploy has asked for, when nothing is left to do", async () => {
    const log: string[] = [];
    const world = createWorld({ cdn: createRecordingCdn(log, 3) });
    await world.deploy(site);
    expect((await world.deploy(site, { wait: true })).kind).toBe("nothing-to-do");
    expect(log).toEqual(["invalidate /*", "in progress: I1", "in progress: I1", "in progress: "]);
    expect(world.calls()).toEqual([READ, "read .slipway/lock.json"]);
  });

  it("is also for what an earlier deploy has asked for, once the own one is completed", async () => {
    const log: string[] = [];
    const events: ProgressEvent[] = [];
    const reporter = { report: (event: ProgressEvent) => events.push(event) };
    const world = createWorld({ cdn: createRecordingCdn(log, 3), reporter });
    await world.deploy(site);
    await world.deploy([...site, sourceFile("new.html")], { wait: true });
    expect(log.slice(1)).toEqual([
      "invalidate /new.html",
      "asked I2: in-progress",
      "asked I2: in-progress",
      "asked I2: completed",
      "in progress: I1",
      "in progress: I1",
      "in progress: ",
    ]);
    expect(events.slice(-2)).toMatchObject([
      { kind: "invalidation-awaited", invalidations: 1 },
      { kind: "invalidation-finished" },
    ]);
    expect(await world.lock()).toBeUndefined();
  });

  it("is not for what others ask for meanwhile", async () => {
    const answers = [["I7", "I8"], ["I8", "I9"], ["I9"]];
    const cdn = { ...createRecordingCdn([]), inProgress: async () => answers.shift() ?? [] };
    const world = createWorld({ cdn });
    await world.deploy(site);
    await world.deploy(site, { wait: true });
    expect(answers).toEqual([]);
  });

  it("ends with an error that names them when earlier ones never complete", async () => {
    const cdn = createRecordingCdn([], Number.POSITIVE_INFINITY);
    const world = createWorld({ cdn });
    await world.deploy(site);
    await expect(world.deploy(site, { wait: true })).rejects.toMatchObject({
      kind: "cloud",
      text: { what: expect.stringMatching(/I1 .*still in progress after 10 minutes/) },
    });
    expect(await world.lock()).toBeUndefined();
  });

  it("asks the CDN nothing after a refusal", async () => {
    const log: string[] = [];
    const world = createWorld({ cdn: createRecordingCdn(log) });
    expect((await world.deploy([about], { wait: true })).kind).toBe("refused");
    expect(log).toEqual([]);
  });

  it("is for nothing where there is no CDN", async () => {
    const world = createWorld({ cdn: undefined });
    expect(await world.deploy(site, { wait: true })).toMatchObject({
      kind: "released",
      invalidations: [],
    });
  });
});
