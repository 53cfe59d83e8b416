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

const sheets = textsBelow("assets", /^[a-z-]+\.css$/);
const parts = readdirSync(PARTS);

/** The kinds of callouts and the classes of the highlighter are put together from the author's words. */
const MADE_UP = /^(callout-|token$|bold$|italic$)/;

describe("The parts that stylesheets are made of", () => {
  test("are each in one of them", () => {
    const core = readFileSync(join(PARTS, "core.css"), "utf8");
    const imported = [...sheets, core].flatMap((text) =>
      [...text.matchAll(/@import "[./a-z]*\/([a-z-]+\.css)"/g)].map(([, name]) => name),
    );
    expect([...new Set(imported)].sort()).toEqual(parts);
  });

  test.each(parts)("have no class that no page has: %s", (name) => {
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
