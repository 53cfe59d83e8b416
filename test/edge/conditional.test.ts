import { describe, expect, it } from "vitest";
import { allowsRange, isNotModified } from "../../deploy/edge/conditional.ts";

const MODIFIED = "Sun, 01 Mar 2026 12:00:00 GMT";
const BEFORE = "Sun, 01 Mar 2026 11:59:59 GMT";
const AFTER = "Sun, 01 Mar 2026 12:00:01 GMT";
const STRONG = { etag: '"a"', lastModified: Date.parse(MODIFIED) + 700 };
const WEAK = { etag: 'W/"a"', lastModified: STRONG.lastModified };

describe("the viewer's copy is still good", () => {
  it.each([
    ["not without a condition", {}, false],
    ["when an ETag matches", { ifNoneMatch: '"a"' }, true],
    ["when a weak ETag matches the strong one", { ifNoneMatch: 'W/"a"' }, true],
    ["when one of several matches", { ifNoneMatch: '"x,y", W/"b" , "a"' }, true],
    ["not when none matches", { ifNoneMatch: '"b", "aa"' }, false],
    ["not for a tag without quotes", { ifNoneMatch: "a" }, false],
    ["not for the tag inside a longer one", { ifNoneMatch: '"x"a"' }, false],
    ["for a star", { ifNoneMatch: " * " }, true],
    ["when it is as new", { ifModifiedSince: MODIFIED }, true],
    ["when it is newer", { ifModifiedSince: AFTER }, true],
    ["not when it is older", { ifModifiedSince: BEFORE }, false],
    ["not when the date is none", { ifModifiedSince: "yesterday" }, false],
    [
      "not by its date when the ETag differs",
      { ifNoneMatch: '"b"', ifModifiedSince: AFTER },
      false,
    ],
    ["by its ETag whatever the date", { ifNoneMatch: '"a"', ifModifiedSince: BEFORE }, true],
  ])("%s", (_rule, conditions, expected) => {
    expect(isNotModified(conditions, STRONG)).toBe(expected);
  });

  it("when a strong ETag matches a compressed variant's weak one", () => {
    expect(isNotModified({ ifNoneMatch: '"a"' }, WEAK)).toBe(true);
  });

  it("never by ETag when the answer has none, but for a star", () => {
    const bare = { etag: undefined, lastModified: STRONG.lastModified };
    expect(isNotModified({ ifNoneMatch: '"a"' }, bare)).toBe(false);
    expect(isNotModified({ ifNoneMatch: "*" }, bare)).toBe(true);
  });
});

describe("a range counts", () => {
  it.each([
    ["without If-Range", undefined, STRONG, true],
    ["with the strong ETag", '"a"', STRONG, true],
    ["not with another ETag", '"b"', STRONG, false],
    ["not with a weak ETag", 'W/"a"', WEAK, false],
    ["not with the strong ETag of a compressed variant", '"a"', WEAK, false],
    ["with the exact date", MODIFIED, STRONG, true],
    ["not with a later date", AFTER, STRONG, false],
    ["not with neither", "a", STRONG, false],
  ])("%s", (_rule, ifRange, validators, expected) => {
    expect(allowsRange(ifRange, validators)).toBe(expected);
  });
});
