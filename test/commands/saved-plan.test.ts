import { beforeEach, describe, expect, it } from "vitest";
import { openPlan } from "../../deploy/commands/saved-plan.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import type { Plan } from "../../deploy/core/plan.ts";
import { formatPlan } from "../../deploy/core/plan-document.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { planFor, sha256, sourceFile } from "../support/builders.ts";
import { failureOf } from "../support/failure.ts";
import { contentsOf, createWorld } from "../support/world.ts";

const index = sourceFile("index.html");
const css = sourceFile("main.css");
const target = { site: "test-site", environment: "production" };

/** Through the text, as a file would bring it. */
function savedAndOpened(plan: Plan): Plan {
  return openPlan(formatPlan({ environment: "production", plan }, sha256), target, sha256);
}

let world: ReturnType<typeof createWorld>;
const next = [sourceFile("index.html", "new"), css, sourceFile("new.html")];

beforeEach(async () => {
  world = createWorld();
  await world.deploy([index, css, sourceFile("old.html")]);
});

/** What `slipway plan` would save now. */
async function planNow(source: readonly SourceFile[]): Promise<Plan> {
  const found = await world.manifest();
  const provenance = { commit: "c0ffee", author: "Mira" };
  const base = found.kind === "manifest" ? found.manifest : undefined;
  return savedAndOpened(planFor(source, base, { provenance, now: world.clock.now() }));
}

/** Applies it, expects a refusal, and gives its text. Nothing may have been written. */
async function refusalOf(saved: Plan, source: readonly SourceFile[] = next) {
  const before = new Map(world.store.objects);
  const error = await failureOf(world.deploy(source, { saved }));
  expect(new Map(world.store.objects)).toEqual(before);
  expect(world.calls().filter((call) => !call.startsWith("read"))).toEqual([]);
  expect(error).toMatchObject({ kind: "refused" });
  return error.text;
}

describe("a saved plan", () => {
  it("is applied as it is: the same id, the same changes, the same order as without it", async () => {
    const saved = await planNow(next);
    const result = await world.deploy(next, { saved });
    expect(result).toMatchObject({ kind: "released", plan: { id: saved.id } });
    expect(world.site()).toEqual(contentsOf(next));
    const calls = world.calls();

    const other = createWorld();
    await other.deploy([index, css, sourceFile("old.html")]);
    await other.deploy(next);
    expect(calls).toEqual(other.calls());
  });

  it("does what was planned then, not what would be planned now", async () => {
    const hashed = sourceFile("app.3f2a9c01d4.js");
    await world.deploy([index, css, hashed]);
    const saved = await planNow([index, css]);
    expect(saved.totals).toMatchObject({ kept: 1, removed: 0 });
    await world.clock.sleep(365 * 86_400_000);
    await world.deploy([index, css], { saved });
    expect(Object.keys(world.site())).toContain(hashed.key);
  });

  it("is refused when it was applied already, or another deploy was faster", async () => {
    const saved = await planNow(next);
    await world.deploy(next, { saved });
    const { what, why } = await refusalOf(saved);
    expect(what).toBe("The bucket has moved since the plan was made");
    expect(why).toMatch(/^it was made against \S+, found was \S+$/);
  });

  it("is refused when a deploy broke off in between", async () => {
    const saved = await planNow(next);
    world.store.failOn = (call) => call === "put index.html";
    await world.deploy([sourceFile("index.html", "other"), css]);
    world.store.failOn = () => false;
    const before = new Map(world.store.objects);
    const error = await failureOf(world.deploy(next, { saved }));
    expect(error.text.why).toMatch(/broke off and left it unfinished$/);
    expect(new Map(world.store.objects)).toEqual(before);
  });

  it("that knows of the broken-off deploy finishes it", async () => {
    world.store.failOn = (call) => call === "put index.html";
    await world.deploy([sourceFile("index.html", "other"), css]);
    world.store.failOn = () => false;
    const [found, lock] = [await world.manifest(), await world.lock()];
    const base = found.kind === "manifest" ? found.manifest : undefined;
    const saved = savedAndOpened(planFor(next, base, { unfinished: lock?.lock.intent }));
    expect(await world.deploy(next, { saved })).toMatchObject({ kind: "released" });
    expect(await world.lock()).toBeUndefined();
    expect(world.site()).toEqual(contentsOf(next));
  });

  it("is refused when the files are other ones, and names them", async () => {
    const saved = await planNow(next);
    const { why } = await refusalOf(saved, [sourceFile("index.html", "newer"), css, ...many(7)]);
    expect(why).toBe(
      "changed: index.html; missing: new.html; new: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more",
    );
  });

  it("with a guard's refusal is refused before anything is asked of the bucket", async () => {
    const saved = await planNow([css]);
    expect(await world.deploy([css], { saved })).toMatchObject({ kind: "refused", plan: saved });
    expect(world.calls()).toEqual([]);
  });

  it("of nothing to do does nothing", async () => {
    const same = [index, css, sourceFile("old.html")];
    const saved = await planNow(same);
    expect((await world.deploy(same, { saved })).kind).toBe("nothing-to-do");
  });
});

describe("opening a plan", () => {
  const text = formatPlan({ environment: "production", plan: planFor([index]) }, sha256);
  const opening = (saved: string, where = target): SlipwayError => {
    try {
      openPlan(saved, where, sha256);
    } catch (error) {
      if (error instanceof SlipwayError) return error;
      throw error;
    }
    throw new Error("it was opened");
  };

  it("refuses one for another site or environment", () => {
    expect(opening(text, { ...target, site: "their-site" })).toMatchObject({
      kind: "refused",
      text: { why: 'it was made for "test-site", this is "their-site"' },
    });
    expect(opening(text, { ...target, environment: "staging" })).toMatchObject({
      kind: "refused",
      text: { what: "The plan is for another environment" },
    });
  });

  it.each([
    ["hello", "it is not JSON"],
    ["{}", "it is JSON, but no saved plan; the output of plan --json is none"],
    [text.replace('"version":1', '"version":9'), "it has format 9, this Slipway reads format 1"],
    [
      text.replace("index.html", "home.html"),
      "it was edited after it was made: its digest is another",
    ],
  ])("tells what is no plan: %#", (saved, why) => {
    expect(opening(saved)).toMatchObject({ kind: "usage", text: { why } });
  });
});

function many(amount: number): readonly SourceFile[] {
  return Array.from({ length: amount }, (_, i) => sourceFile(`${i}.txt`));
}
