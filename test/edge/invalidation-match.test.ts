import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../deploy/edge/decide.ts";
import {
  invalidationMatcher,
  isInvalidationPath,
  readCacheTags,
} from "../../deploy/edge/invalidation-match.ts";
import { NO_RULES } from "../../deploy/edge/rules.ts";
import { runs } from "../support/slow-tests.ts";

describe("an invalidation path covers", () => {
  it.each([
    ["exactly its own path", "/a.html", "/a.html", true],
    ["no longer path", "/a", "/a.html", false],
    ["no path in another case", "/A.html", "/a.html", false],
    ["everything, as a lone star", "/*", "/a/b/index.html", true],
    ["what begins with it, before a trailing star", "/a/*", "/a/b/index.html", true],
    ["itself without the star", "/a*", "/a", true],
    ["no other beginning", "/a/*", "/ab/index.html", false],
    ["only a literal star in the middle", "/a*/b.html", "/a*/b.html", true],
    ["nothing else by a star in the middle", "/a*/b.html", "/ax/b.html", false],
    ["a literal star before the trailing one", "/a*b*", "/a*bc", true],
    ["no page by its folder, which is rewritten before the cache", "/a/", "/a/index.html", false],
    ["no page by its name without the slash", "/a", "/a/index.html", false],
    ["escapes in either case", "/caf%c3%a9.html", "/caf%C3%A9.html", true],
    ["escapes in either case before a star", "/caf%c3%a9*", "/caf%C3%A9/index.html", true],
    ["a beginning that ends inside a character", "/caf%c3*", "/caf%C3%A9.html", true],
    ["an escaped space", "/a%20b.html", "/a%20b.html", true],
    ["an escaped percent sign", "/100%25.html", "/100%25.html", true],
    ["nothing by a needless escape", "/%61.html", "/a.html", false],
    ["nothing by an escaped slash", "/a%2Fb.html", "/a/b.html", false],
    ["nothing by an escaped star", "/a%2A", "/abc", false],
    ["nothing by an escaped tilde", "/a%7Eb.js", "/a~b.js", false],
    ["nothing by a query, which is no part of the key", "/a.html?v=1", "/a.html", false],
    ["the query that it names, where it is part of the key", "/a?v=1", "/a?v=1", true],
    ["no other query", "/a", "/a?v=1", false],
    ["any query by a star", "/a*", "/a?v=1", true],
    ["a key with a needless escape by that escape", "/%61.html", "/%61.html", true],
    ["a plus by a plus, not a space", "/a+b.html", "/a%20b.html", false],
  ])("%s", (_rule, path, uri, expected) => {
    expect(invalidationMatcher([path])(uri)).toBe(expected);
  });

  it("what any of several covers", () => {
    const covers = invalidationMatcher(["/a.html", "/b/*", "/c.html"]);
    expect(["/a.html", "/b/x", "/c.html", "/d.html"].map((uri) => covers(uri))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ["an object with its tag", ["#news"], ["home", "news"], true],
    ["a tag in any case", ["#NEWS"], ["news"], true],
    ["no object without tags", ["#news"], [], false],
    ["no tag that only begins like it", ["#new"], ["news"], false],
    ["no tag by a star", ["#new*"], ["news"], false],
    ["both what a path and what a tag names", ["/other", "#news"], ["news"], true],
  ])("%s", (_rule, items, tags, expected) => {
    expect(invalidationMatcher(items)("/a.html", new Set(tags))).toBe(expected);
  });

  it("every request that is served under the path's own key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        const decision = decide(
          { host: undefined, uri: `/${encodeURIComponent(name)}.x`, query: "" },
          NO_RULES,
        );
        if (decision.kind !== "serve") return;
        expect(invalidationMatcher([decision.uri])(decision.uri)).toBe(true);
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe("an invalidation path is refused", () => {
  it.each([
    ["not when it is plain", "/a/b.html", true],
    ["not with a star anywhere", "/a*/b*", true],
    ["not with a query", "/a?x=1", true],
    ["not with escapes", "/a%20b%C3%A9", true],
    ["not with what RFC 1738 allows", "/$-_.+!*'(),;:@&=", true],
    ["not at 4,000 characters", `/${"a".repeat(3_999)}`, true],
    ["at 4,001 characters", `/${"a".repeat(4_000)}`, false],
    ["when it is empty", "", false],
    ["without its slash", "a.html", false],
    ["as a cache tag", "#tag", false],
    ["with a space", "/a b", false],
    ["with a raw letter beyond ASCII", "/café", false],
    ["with a raw tilde", "/runtime~main.js", false],
    ["with a bracket", "/a[1]", false],
    ["with a lone percent sign", "/100%", false],
    ["with a line break", "/a\n", false],
  ])("%s", (_rule, path, expected) => {
    expect(isInvalidationPath(path)).toBe(expected);
  });
});

describe("cache tags", () => {
  it.each([
    ["are none without a header", undefined, []],
    ["are parted by commas, without the spaces around them", "a, b ,c", ["a", "b", "c"]],
    ["are the same in any case", "News,NEWS", ["news"]],
    ["are never empty", ",, a,", ["a"]],
    ["have at most 256 characters", `${"x".repeat(256)},${"y".repeat(257)}`, ["x".repeat(256)]],
  ])("%s", (_rule, header, tags) => {
    expect([...readCacheTags(header)]).toEqual(tags);
  });

  it("are at most 50", () => {
    const header = Array.from({ length: 60 }, (_, i) => `t${i}`).join(",");
    expect([...readCacheTags(header)]).toHaveLength(50);
    expect(readCacheTags(header).has("t49")).toBe(true);
  });
});
