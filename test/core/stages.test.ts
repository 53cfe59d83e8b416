import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectKey } from "../../deploy/core/keys.ts";
import { roleOf } from "../../deploy/core/source.ts";
import { stagesOf } from "../../deploy/core/stages.ts";
import { manifestOf, planFor, sourceFile } from "../support/builders.ts";

describe("roleOf", () => {
  it.each([
    ["index.html", "page"],
    ["a/b.htm", "page"],
    ["404.html", "page"],
    ["feed.xml", "feed"],
    ["blog/feed.json", "feed"],
    ["blog.atom", "feed"],
    ["sitemap.xml", "feed"],
    ["sitemap-2.xml", "feed"],
    ["search.json", "feed"],
    ["assets/search.0123456789.js", "asset"],
    ["robots.txt", "feed"],
    ["data/feedback.json", "asset"],
    ["main.css", "asset"],
    ["html", "asset"],
  ])("%s is a %s", (key, role) => {
    expect(roleOf(objectKey(key))).toBe(role);
  });
});

describe("stagesOf", () => {
  it("stores what is named before what names it", () => {
    const source = [
      sourceFile("index.html", "new"),
      sourceFile("fresh.html"),
      sourceFile("feed.xml", "new"),
      sourceFile("logo.svg", "new"),
      sourceFile("main.3f2a9c01d4.css"),
    ];
    const base = manifestOf(
      ["index.html", "feed.xml", "logo.svg", "gone.html"].map((k) => sourceFile(k)),
    );
    const stages = stagesOf(planFor(source, base).changes);
    expect(stages.map(({ name, writes }) => [name, writes.map((w) => w.file.key)])).toEqual([
      ["new-assets", ["main.3f2a9c01d4.css"]],
      ["changed-assets", ["logo.svg"]],
      ["pages", ["fresh.html", "index.html"]],
      ["feeds", ["feed.xml"]],
    ]);
  });

  it("has no stage for a site that only loses files", () => {
    expect(stagesOf(planFor([], manifestOf([sourceFile("a.html")])).changes)).toEqual([]);
  });

  it("holds every write exactly once", () => {
    const name = fc.constantFrom("a.html", "b.css", "c.js", "feed.xml", "d.html", "e.svg");
    const site = fc.uniqueArray(name).map((names) => names.map((n) => sourceFile(n)));
    fc.assert(
      fc.property(site, site, (source, stored) => {
        const other = stored.map((file) => sourceFile(file.key, "before"));
        const { changes } = planFor(source, manifestOf(other));
        const staged = stagesOf(changes).flatMap((stage) => stage.writes);
        const writes = changes.filter((change) => change.kind !== "remove");
        expect(new Set(staged)).toEqual(new Set(writes));
        expect(staged.length).toBe(writes.length);
      }),
    );
  });
});
