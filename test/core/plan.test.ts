import { describe, expect, it } from "vitest";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import type { Manifest } from "../../deploy/core/manifest.ts";
import { isEmpty, makePlan } from "../../deploy/core/plan.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { manifestOf, sha256, sourceFile } from "../support/builders.ts";

const index = sourceFile("index.html", "0123456789");

function plan(source: readonly SourceFile[], base?: Manifest) {
  return makePlan({ site: "test-site", source, base, digest: sha256 });
}

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
      bytes: 10,
    });
  });

  it("has one id for one meaning: not for the order or the folder of the files", () => {
    const files = [index, sourceFile("a.css")];
    const moved = [...files].reverse().map((file) => ({ ...file, path: `/elsewhere/${file.key}` }));
    expect(plan(moved).id).toBe(plan(files).id);
  });

  it("has another id for another content, base or site", () => {
    const ids = [
      plan([index]).id,
      plan([sourceFile("index.html", "other")]).id,
      plan([index], manifestOf([])).id,
      makePlan({ site: "other", source: [index], base: undefined, digest: sha256 }).id,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it("is empty when what is stored is what was built", () => {
    expect(isEmpty(plan([index], manifestOf([index])))).toBe(true);
    expect(isEmpty(plan([index], manifestOf([])))).toBe(false);
  });

  it("is not empty while an earlier release has something left to remove", () => {
    const base = manifestOf([index], { leftovers: ["old.js" as ObjectKey] });
    expect(isEmpty(plan([index], base))).toBe(false);
    expect(plan([index], base).leftovers).toEqual(["old.js"]);
  });

  it("does not remove a leftover that the site has again", () => {
    const base = manifestOf([index], { leftovers: ["a.css" as ObjectKey] });
    expect(plan([index, sourceFile("a.css")], base).leftovers).toEqual([]);
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
});
