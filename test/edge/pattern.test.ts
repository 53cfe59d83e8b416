import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillTemplate, matchPattern, parsePattern } from "../../deploy/edge/pattern.ts";

const match = (pattern: string, path: string) => {
  const parsed = parsePattern(pattern);
  if (parsed.kind === "problem") throw new Error(parsed.reason);
  return matchPattern(
    parsed.pattern,
    path.split("/").filter((segment) => segment !== ""),
  );
};

describe("a pattern matches", () => {
  it.each([
    ["the root", "/", "/", {}],
    ["a path", "/a/b", "/a/b", {}],
    ["whatever slash the path ends with", "/a/b", "/a/b/", {}],
    ["whatever slash the pattern ends with", "/a/b/", "/a/b", {}],
    ["repeated slashes as one", "/a//b", "/a/b", {}],
    ["one segment by a placeholder", "/blog/:year", "/blog/2026/", { year: "2026" }],
    ["by two placeholders", "/:a/x/:b_2", "/1/x/2", { a: "1", b_2: "2" }],
    ["the rest by a splat", "/blog/*", "/blog/a/b", { splat: "a/b" }],
    ["nothing by a splat", "/blog/*", "/blog/", { splat: "" }],
    ["everything by a splat alone", "/*", "/a/b.css", { splat: "a/b.css" }],
    ["the root by a splat alone", "/*", "/", { splat: "" }],
    ["placeholder and splat", "/:lang/*", "/de/a/b", { lang: "de", splat: "a/b" }],
    ["raw UTF-8", "/café/*", "/café/x", { splat: "x" }],
    ["percent-encoded UTF-8", "/caf%C3%A9", "/café", {}],
    ["an escaped slash as a slash", "/a%2Fb", "/a/b", {}],
    ["an escaped star as a star", "/a/%2A", "/a/*", {}],
    ["an escaped colon as a colon", "/%3Aname", "/:name", {}],
    ["a colon before a digit", "/10:30", "/10:30", {}],
    ["a name of every object", "/:constructor", "/a", { constructor: "a" }],
  ])("%s", (_rule, pattern, path, bindings) => {
    expect(match(pattern, path)).toEqual(bindings);
  });
});

describe("a pattern does not match", () => {
  it.each([
    ["another case", "/About", "/about"],
    ["a longer path", "/a", "/a/b"],
    ["a shorter path", "/a/b", "/a"],
    ["no segment by a placeholder", "/blog/:year", "/blog/"],
    ["a name that only begins so by a splat", "/blog/*", "/blogs/"],
    ["a parent by a splat", "/a/b/*", "/a"],
  ])("%s", (_rule, pattern, path) => {
    expect(match(pattern, path)).toBeUndefined();
  });
});

describe("a pattern is refused", () => {
  it.each([
    ["without a slash", "about", "begins with a slash"],
    ["as nothing", "", "begins with a slash"],
    ["with a host", "https://example.com/a", "domain"],
    ["with a host and no scheme", "//example.com/a", "two slashes"],
    ["with a query", "/shop?id=1", "conditions as words"],
    ["with a fragment", "/a#b", "browsers keep"],
    ["with a splat in the middle", "/a/*/b", "the last"],
    ["with a splat in a segment", "/blog*", "the last"],
    ["with two splats", "/*/*", "the last"],
    ["with a placeholder in a segment", "/post-:id", "whole segment"],
    ["with a placeholder before more", "/:id.html", "whole segment"],
    ["with an odd name", "/:ä", "letters, digits and _"],
    ["with a placeholder called splat", "/:splat/a", "name of the star"],
    ["with a name twice", "/:a/:a", ":a stands there twice"],
    ["with a broken escape", "/100%", "%25"],
    ["with an overlong escape", "/%c0%af", "%25"],
    ["with a lone surrogate", "/\ud800", "%25"],
    ["with a control character", "/a%00", "control characters"],
    ["with a backslash", "/a\\b", "backslashes"],
    ["with a dot segment", "/a/../b", "dot segments"],
    ["with an escaped dot segment", "/a/%2e%2E", "dot segments"],
    ["with a dot segment behind an escaped slash", "/a%2f..", "dot segments"],
    ["below Slipway's own name", "/.slipway/x", "Slipway's own"],
    ["below what begins so in another case", "/.Slipway-x", "Slipway's own"],
  ])("%s", (_rule, text, reason) => {
    const parsed = parsePattern(text);
    expect(parsed).toEqual({ kind: "problem", reason: expect.stringContaining(reason) });
  });
});

describe("a template", () => {
  it("takes values, and leaves other colons alone", () => {
    const bindings = { year: "2026", splat: "a/b" };
    expect(fillTemplate("/:year/x-:year/:splat:/Special:Search", bindings, (v) => v)).toBe(
      "/2026/x-2026/a/b:/Special:Search",
    );
  });

  it("encodes values where it is kept encoded", () => {
    expect(fillTemplate("id=:id", { id: "a&b" }, encodeURIComponent)).toBe("id=a%26b");
  });

  it("never takes what every object has", () => {
    expect(fillTemplate("/:constructor", {}, (v) => v)).toBe("/:constructor");
  });

  it("takes a value's own dollar signs and colons as they are", () => {
    expect(fillTemplate("/:a", { a: "$&:a" }, (v) => v)).toBe("/$&:a");
  });
});

describe("for any string", () => {
  const paths = fc
    .array(fc.constantFrom("/", "a", ":b", "*", "%2A", "%", "?", "#", "é", ".", "\\", "\u0000"), {
      maxLength: 12,
    })
    .map((parts) => `/${parts.join("")}`);

  it("parsing gives a pattern or a reason and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), paths), (text) => {
        const parsed = parsePattern(text);
        expect(parsed.kind === "pattern" || parsed.reason.length > 10).toBe(true);
      }),
    );
  });

  it("a pattern without names matches the path that it spells", () => {
    const segment = fc.string({ minLength: 1, unit: "grapheme" }).filter((s) => !/^\.|\//.test(s));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
        const parsed = parsePattern(
          `/${segments.map(encodeURIComponent).join("/").replaceAll("*", "%2A")}`,
        );
        fc.pre(parsed.kind === "pattern");
        expect(parsed.kind === "pattern" && matchPattern(parsed.pattern, segments)).toEqual({});
      }),
    );
  });
});
