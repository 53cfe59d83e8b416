import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, keyOf } from "../../deploy/core/change.ts";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import { nextManifest } from "../../deploy/core/release.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { entryFor, manifestOf, planFor, sourceFile } from "../support/builders.ts";

const a = sourceFile("a.html");
const b = sourceFile("b.html");

function summary(changes: readonly Change[]): readonly string[] {
  return changes.map((change) =>
    change.kind === "replace"
      ? `${change.kind} ${keyOf(change)} (${change.reason})`
      : `${change.kind} ${keyOf(change)}`,
  );
}

describe("the changes of a plan", () => {
  it.each([
    [
      "nothing stored -> everything is created",
      [a, b],
      undefined,
      ["create a.html", "create b.html"],
    ],
    ["the same -> nothing", [a, b], [a, b], []],
    ["one more file -> created", [a, b], [a], ["create b.html"]],
    ["one file less -> removed", [a], [a, b], ["remove b.html"]],
    ["other content -> replaced", [sourceFile("a.html", "new")], [a], ["replace a.html (content)"]],
    [
      "same size, other content -> replaced",
      [sourceFile("a.html", "12345")],
      [sourceFile("a.html", "54321")],
      ["replace a.html (content)"],
    ],
    [
      "other headers -> replaced",
      [sourceFile("a.html", undefined, { cacheControl: "no-store" })],
      [a],
      ["replace a.html (headers)"],
    ],
    [
      "other content and headers -> replaced for its content",
      [sourceFile("a.html", "new", { cacheControl: "no-store" })],
      [a],
      ["replace a.html (content)"],
    ],
    ["an empty site -> everything is removed", [], [a, b], ["remove a.html", "remove b.html"]],
    [
      "renamed -> created and removed, sorted by key",
      [sourceFile("z.html")],
      [a],
      ["remove a.html", "create z.html"],
    ],
  ])("%s", (_, source, stored, expected) => {
    const base = stored === undefined ? undefined : manifestOf(stored);
    expect(summary(planFor(source, base).changes)).toEqual(expected);
  });

  it("do not depend on the ETag", () => {
    const other = new Map([[a.key, entryFor(a, '"anything-2"')]]);
    expect(planFor([a], { ...manifestOf([a]), files: other }).changes).toEqual([]);
  });

  it("are every file when that is forced", () => {
    const { changes } = planFor([a, b], manifestOf([a, b]), { force: true });
    expect(summary(changes)).toEqual(["replace a.html (forced)", "replace b.html (forced)"]);
  });

  it("repeat whatever an unfinished deploy may have touched", () => {
    const stray = sourceFile("half.html");
    const unfinished = {
      release: "r",
      keys: [a.key, stray.key],
      invalidation: { kind: "none" } as const,
    };
    const { changes } = planFor([a, b], manifestOf([a, b]), { unfinished });
    expect(summary(changes)).toEqual(["replace a.html (unverified)", "remove half.html"]);
  });

  it("mend what someone else altered, removed or added", () => {
    const drift = { altered: [a.key], missing: [b.key], added: ["foreign.html" as ObjectKey] };
    const { changes } = planFor([a, b], manifestOf([a, b]), { drift });
    expect(summary(changes)).toEqual([
      "replace a.html (unverified)",
      "create b.html",
      "remove foreign.html",
    ]);
  });
});

const site = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 })), {
    selector: ([name]) => name,
  })
  .map((files) =>
    files.map(([name, text]) => {
      const key = name % 3 === 0 ? `p${name}.aaaaaaaa${10 + name}.js` : `p${name}.html`;
      return sourceFile(key, `text ${text}`);
    }),
  );

/** The manifest after the plan, as if every write had been answered. */
function published(source: readonly SourceFile[], stored: readonly SourceFile[]) {
  const base = manifestOf(stored);
  const plan = planFor(source, base);
  const answers = new Map(source.map((file) => [file.key, { etag: `"${file.key}"` }]));
  return nextManifest({ plan, release: "next", base, stored: answers });
}

describe("for any two sites", () => {
  it("carrying the plan out gives a manifest of exactly the source", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const byKey = (x: [string, unknown], y: [string, unknown]) => (x[0] < y[0] ? -1 : 1);
        const wanted = [...manifestOf(source).files].sort(byKey);
        expect([...published(source, stored).files]).toEqual(wanted);
      }),
    );
  });

  it("there is nothing left to change afterwards", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        expect(planFor(source, published(source, stored)).changes).toEqual([]);
      }),
    );
  });

  it("the order of the files does not matter", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const backwards = planFor([...source].reverse(), manifestOf([...stored].reverse()));
        expect(backwards.changes).toEqual(planFor(source, manifestOf(stored)).changes);
      }),
    );
  });

  it("no object is both removed and kept, and none that is named is either", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const { changes, kept } = planFor(source, manifestOf(stored));
        const removed = changes.flatMap((change) => (change.kind === "remove" ? [change.key] : []));
        const away = [...removed, ...kept.map((entry) => entry.key)];
        expect(new Set(away).size).toBe(away.length);
        const named = new Set(source.map((file) => file.key));
        expect(away.filter((key) => named.has(key))).toEqual([]);
      }),
    );
  });
});
