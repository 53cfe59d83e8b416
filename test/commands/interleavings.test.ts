import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../deploy/core/source.ts";
import { sourceFile } from "../support/builders.ts";
import { type Ending, failureOf, Race, type RacingSite, type Runner } from "../support/race.ts";
import { contentsOf } from "../support/world.ts";

/** Several deploys onto one bucket, step by step in any order: paused, late, killed, in turn. */

const RUNS = process.env.SLIPWAY_SLOW === "1" ? 10_000 : 100;
const PAGES = ["index.html", "about/index.html", "news/index.html"];

type Draft = {
  readonly pages: readonly string[];
  readonly words: number;
  readonly asset: number;
  readonly logo: number;
  readonly minute: number;
};

/** A site of some pages that all name one asset, with or without a picture. */
function siteOf({ pages, words, asset, logo, minute }: Draft): RacingSite {
  const script = sourceFile(`app.3f2a9c01d${asset}.js`);
  const written = ["index.html", ...pages].map((page) =>
    sourceFile(page, `${page} with words ${words} names ${script.key}`),
  );
  const picture = logo === 0 ? [] : [sourceFile("logo.png", `logo ${logo}`)];
  const feed = sourceFile("feed.xml", `words ${words}`);
  return {
    files: [...written, script, ...picture, feed],
    names: new Map(written.map((page) => [page.fingerprint.content, script.key])),
    committedAt: `2026-11-22T11:0${minute}:00.000Z`,
  };
}

const anySite = fc.record({
  pages: fc.subarray(PAGES.slice(1)),
  words: fc.integer({ min: 1, max: 3 }),
  asset: fc.integer({ min: 1, max: 3 }),
  logo: fc.integer({ min: 0, max: 2 }),
  minute: fc.constantFrom(1, 1, 1, 1, 2),
});

const anyRunner = fc.record({
  site: anySite,
  skewMs: fc.integer({ min: -15_000, max: 15_000 }),
  isNear: fc.boolean(),
  options: fc.record({
    waitForLock: fc.constantFrom(0, 600_000),
    wait: fc.boolean(),
  }),
});

const anyWho = fc.nat({ max: 2 });

const anyMove = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("run" as const),
      who: anyWho,
      steps: fc.constantFrom(1, 2, 3, 5, 7, 9, 12, 15, 60),
      order: fc.nat({ max: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 61, 121, 400),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("kill" as const),
      who: anyWho,
      arrives: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("browse" as const), page: fc.constantFrom(...PAGES) }),
  },
);

type RunnerDraft = typeof anyRunner extends fc.Arbitrary<infer T> ? T : never;

type Move = typeof anyMove extends fc.Arbitrary<infer T> ? T : never;

/** Runs the race to the end: after the moves everybody goes on, in turn. */
async function hold(before: Draft, drafts: readonly RunnerDraft[], moves: readonly Move[]) {
  const race = new Race();
  await race.start({ site: siteOf(before), skewMs: 0, isNear: true });
  await race.finish();
  const names: string[] = [];
  for (const draft of drafts) names.push(await race.start({ ...draft, site: siteOf(draft.site) }));
  for (const move of moves) {
    if (move.kind === "wait") race.wait(move.seconds);
    else if (move.kind === "browse") race.browse(move.page);
    else {
      const who = names[move.who % names.length] ?? "";
      if (move.kind === "run") await race.run(who, move.steps, move.order);
      else await race.kill(who, move);
    }
  }
  await race.finish();
  return race;
}

function asksToVerify(ending: Ending): boolean {
  return ending.kind === "error" && JSON.stringify(ending.error).includes("--verify");
}

/** One more deploy, when all the others have ended. */
async function deployLast(race: Race, site: RacingSite): Promise<Ending | undefined> {
  const verify = [...race.endings.values()].some(asksToVerify);
  race.wait(600);
  for (const page of PAGES) race.browse(page);
  const who = await race.start({ site, skewMs: 0, isNear: true, options: { verify } });
  await race.finish();
  return race.endings.get(who);
}

/** The objects that must be there: the site, and the old assets that are kept for its readers. */
function expectedContent(race: Race, files: readonly SourceFile[]) {
  const live = race.content();
  const kept = (race.manifest()?.obsolete ?? []).map(({ key }) => key);
  return {
    ...Object.fromEntries(kept.flatMap((key) => (key in live ? [[key, live[key]]] : []))),
    ...contentsOf(files),
  };
}

const anyRace = [
  anySite,
  fc.array(anyRunner, { minLength: 2, maxLength: 3 }),
  fc.array(anyMove, { maxLength: 30 }),
  anySite,
] as const;

describe("deploys at the same time, in any order of their steps", () => {
  it("never tear a page, never write without the lock, never let an older commit overtake, and leave nothing that the next deploy would not mend", async () => {
    await fc.assert(
      fc.asyncProperty(...anyRace, async (before, runners, moves, last) => {
        const site = siteOf({ ...last, minute: 9 });
        const race = await hold(before, runners, moves);
        expect(race.broken).toEqual([]);
        if (![...race.endings.values()].some(asksToVerify)) {
          expect(await race.unknownDamage()).toEqual([]);
        }
        const ending = await deployLast(race, site);
        expect(ending).toMatchObject({
          kind: "result",
          result: { kind: expect.stringMatching(/^(?:released|nothing-to-do)$/) },
        });
        expect(race.broken).toEqual([]);
        expect(race.content()).toEqual(expectedContent(race, site.files));
        expect(race.staleUrls()).toEqual([]);
        expect(await race.lock()).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

const before = siteOf({ pages: ["about/index.html"], words: 1, asset: 1, logo: 1, minute: 1 });
const early = siteOf({ pages: ["about/index.html"], words: 2, asset: 2, logo: 2, minute: 2 });
const late = siteOf({ pages: ["news/index.html"], words: 3, asset: 3, logo: 0, minute: 2 });

/** Longer than a lease and all allowance for wrong clocks. */
const LEASE_OVER = 200;

function runnerOf(site: RacingSite, special: Partial<Runner> = {}): Runner {
  return { site, skewMs: 0, isNear: false, ...special };
}

/** A race on a bucket where `before` is live, and somebody has looked at every page. */
async function createRace(): Promise<Race> {
  const race = new Race();
  await race.start(runnerOf(before));
  await race.finish();
  for (const page of PAGES) race.browse(page);
  return race;
}

/** A deploy of `early` is held up in the middle of `call`; one of `late` takes over and finishes. */
async function overtake(call: string): Promise<{ race: Race; sleeper: string }> {
  const race = await createRace();
  const sleeper = await race.start(runnerOf(early));
  await race.runUntil(sleeper, call);
  race.wait(LEASE_OVER);
  const other = await race.start(runnerOf(late));
  await race.run(other, 1000);
  expect(race.endings.get(other)).toMatchObject({ result: { kind: "released" } });
  for (const page of PAGES) race.browse(page);
  return { race, sleeper };
}

async function expectMended(race: Race, options: Runner["options"] = {}): Promise<void> {
  for (const page of PAGES) race.browse(page);
  const last = await race.start(runnerOf(late, { options }));
  await race.finish();
  expect(race.endings.get(last)).toMatchObject({ result: { kind: "released" } });
  expect(race.content()).toEqual(expectedContent(race, late.files));
  expect(race.staleUrls()).toEqual([]);
  expect(await race.lock()).toBeUndefined();
}

describe("a deploy that was held up in the middle of a write", () => {
  it("and spoils what another one stored meanwhile, leaves its doubts for the next one", async () => {
    const { race, sleeper } = await overtake("put index.html");
    await race.finish();
    expect(race.content()["index.html"]).toBe(contentsOf(early.files)["index.html"]);
    expect(race.endings.get(sleeper)).toMatchObject({ result: { kind: "partial" } });
    expect((await race.lock())?.intent.keys).toContain("index.html");
    expect(await race.unknownDamage()).toEqual([]);
    await expectMended(race);
    expect(race.broken).toEqual([]);
  });

  it("does so too when it was removing what the other one brought back", async () => {
    const race = await createRace();
    const withoutAbout = siteOf({ pages: [], words: 2, asset: 2, logo: 1, minute: 2 });
    const sleeper = await race.start(runnerOf(withoutAbout));
    await race.runUntil(sleeper, "remove about/index.html");
    race.wait(LEASE_OVER);
    const other = await race.start(runnerOf(early));
    await race.run(other, 1000);
    await race.finish();
    expect(race.content()).not.toHaveProperty(["about/index.html"]);
    expect(failureOf(race.endings.get(sleeper)).kind).toBe("locked");
    expect(await race.unknownDamage()).toEqual([]);
    await expectMended(race);
    expect(race.broken).toEqual([]);
  });

  it("waits for the other one to end before it leaves them", async () => {
    const race = await createRace();
    const sleeper = await race.start(runnerOf(early));
    await race.runUntil(sleeper, "put index.html");
    race.wait(LEASE_OVER);
    const other = await race.start(runnerOf(late));
    await race.runUntil(other, "put index.html answered");
    await race.run(sleeper, 20);
    expect(race.endings.has(sleeper)).toBe(false);
    expect((await race.lock())?.holder).toBe(other);
    await race.run(other, 1000);
    expect(race.endings.get(other)).toMatchObject({ result: { kind: "released" } });
    await race.finish();
    expect(await race.unknownDamage()).toEqual([]);
    await expectMended(race);
    expect(race.broken).toEqual([]);
  });

  it("adds them to those of the other one when that breaks off as well", async () => {
    const race = await createRace();
    const sleeper = await race.start(runnerOf(early));
    await race.runUntil(sleeper, "put index.html");
    race.wait(LEASE_OVER);
    const other = await race.start(runnerOf(late, { isNear: true }));
    await race.runUntil(other, "put news/index.html");
    await race.kill(other, { arrives: true });
    await race.finish();
    const keys = (await race.lock())?.intent.keys;
    expect(keys).toEqual(expect.arrayContaining(["logo.png", "news/index.html"]));
    await expectMended(race);
    expect(race.broken).toEqual([]);
  });

  it("asks for --verify when the other one does not come to an end", async () => {
    const race = await createRace();
    const sleeper = await race.start(runnerOf(early));
    await race.runUntil(sleeper, "put index.html");
    race.wait(LEASE_OVER);
    const endless = { polls: Number.POSITIVE_INFINITY, options: { wait: true } };
    const other = await race.start(runnerOf(late, endless));
    await race.runUntil(other, "ask the CDN");
    await race.finish();
    const failure = failureOf(race.endings.get(sleeper));
    expect(failure.kind).toBe("locked");
    expect(failure.text.next).toContain("slipway deploy --verify");
    await expectMended(race, { verify: true });
    expect(race.broken).toEqual([]);
  });
});

describe("a deploy that slept longer than its lease", () => {
  it("goes on when nobody took over", async () => {
    const race = await createRace();
    const sleeper = await race.start(runnerOf(early));
    await race.runUntil(sleeper, "put index.html");
    race.wait(LEASE_OVER);
    await race.finish();
    expect(race.endings.get(sleeper)).toMatchObject({ result: { kind: "released" } });
    expect(race.broken).toEqual([]);
    expect(await race.lock()).toBeUndefined();
  });

  it.each([
    ["in the middle of a renewal", "write .slipway/lock.json answered"],
    ["before it wrote the manifest", "write .slipway/manifest.json"],
  ])("%s writes nothing more when somebody did", async (_, call) => {
    const race = await createRace();
    const sleeper = await race.start(runnerOf(early));
    await race.runUntil(sleeper, "put app.3f2a9c01d2.js");
    race.wait(100);
    await race.runUntil(sleeper, call);
    race.wait(LEASE_OVER);
    const other = await race.start(runnerOf(late));
    await race.run(other, 1000);
    await race.finish();
    expect(race.broken).toEqual([]);
    expect(race.manifest()?.provenance.commit).toBe(other);
    expect(await race.unknownDamage()).toEqual([]);
    await expectMended(race);
  });
});

describe("a deploy whose lock was broken while it was alive", () => {
  it("leaves its doubts when the deploy after it was faster", async () => {
    const race = await createRace();
    const first = await race.start(runnerOf(early));
    await race.runUntil(first, "put index.html");
    await race.unlock();
    const second = await race.start(runnerOf(late));
    await race.run(second, 1000);
    await race.finish();
    expect(failureOf(race.endings.get(first)).kind).toBe("locked");
    expect(await race.unknownDamage()).toEqual([]);
    await expectMended(race);
  });

  it("claims no release when the other one is in the middle of its own", async () => {
    const race = await createRace();
    const first = await race.start(runnerOf(early));
    await race.runUntil(first, "write .slipway/manifest.json");
    await race.unlock();
    const second = await race.start(runnerOf(late));
    await race.runUntil(second, "put index.html answered");
    await race.finish();
    expect(failureOf(race.endings.get(first)).kind).toBe("locked");
    expect(failureOf(race.endings.get(second)).kind).toBe("locked");
    expect(await race.unknownDamage()).toEqual([]);
    await expectMended(race);
  });
});

describe("a deploy that finds the lock held", () => {
  it("waits as long as it was told to, however often it has to look", async () => {
    const race = await createRace();
    const first = await race.start(runnerOf(early));
    await race.runUntil(first, "put index.html");
    const options = { waitForLock: 300_000 };
    const second = await race.start(runnerOf(late, { options }));
    // One hundred seconds of waiting; the lease of the first is not over by then.
    for (let look = 0; look < 50; look++)
      await race.runUntil(second, "sleep").then(() => race.run(second, 1));
    expect(race.endings.has(second)).toBe(false);
    await race.finish();
    expect(race.endings.get(first)).toMatchObject({ result: { kind: "released" } });
    expect(race.endings.get(second)).toMatchObject({ result: { kind: "released" } });
  });

  it("goes ahead when the other one ends before it has looked who that is", async () => {
    const race = await createRace();
    const first = await race.start(runnerOf(early));
    await race.runUntil(first, "put index.html");
    const second = await race.start(runnerOf(late));
    await race.runUntil(second, "read .slipway/lock.json");
    await race.run(first, 1000);
    await race.finish();
    expect(race.endings.get(second)).toMatchObject({ result: { kind: "released" } });
  });
});

describe("a release whose last answer was lost", () => {
  it("is a release all the same", async () => {
    const race = await createRace();
    const only = await race.start(runnerOf(early));
    await race.runUntil(only, "remove .slipway/lock.json");
    await race.loseLock();
    await race.finish();
    expect(race.endings.get(only)).toMatchObject({ result: { kind: "released" } });
    expect(await race.lock()).toBeUndefined();
  });
});
