import { describe, expect, it } from "vitest";
import {
  countPaths,
  findPathProblem,
  invalidationPath,
  mergeInvalidations,
  pathsOf,
} from "../../deploy/core/invalidation.ts";
import { objectKey, type UrlPath } from "../../deploy/core/keys.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { manifestOf, planFor, sourceFile } from "../support/builders.ts";

describe("pathsOf", () => {
  it.each([
    ["index.html", ["/", "/index.html"]],
    ["blog/index.html", ["/blog/", "/blog/index.html"]],
    ["404.html", ["/404.html"]],
    ["blog/myindex.html", ["/blog/myindex.html"]],
    ["a b/index.html", ["/a%20b/", "/a%20b/index.html"]],
    ["日本.html", ["/%E6%97%A5%E6%9C%AC.html"]],
    ["vendors~about.js", ["/vendors*"]],
    ["~mira/index.html", ["/*"]],
    ["docs/~draft/index.html", ["/docs/*"]],
    ["a+b&c=d@e,f;g:h!$'().html", ["/a+b&c=d@e,f;g:h!$'().html"]],
    ["100%25.html", ["/100%2525.html"]],
    ["what?.html", ["/what%3F.html"]],
    ["a#b.html", ["/a%23b.html"]],
    ["a*", ["/a*"]],
    ["a*b.html", ["/a*b.html"]],
    ["INDEX.HTML", ["/INDEX.HTML"]],
  ])("%s is known to the CDN as %j", (key, paths) => {
    expect(pathsOf(objectKey(key))).toEqual(paths);
  });
});

function invalidated(source: readonly SourceFile[], stored: readonly SourceFile[]) {
  return planFor(source, manifestOf(stored)).invalidation;
}

describe("the invalidation of a plan", () => {
  const page = sourceFile("a/index.html");

  it("forgets everything when nobody knows what the edge holds", () => {
    const { afterWrites, afterRemovals } = planFor([page]).invalidation;
    expect(afterWrites.kind).toBe("everything");
    expect(afterRemovals.kind).toBe("none");
  });

  it("forgets nothing when nothing changed", () => {
    expect(invalidated([page], [page])).toEqual({
      afterWrites: { kind: "none" },
      afterRemovals: { kind: "none" },
    });
  });

  it("names a changed page in both forms, and nothing else", () => {
    const { afterWrites } = invalidated(
      [sourceFile("a/index.html", "new"), sourceFile("b.html")],
      [page, sourceFile("b.html")],
    );
    expect(afterWrites).toEqual({ kind: "paths", paths: ["/a/", "/a/index.html"] });
  });

  it("names a page whose headers changed", () => {
    const { afterWrites } = invalidated(
      [sourceFile("b.html", "x", { cacheControl: "no-store" })],
      [sourceFile("b.html", "x")],
    );
    expect(afterWrites).toEqual({ kind: "paths", paths: ["/b.html"] });
  });

  it("names a new page, for the edge may hold its 404", () => {
    expect(invalidated([page], []).afterWrites).toEqual({
      kind: "paths",
      paths: ["/a/", "/a/index.html"],
    });
  });

  it("does not name a new file with a hash in its name: nobody can have asked for it", () => {
    expect(invalidated([sourceFile("main.3f2a9c01d4.css")], []).afterWrites).toEqual({
      kind: "none",
    });
  });

  it("names a removed page only after its removal", () => {
    expect(invalidated([], [page])).toEqual({
      afterWrites: { kind: "none" },
      afterRemovals: { kind: "paths", paths: ["/a/", "/a/index.html"] },
    });
  });

  it("names what a deploy that broke off may have left stale", () => {
    const owed = { kind: "paths", paths: ["/old.html" as UrlPath] } as const;
    const unfinished = { release: "r", keys: [], invalidation: owed };
    const { invalidation } = planFor([page], manifestOf([page]), { unfinished });
    expect(invalidation).toEqual({ afterWrites: owed, afterRemovals: { kind: "none" } });
  });

  it("does not name a file that stays for a while, until it goes", () => {
    const old = sourceFile("old.3f2a9c01d4.css");
    expect(invalidated([page], [page, old]).afterRemovals).toEqual({ kind: "none" });
    const later = planFor([page], manifestOf([page, old]), { grace: { releases: 1, days: 0 } });
    expect(later.invalidation.afterRemovals).toEqual({ kind: "paths", paths: [`/${old.key}`] });
  });

  it("names a path once, however many keys share it", () => {
    const files = ["a~1.js", "a~2.js"].map((key) => sourceFile(key));
    expect(invalidated(files, []).afterWrites).toEqual({ kind: "paths", paths: ["/a*"] });
  });

  describe("with more URLs than paths may be in progress", () => {
    const many = (prefix: string, amount: number, content = "new") =>
      Array.from({ length: amount }, (_, i) => sourceFile(`${prefix}${i}.html`, content));

    it("folds those together that have no others between them", () => {
      const [p, q] = [many("p", 3001), many("q", 10)];
      expect(invalidated([...p, ...q], q).afterWrites).toEqual({ kind: "paths", paths: ["/p*"] });
      expect(invalidated([...p.slice(1), ...q], q).afterWrites).toMatchObject({
        paths: expect.arrayContaining(["/p1.html", "/p3000.html"]),
      });
    });

    it("forgets everything only when nothing narrower spares more, and says so", () => {
      const pages = ["a", "b", "c"].flatMap((prefix) => many(prefix, 4));
      const changed = pages.map((page, i) => (i % 2 === 0 ? sourceFile(page.key, "x") : page));
      const { invalidation } = planFor(changed, manifestOf(pages), {
        pathLimits: { paths: 1, wildcards: 1 },
      });
      expect(invalidation.afterWrites).toEqual({
        kind: "everything",
        because:
          "6 URLs changed all over the site; nothing narrower (most paths: 1, wildcards: 1) spares more of the others",
      });
    });

    it("does not count new names with a content hash: nobody can have asked for them", () => {
      const pages = many("a/", 3);
      const assets = ["a/x.3f2a9c01d4.css", "a/y.3f2a9c01d4.css"].map((key) => sourceFile(key));
      const before = [...many("a/", 3, "old"), sourceFile("b.html"), sourceFile("a.html")];
      const { invalidation } = planFor(
        [...pages, ...assets, sourceFile("b.html"), sourceFile("a.html")],
        manifestOf(before),
        { pathLimits: { paths: 1, wildcards: 1 } },
      );
      expect(invalidation.afterWrites).toEqual({ kind: "paths", paths: ["/a/*"] });
    });

    it("shares the paths between what is written and what is removed", () => {
      const [old, changed, rest] = [many("old/", 30), many("new/", 60), many("z", 9)];
      const before = manifestOf([...old, ...many("new/", 60, "old"), ...rest]);
      const { invalidation } = planFor([...changed, ...rest], before, {
        pathLimits: { paths: 30, wildcards: 15 },
      });
      const { afterWrites, afterRemovals } = invalidation;
      expect(countPaths(afterWrites) + countPaths(afterRemovals)).toBeLessThanOrEqual(30);
      expect(countPaths(afterWrites)).toBeGreaterThan(0);
      expect(countPaths(afterRemovals)).toBeGreaterThan(0);
    });

    it("keeps all that is owed, and all that is new, in one intent", () => {
      const owed = many("p", 3000).flatMap(({ key }) => pathsOf(key));
      const more = many("q", 3000).flatMap(({ key }) => pathsOf(key));
      const merged = mergeInvalidations([
        { kind: "paths", paths: owed },
        { kind: "paths", paths: more },
      ]);
      expect(merged.kind === "paths" && merged.paths).toHaveLength(6000);
    });
  });
});

describe("a path typed by an operator", () => {
  it.each([
    ["/blog/", "/blog/"],
    ["/blog/*", "/blog/*"],
    ["/a b", "/a%20b"],
    ["/a%20b", "/a%20b"],
    ["/é?x=1", "/%C3%A9%3Fx=1"],
    ["/~mira/x", "/*"],
  ])("%s goes out as %s", (typed, sent) => {
    expect(invalidationPath(typed)).toBe(sent);
  });

  it.each([
    ["blog/", "does not start with a slash"],
    ["", "does not start with a slash"],
    [`/${"a".repeat(4000)}`, "is over 4,000 characters"],
    ["/\ud800", "is not UTF-8"],
    ["/fine", undefined],
  ])("%s: %s", (typed, problem) => {
    expect(findPathProblem(typed)).toBe(problem);
  });
});
