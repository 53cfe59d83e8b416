import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, findChanges, keepsContent, keyOf } from "../../deploy/core/change.ts";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import type { ManifestEntry } from "../../deploy/core/manifest.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { entryFor, manifestOf, sourceFile } from "../support/builders.ts";

const a = sourceFile("a.html");
const b = sourceFile("b.html");

function summary(changes: readonly Change[]): readonly string[] {
  return changes.map((change) =>
    change.kind === "replace"
      ? `${change.kind} ${keyOf(change)} (${change.reason})`
      : `${change.kind} ${keyOf(change)}`,
  );
}

describe("findChanges", () => {
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
    expect(summary(findChanges(source, base))).toEqual(expected);
  });

  it("never looks at the ETag", () => {
    const base = manifestOf([a]);
    const other = new Map([[a.key, entryFor(a, '"anything-2"')]]);
    expect(findChanges([a], { ...base, files: other })).toEqual([]);
  });
});

const site = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 })), {
    selector: ([name]) => name,
  })
  .map((files) => files.map(([name, text]) => sourceFile(`p${name}.html`, `text ${text}`)));

function applied(changes: readonly Change[], stored: readonly SourceFile[]) {
  const files = new Map<ObjectKey, ManifestEntry>(manifestOf(stored).files);
  for (const change of changes) {
    if (change.kind === "remove") files.delete(change.key);
    else files.set(change.file.key, entryFor(change.file));
  }
  return files;
}

describe("for any two sites", () => {
  it("applying the changes to what is stored gives the source", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const result = applied(findChanges(source, manifestOf(stored)), stored);
        const byKey = (x: [string, unknown], y: [string, unknown]) => (x[0] < y[0] ? -1 : 1);
        expect([...result].sort(byKey)).toEqual([...manifestOf(source).files].sort(byKey));
      }),
    );
  });

  it("there is nothing left to change afterwards", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const files = applied(findChanges(source, manifestOf(stored)), stored);
        expect(findChanges(source, { ...manifestOf([]), files })).toEqual([]);
      }),
    );
  });

  it("the order of the files does not matter", () => {
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const backwards = findChanges([...source].reverse(), manifestOf([...stored].reverse()));
        expect(backwards).toEqual(findChanges(source, manifestOf(stored)));
      }),
    );
  });
});

it("keepsContent is true for a change of headers alone", () => {
  const before = entryFor(a);
  const headers = sourceFile("a.html", undefined, { cacheControl: "no-store" });
  expect(keepsContent({ kind: "replace", file: headers, before, reason: "headers" })).toBe(true);
  const content = sourceFile("a.html", "new");
  expect(keepsContent({ kind: "replace", file: content, before, reason: "content" })).toBe(false);
  expect(keepsContent({ kind: "create", file: a })).toBe(false);
});
