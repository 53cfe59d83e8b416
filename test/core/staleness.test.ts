import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPlan, parsePlan } from "../../deploy/core/plan-document.ts";
import { boundTo, findStaleness } from "../../deploy/core/staleness.ts";
import { entryFor, manifestOf, planFor, sha256, sourceFile } from "../support/builders.ts";

const index = sourceFile("index.html", "new");
const css = sourceFile("main.css");
const base = manifestOf([sourceFile("index.html", "old"), css, sourceFile("gone.html")]);
const source = [index, css];
const plan = planFor(source, base);
const around = { source, base, unfinished: undefined, edge: undefined, digest: sha256 };

describe("a plan is stale", () => {
  it("not while the bucket and the files are those it was made from", () => {
    expect(findStaleness(plan, around)).toBeUndefined();
  });

  it("when another release came in between", () => {
    const moved = { ...base, release: "20261122T130000Z-00000000" };
    expect(findStaleness(plan, { ...around, base: moved })).toEqual({
      kind: "bucket-moved",
      planned: base.release,
      found: moved.release,
    });
    expect(findStaleness(plan, { ...around, base: undefined })?.kind).toBe("bucket-moved");
  });

  it("when a deploy broke off that the plan does not know of", () => {
    const unfinished = { release: "r", keys: [css.key], invalidation: { kind: "none" } as const };
    expect(findStaleness(plan, { ...around, unfinished })).toEqual({
      kind: "unfinished-deploy",
      release: "r",
    });
    const aware = planFor(source, base, { unfinished });
    expect(findStaleness(aware, { ...around, unfinished })).toBeUndefined();
  });

  it("when a file differs that it changes, one that it does not change, one is new, one is gone", () => {
    const files = [sourceFile("index.html", "newer"), sourceFile("new.html")];
    expect(findStaleness(plan, { ...around, source: files })).toEqual({
      kind: "files-differ",
      changed: ["index.html"],
      missing: ["main.css"],
      added: ["new.html"],
    });
    const colder = [index, sourceFile("main.css", undefined, { cacheControl: "no-store" })];
    expect(findStaleness(plan, { ...around, source: colder })).toMatchObject({
      changed: ["main.css"],
    });
  });

  it("never right after it was made, and its files are found where they are", () => {
    const name = fc.constantFrom("index.html", "a.html", "b.css", "old.3f2a9c01d4.js", "c.txt");
    const files = fc.uniqueArray(fc.tuple(name, fc.constantFrom("1", "2")), {
      selector: ([key]) => key,
    });
    const options = fc.record({ kept: fc.boolean(), force: fc.boolean(), lost: fc.boolean() });
    fc.assert(
      fc.property(files, files, options, (now, before, { kept, force, lost }) => {
        const found = now.map(([key, content]) => sourceFile(key, content));
        const old = sourceFile("kept.3f2a9c01d4.css");
        const since = "2026-11-20T12:00:00.000Z";
        const stored = manifestOf(
          before.map(([key, content]) => sourceFile(key, content)),
          { obsolete: kept ? [{ key: old.key, entry: entryFor(old), sequence: 1, since }] : [] },
        );
        const missing = lost ? [...stored.files.keys()].slice(0, 1) : [];
        const drift = { altered: [], missing, added: [] };
        const made = planFor(found, stored, { force, drift });
        const text = formatPlan({ environment: "local", plan: made }, sha256);
        const parsed = parsePlan(text, sha256);
        if (parsed.kind === "problem") throw new Error("unreadable");
        const saved = parsed.saved.plan;
        const here = { ...around, source: found, base: stored };
        expect(findStaleness(saved, here)).toBeUndefined();
        expect(boundTo(found, saved)).toEqual(made);
      }),
    );
  });
});
