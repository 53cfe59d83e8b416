import { describe, expect, it } from "vitest";
import type { GuardRule } from "../../deploy/core/guard-rules.ts";
import type { Manifest } from "../../deploy/core/manifest.ts";
import { isEmpty } from "../../deploy/core/plan.ts";
import type { Provenance } from "../../deploy/core/provenance.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { entryFor, manifestOf, planFor, sourceFile } from "../support/builders.ts";

const index = sourceFile("index.html", "0123456789");

const plan = planFor;

describe("makePlan", () => {
  it("counts by kind, and only bytes that travel", () => {
    const stored = [
      sourceFile("a.css", "same"),
      sourceFile("h.css", "head"),
      sourceFile("old.html"),
    ];
    const source = [
      index,
      sourceFile("a.css", "same"),
      sourceFile("h.css", "head", { cacheControl: "no-store" }),
    ];
    expect(plan(source, manifestOf(stored)).totals).toEqual({
      created: 1,
      replaced: 1,
      removed: 1,
      unchanged: 1,
      kept: 0,
      bytes: 10,
    });
  });

  it("has one id for one meaning: not for the order or the folder of the files", () => {
    const files = [index, sourceFile("a.css")];
    const moved = [...files].reverse().map((file) => ({
      ...file,
      origin: { ...file.origin, path: `/elsewhere/${file.key}` },
    }));
    expect(plan(moved).id).toBe(plan(files).id);
  });

  it("has another id for another content, base or site", () => {
    const ids = [
      plan([index]).id,
      plan([sourceFile("index.html", "other")]).id,
      plan([index], manifestOf([])).id,
      planFor([index], undefined, { site: "other" }).id,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it("is empty when what is stored is what was built", () => {
    expect(isEmpty(plan([index], manifestOf([index])))).toBe(true);
    expect(isEmpty(plan([index], manifestOf([])))).toBe(false);
  });

  it("is not empty while an earlier deploy is unfinished", () => {
    const unfinished = { release: "r", keys: [], invalidation: { kind: "none" } as const };
    expect(isEmpty(plan([index], manifestOf([index]), { unfinished }))).toBe(false);
  });

  it("is not empty when only the manifest changes", () => {
    const dropped = plan([index], manifestOf([index, sourceFile("old.3f2a9c01d4.js")]));
    expect(dropped).toMatchObject({ changes: [], onlyBookkeeping: true, totals: { kept: 1 } });
    expect(isEmpty(dropped)).toBe(false);
  });

  it("takes a file back that is still there, without sending it", () => {
    const old = sourceFile("old.3f2a9c01d4.js");
    const since = "2026-11-20T12:00:00.000Z";
    const obsolete = [{ key: old.key, entry: entryFor(old), sequence: 2, since }];
    const back = plan([index, old], manifestOf([index], { obsolete }));
    expect(back).toMatchObject({ changes: [], kept: [], onlyBookkeeping: true });
  });
});

describe("the guards", () => {
  const rules = (source: readonly SourceFile[], base?: Manifest) =>
    plan(source, base).violations.map((violation) => violation.rule);

  it("let a plain site pass", () => {
    expect(rules([index, sourceFile("a.css")])).toEqual([]);
  });

  it("refuse an empty site", () => {
    expect(rules([], manifestOf([index]))).toEqual(["empty-site"]);
  });

  it("refuse a site without an index page", () => {
    expect(rules([sourceFile("blog/index.html")])).toEqual(["no-index-page"]);
  });

  it("refuse the bucket of another site", () => {
    expect(rules([index], manifestOf([index], { site: "their-site" }))).toEqual(["other-site"]);
  });

  it("refuse two names that differ by case only", () => {
    const [violation] = plan([index, sourceFile("Logo.svg"), sourceFile("logo.svg")]).violations;
    expect(violation).toMatchObject({ rule: "case-twins", actual: '"Logo.svg" and "logo.svg"' });
  });

  it("refuse a commit that is older than the live one, and no other", () => {
    const live = { commit: "bbb", committedAt: "2026-11-22T10:00:00.000Z" };
    const base = manifestOf([index], { provenance: live });
    const rulesFor = (provenance: Provenance) =>
      plan([index], base, { provenance }).violations.map((violation) => violation.rule);
    expect(rulesFor({ commit: "aaa", committedAt: "2026-11-22T09:59:59.000Z" })).toEqual([
      "older-commit",
    ]);
    expect(rulesFor(live)).toEqual([]);
    expect(rulesFor({ commit: "ccc", committedAt: "2026-11-22T10:00:01.000Z" })).toEqual([]);
    expect(rulesFor({})).toEqual([]);
  });

  it("are lifted by their own name and by no other", () => {
    const lifted = (rule: GuardRule) =>
      plan([], manifestOf([index]), { guards: { allowed: new Set([rule]) } }).violations.length;
    expect(lifted("empty-site")).toBe(0);
    expect(lifted("no-index-page")).toBe(1);
  });
});
