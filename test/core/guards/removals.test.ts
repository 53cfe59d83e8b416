import { describe, expect, it, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../deploy/core/guard-limits.ts";
import type { PlanInput } from "../../../deploy/core/plan.ts";
import type { SourceFile } from "../../../deploy/core/source.ts";
import { entryFor, manifestOf, planFor, sourceFile } from "../../support/builders.ts";

const pages = (count: number) =>
  Array.from({ length: count }, (_, i) => sourceFile(i === 0 ? "index.html" : `p/${i}/index.html`));
const files = (count: number, name: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => sourceFile(name(i)));

const found = (
  source: readonly SourceFile[],
  live: readonly SourceFile[],
  fields: Partial<PlanInput> = {},
) =>
  planFor(source, manifestOf(live), fields)
    .violations.filter(({ rule }) => rule === "too-many-removals")
    .map(({ limit, actual }) => `${limit}: ${actual.split(":")[0]}`);

describe("too many removals", () => {
  test.each<[string, number, number, number]>([
    ["2 pages of 10", 10, 8, 0],
    ["5 pages of 6", 6, 1, 0],
    ["6 pages of 10", 10, 4, 1],
    ["8 pages of 10", 10, 2, 1],
    ["6 pages of 30", 30, 24, 0],
    ["7 pages of 30", 30, 23, 1],
    ["200 pages of 1000", 1000, 800, 0],
    ["201 pages of 1000", 1000, 799, 1],
  ])("%s", (_, live, left, violations) => {
    expect(found(pages(left), pages(live))).toHaveLength(violations);
  });

  it("say what the limit is and how far it is passed", () => {
    expect(found(pages(2), pages(10))).toEqual([
      "at most 5 pages, or 20 % of those that are live: 8 of 10 (80 %)",
    ]);
  });

  it("are not hidden by other files", () => {
    const images = files(500, (i) => `img/${i}.png`);
    expect(found([...pages(2), ...images], [...pages(10), ...images])).toHaveLength(1);
    expect(found(pages(10), [...pages(10), ...images])).toHaveLength(1);
  });

  it("are counted neither while files stay for their time of grace nor when that ends", () => {
    const hashed = files(100, (i) => `a.${(0x3f2a9c01 + i).toString(16)}.js`);
    expect(found(pages(1), [...pages(1), ...hashed])).toEqual([]);
    const obsolete = hashed.map((file) => ({
      key: file.key,
      entry: entryFor(file),
      sequence: 1,
      since: "2026-01-01T00:00:00.000Z",
    }));
    const plan = planFor(pages(1), manifestOf(pages(1), { obsolete, sequence: 9 }));
    expect(plan.totals.removed).toBe(100);
    expect(plan.violations).toEqual([]);
  });

  it("are measured as the config says", () => {
    const limits = { ...DEFAULT_LIMITS, removals: { count: 0, share: 0 } };
    const guards = { allowed: new Set<never>(), limits };
    expect(found(pages(9), pages(10), { guards })).toHaveLength(1);
    expect(found(pages(10), pages(10), { guards })).toEqual([]);
  });

  it("are none where the addresses are redirected", () => {
    expect(found(pages(2), pages(10), { redirects: (path) => path.startsWith("/p/") })).toEqual([]);
  });

  it("are none in a first release", () => {
    expect(planFor(pages(1)).violations).toEqual([]);
  });

  it("are also of what others left in the bucket: it may be all that they have", () => {
    const added = files(100, (i) => `${i}.txt`).map((file) => file.key);
    const drift = { altered: [], missing: [], added };
    const plan = planFor(pages(1), manifestOf(pages(1)), { drift });
    expect(plan.totals.removed).toBe(100);
    expect(plan.violations).toMatchObject([{ rule: "too-many-removals" }]);
    const few = { ...drift, added: added.slice(0, 5) };
    expect(planFor(pages(1), manifestOf(pages(1)), { drift: few }).violations).toEqual([]);
  });
});

describe("addresses that go away", () => {
  const live = ["index.html", "a/index.html", "b.html", "café.pdf", "x.3f2a9c01d4.js"].map((key) =>
    sourceFile(key),
  );
  const only = [sourceFile("index.html")];
  const urls = ["/a/", "/b.html", "/caf%C3%A9.pdf"];
  const refuse = {
    allowed: new Set<never>(),
    limits: { ...DEFAULT_LIMITS, removedUrls: "refuse" as const },
  };

  it("are told, as people know them", () => {
    const { notices, violations } = planFor(only, manifestOf(live));
    expect(notices).toEqual([{ kind: "removed-urls", urls }]);
    expect(violations).toEqual([]);
  });

  it("are refused where the config says so", () => {
    const { violations } = planFor(only, manifestOf(live), { guards: refuse });
    expect(violations).toMatchObject([{ rule: "removed-urls", actual: urls.join(", ") }]);
    expect(planFor(live, manifestOf(live), { guards: refuse }).violations).toEqual([]);
  });

  it("are no matter when they are redirected", () => {
    const redirects = (path: string) => path !== "/b.html";
    const plan = planFor(only, manifestOf(live), { redirects, guards: refuse });
    expect(plan.notices).toEqual([{ kind: "removed-urls", urls: ["/b.html"] }]);
    expect(plan.violations).toMatchObject([{ actual: "/b.html" }]);
  });
});
