import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const SITE = join(import.meta.dirname, "../../site");
const PARTS = join(SITE, "assets/css");

const textsBelow = (folder: string, ends: RegExp): readonly string[] =>
  readdirSync(join(SITE, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => ends.test(path))
    .map((path) => readFileSync(join(SITE, folder, path), "utf8"));

/** Everything that makes HTML. */
const MAKERS = ["_includes", "content", "lib", "assets"]
  .flatMap((folder) => textsBelow(folder, /\.(njk|md|ts)$/))
  .join("\n");

const parts = readdirSync(PARTS);

/** The parts that a stylesheet imports, by its path below `assets`. */
function partsOf(path: string): readonly string[] {
  const text = readFileSync(join(SITE, "assets", path), "utf8");
  return [...text.matchAll(/@import "[./a-z]*\/([a-z-]+\.css)"/g)].map(([, name]) => name ?? "");
}

const ofCore = partsOf("css/core.css");
const sheets = readdirSync(join(SITE, "assets")).filter((name) => name.endsWith(".css"));
/** Those that a layout or a page names. */
const carried = [...new Set([...MAKERS.matchAll(/^sheet: ([a-z-]+)$/gm)].map(([, name]) => name))];
const inUse = [
  ...new Set([...carried.flatMap((name) => partsOf(`${name}.css`)), ...ofCore]),
].sort();

/** The kinds of callouts and the classes of the highlighter are put together from the author's words. */
const MADE_UP = /^(callout-|token$|bold$|italic$)/;

describe("The parts that stylesheets are made of", () => {
  test("are each in one of them", () => {
    const imported = [...sheets.flatMap(partsOf), ...ofCore];
    expect([...new Set(imported)].sort()).toEqual(parts);
    expect(inUse.length).toBeGreaterThan(10);
  });

  test.each(inUse)("have no class that no page has: %s", (name) => {
    const css = readFileSync(join(PARTS, name), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    const selectors = [...css.matchAll(/[^{};]+(?=\{)/g)].map(([text]) => text);
    const classes = selectors
      .filter((text) => !text.includes(".token"))
      .flatMap((text) => [...text.matchAll(/\.([a-z][\w-]*)/g)].map(([, found]) => found ?? ""));
    const unknown = classes.filter(
      (found) => !MADE_UP.test(found) && !new RegExp(`(?<![\\w-])${found}(?![\\w-])`).test(MAKERS),
    );
    expect(unknown).toEqual([]);
  });
});
