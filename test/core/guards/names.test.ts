import { expect, it, test } from "vitest";
import { planFor, sourceFile } from "../../support/builders.ts";

function found(rule: string, keys: readonly string[]): string | undefined {
  const source = ["index.html", ...keys].map((key) => sourceFile(key));
  return planFor(source).violations.find((violation) => violation.rule === rule)?.actual;
}

test.each<[string, readonly string[], string | undefined]>([
  ["two files", ["Logo.svg", "logo.svg"], '"Logo.svg" and "logo.svg"'],
  ["two files in a folder", ["a/B.css", "a/b.css"], '"a/B.css" and "a/b.css"'],
  ["two folders, once", ["A/x.css", "A/y.css", "a/z.css"], '"A" and "a"'],
  ["a page and a folder", ["About", "about/index.html"], '"About" and "about"'],
  ["a folder and a page in it", ["blog/About/index.html", "blog/about.html"], undefined],
  ["beyond ASCII", ["É.css", "é.css"], '"É.css" and "é.css"'],
  ["one folder with many files", ["a/b.css", "a/c.css", "a/d/e.css"], undefined],
])("twins by case: %s", (_, keys, actual) => {
  expect(found("case-twins", keys)).toBe(actual);
});

test.each<[string, boolean]>([
  ["LICENSE", true],
  ["downloads/README", true],
  ["docs/.well-known/x", true],
  [".SLIPWAY/notes.txt", true],
  [".well-known/security", false],
  [".well-known/acme-challenge/token", false],
  ["LICENSE.txt", false],
  [".nojekyll", false],
  ["a.b/index.html", false],
])("%s is unreachable: %s", (key, isUnreachable) => {
  expect(found("unreachable-key", [key]) !== undefined).toBe(isUnreachable);
});

it("names ten and counts the rest", () => {
  const keys = Array.from({ length: 12 }, (_, i) => `file-${String(i).padStart(2, "0")}`);
  expect(found("unreachable-key", keys)).toContain('"file-09" and 2 more');
});
