import { describe, expect, it, test } from "vitest";
import { deployExitCode } from "../../deploy/cli/exit-codes.ts";
import type { GuardRule } from "../../deploy/core/guard-rules.ts";
import { GUARD_RULES } from "../../deploy/core/guard-rules.ts";
import { sourceFile } from "../support/builders.ts";
import { createWorld, PLAIN_EDGE } from "../support/world.ts";

type Texts = Readonly<Record<string, string>>;

const whole: Texts = {
  "index.html": '<link rel="stylesheet" href="main.css"><a href="/p/1/">',
  "main.css": "p{background:url(dot.png)}",
  "dot.png": "png",
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`p/${i}/index.html`, `page ${i}`])),
};

/** A world whose site is made of texts, so that what its files name can be read. */
function createTextWorld(options: { readonly committedAt?: string } = {}) {
  let texts: Texts = {};
  const moment = { committedAt: options.committedAt };
  const source = () => Object.entries(texts).map(([key, text]) => sourceFile(key, text));
  const world = createWorld({
    files: {
      folder: "_site",
      read: async (key) => new TextEncoder().encode(texts[key]),
      scan: async () => source(),
      edge: async () => PLAIN_EDGE,
    },
    history: {
      provenance: async () => ({
        commit: `commit of ${moment.committedAt}`,
        ...(moment.committedAt === undefined ? {} : { committedAt: moment.committedAt }),
      }),
    },
  });
  return {
    ...world,
    moment,
    async deploy(site: Texts, options: Parameters<typeof world.deploy>[1] = {}) {
      texts = site;
      return await world.deploy(source(), options);
    },
  };
}

const { "dot.png": _, ...withoutDot } = whole;
const fewPages = Object.fromEntries(
  Object.entries(whole).filter(([key]) => !/^p\/[1-8]/.test(key)),
);

const REFUSALS: readonly (readonly [GuardRule, Texts])[] = [
  ["no-index-page", { "about.html": "" }],
  ["preview-build", { ...whole, "preview-build.txt": "drafts" }],
  ["case-twins", { ...whole, "DOT.png": "" }],
  ["unreachable-key", { ...whole, LICENSE: "MIT" }],
  ["missing-asset", withoutDot],
  ["too-many-removals", fewPages],
];

describe("a deploy that a guard refuses", () => {
  test.each(REFUSALS)(
    "for %s writes nothing, and goes on once the guard is lifted",
    async (rule, site) => {
      const world = createTextWorld();
      // What one guard refuses here is no matter of the others.
      const others = new Set(GUARD_RULES.filter((other) => other !== rule));
      await world.deploy(whole);
      const live = world.site();

      const refused = await world.deploy(site, { guards: { allowed: others } });
      expect(refused).toMatchObject({ kind: "refused", plan: { violations: [{ rule }] } });
      expect(refused.plan.violations[0]?.next).toContain(`--allow-${rule}.`);
      expect(deployExitCode(refused)).toBe(4);
      expect(world.calls().filter((call) => !call.startsWith("read "))).toEqual([]);
      expect(world.site()).toEqual(live);

      const lifted = await world.deploy(site, { guards: { allowed: new Set(GUARD_RULES) } });
      expect(lifted.kind).toBe("released");
      expect(Object.keys(world.site())).toEqual(expect.arrayContaining(Object.keys(site)));
    },
  );

  it("for an older commit can be told that it is meant", async () => {
    const world = createTextWorld({ committedAt: "2026-11-22T10:00:00.000Z" });
    await world.deploy(whole);
    world.moment.committedAt = "2026-11-22T09:00:00.000Z";
    const changed = { ...whole, "main.css": "p{}" };
    expect((await world.deploy(changed)).kind).toBe("refused");
    const allowed = new Set<GuardRule>(["older-commit"]);
    expect((await world.deploy(changed, { guards: { allowed } })).kind).toBe("released");
  });
});

it("a deploy with a broken link goes on, and its plan tells the link", async () => {
  const { kind, plan } = await createTextWorld().deploy({ "index.html": '<a href="/gone/">' });
  expect(kind).toBe("released");
  expect(plan.notices).toEqual([
    { kind: "broken-links", links: [{ path: "/gone/", from: "index.html" }] },
  ]);
});
