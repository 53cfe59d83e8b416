import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, type EdgeDecision } from "../../deploy/edge/decide.ts";
import { NO_RULES } from "../../deploy/edge/rules.ts";
import { runs } from "../support/slow-tests.ts";

const at = (target: string): EdgeDecision => {
  const [uri = "", ...query] = target.split("?");
  return decide({ host: undefined, uri, query: query.join("?") }, NO_RULES);
};

describe("decide serves", () => {
  it.each([
    ["the root from the index document", "/", "/index.html", "index.html"],
    ["a page from its folder's index document", "/a/b/", "/a/b/index.html", "a/b/index.html"],
    ["a file as it stands", "/assets/app.css", "/assets/app.css", "assets/app.css"],
    ["an HTML file that is no index as it stands", "/a.html", "/a.html", "a.html"],
    ["a file whatever its query", "/a.css?v=1", "/a.css", "a.css"],
    ["a folder named like a file, by its slash", "/v1.2/", "/v1.2/index.html", "v1.2/index.html"],
    [
      "a folder named index.html, by its slash",
      "/index.html/",
      "/index.html/index.html",
      "index.html/index.html",
    ],
    [
      "well-known files without an extension",
      "/.well-known/assetlinks",
      "/.well-known/assetlinks",
      ".well-known/assetlinks",
    ],
    ["a dot file other than Slipway's own", "/.nojekyll", "/.nojekyll", ".nojekyll"],
    [
      "Slipway's name below another folder",
      "/a/.slipway/x.txt",
      "/a/.slipway/x.txt",
      "a/.slipway/x.txt",
    ],
    ["a space by its escape", "/a%20b.txt", "/a%20b.txt", "a b.txt"],
    ["a plus as a plus", "/a+b.txt", "/a+b.txt", "a+b.txt"],
    ["an escaped plus as the same plus", "/a%2bb.txt", "/a+b.txt", "a+b.txt"],
    ["needless escapes under the plain key", "/%61.css", "/a.css", "a.css"],
    ["an escaped slash as a slash", "/a%2Fb.css", "/a/b.css", "a/b.css"],
    ["UTF-8 in either case of its escapes", "/%c3%a9.txt", "/%C3%A9.txt", "é.txt"],
    ["raw characters under the escaped key", "/é.txt", "/%C3%A9.txt", "é.txt"],
    ["four-byte characters", "/%F0%9F%90%B3/", "/%F0%9F%90%B3/index.html", "🐳/index.html"],
    ["an escaped question mark as part of the name", "/a%3Fb.txt", "/a%3Fb.txt", "a?b.txt"],
    ["an escaped percent sign, decoded once", "/100%25.txt", "/100%25.txt", "100%.txt"],
    [
      "doubly escaped dots as a literal name",
      "/%252e%252e/",
      "/%252e%252e/index.html",
      "%2e%2e/index.html",
    ],
    ["names of three dots", "/.../", "/.../index.html", ".../index.html"],
  ])("%s", (_rule, target, uri, key) => {
    expect(at(target)).toEqual({ kind: "serve", uri, key, status: 200 });
  });
});

describe("decide redirects", () => {
  it.each([
    ["a page without its slash", "/a", "/a/"],
    ["a nested page without its slash", "/a/b-c", "/a/b-c/"],
    ["the index document of a folder", "/a/index.html", "/a/"],
    ["the index document of the root", "/index.html", "/"],
    ["an index document spelt with escapes", "/a%2findex%2Ehtml", "/a/"],
    ["and keeps the query", "/a?x=1&y=%20?", "/a/?x=1&y=%20?"],
    ["and drops an empty query", "/a?", "/a/"],
    ["and keeps the page's escapes", "/caf%c3%a9", "/caf%C3%A9/"],
    ["repeated slashes", "/a//b.css", "/a/b.css"],
    ["nothing but slashes", "///", "/"],
    ["another host's name to a page of this one", "//evil.example", "/evil.example"],
    ["another host's name without a dot in one step", "//evil", "/evil/"],
    ["another host's name behind an escaped slash", "/%2Fevil.example/", "/evil.example/"],
    ["slashes before an index document in one step", "//a//index.html", "/a/"],
    [
      "with line breaks in the query escaped",
      "/a?x\r\nSet-Cookie: y",
      "/a/?x%0D%0ASet-Cookie:%20y=",
    ],
    ["with a fragment sign in the query escaped", "/a?x#y", "/a/?x%23y="],
  ])("%s", (_rule, target, to) => {
    expect(at(target)).toEqual({ kind: "redirect", to, status: 301 });
  });
});

describe("decide refuses", () => {
  it.each([
    ["an empty path", "", "not-a-path"],
    ["the asterisk of OPTIONS", "*", "not-a-path"],
    ["a path without its slash", "a/b", "not-a-path"],
    ["a lone percent sign", "/100%", "malformed-encoding"],
    ["a bad escape", "/%zz", "malformed-encoding"],
    ["half a character", "/%C3", "malformed-encoding"],
    ["an overlong slash", "/%C0%AFetc", "malformed-encoding"],
    ["an overlong dot", "/%C0%AE%C0%AE/", "malformed-encoding"],
    ["an encoded surrogate", "/%ED%A0%80", "malformed-encoding"],
    ["a lone surrogate", "/\ud800", "malformed-encoding"],
    ["bytes that are not UTF-8", "/%FF", "malformed-encoding"],
    ["NUL", "/a%00.html", "control-character"],
    ["a line break", "/a%0d%0ab", "control-character"],
    ["DEL", "/a%7F", "control-character"],
    ["a C1 control", "/%C2%85", "control-character"],
    ["a backslash", "/\\evil.example", "backslash"],
    ["an escaped backslash", "/%5Cevil.example", "backslash"],
    ["a parent segment", "/a/../b.css", "dot-segment"],
    ["an escaped parent segment", "/%2e%2E/b.css", "dot-segment"],
    ["a parent segment behind an escaped slash", "/a%2f..%2fb.css", "dot-segment"],
    ["a current segment", "/./a.css", "dot-segment"],
    ["a trailing parent segment", "/a/..", "dot-segment"],
    ["a key longer than S3 takes", `/${"é".repeat(513)}.txt`, "too-long"],
  ])("%s with 400", (_rule, target, reason) => {
    expect(at(target)).toEqual({ kind: "refuse", status: 400, reason });
  });

  it("takes a key of exactly 1,024 bytes", () => {
    expect(at(`/${"é".repeat(510)}.txt`)).toMatchObject({ kind: "serve" });
  });
});

describe("decide hides", () => {
  it.each([
    ["Slipway's folder", "/.slipway"],
    ["Slipway's folder with its slash", "/.slipway/"],
    ["a record", "/.slipway/manifest.json"],
    ["a record whatever the query", "/.slipway/manifest.json?x=1"],
    ["a record by escapes", "/%2eslip%77ay/manifest.json"],
    ["a record behind an escaped slash", "/.slipway%2Fmanifest.json"],
    ["a record behind repeated slashes", "//.slipway//manifest.json"],
    ["a record in another case", "/.SlipWay/manifest.json"],
    ["a name that begins like Slipway's", "/.slipway2/x.txt"],
    ["the address of what is hidden itself", "/.slipway-hidden"],
  ])("%s", (_rule, target) => {
    expect(at(target)).toEqual({ kind: "hidden", uri: "/.slipway-hidden" });
  });
});

/** Strings rich in what paths are made of, so that the properties reach the odd corners. */
const pathish = fc
  .array(
    fc.oneof(
      fc.constantFrom("/", "//", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "\\", "%00", "%", "?"),
      fc.constantFrom(
        ".slipway",
        "%2eslipway",
        ".SLIPWAY",
        "index.html",
        ".well-known",
        "%25",
        "+",
      ),
      fc.constantFrom("a", "é", "%C3%A9", "%c0%ae", "\ud800", "\r\n", "evil.example", " "),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));
const anyUri = fc.oneof(
  pathish,
  pathish.map((path) => `/${path}`),
  fc.string({ unit: "binary" }),
);
const anyQuery = fc.string({ unit: "binary" });

describe("for any request whatever, decide", () => {
  it("reaches no key of Slipway's and none with a parent segment", () => {
    fc.assert(
      fc.property(anyUri, anyQuery, (uri, query) => {
        const decision = decide({ host: undefined, uri, query }, NO_RULES);
        if (decision.kind !== "serve") return;
        expect(decision.key.toLowerCase()).not.toMatch(/^\.slipway/);
        expect(decision.key.split("/")).not.toContain("..");
        expect(decision.key.split("/")).not.toContain("");
      }),
      { numRuns: runs(5_000) },
    );
  });

  it("serves a cache URI that decodes to the slash and the key, and decides the same for it", () => {
    fc.assert(
      fc.property(anyUri, (uri) => {
        const decision = decide({ host: undefined, uri, query: "" }, NO_RULES);
        if (decision.kind !== "serve") return;
        expect(decodeURIComponent(decision.uri)).toBe(`/${decision.key}`);
        expect(decision.uri).toMatch(/^\/[\x21-\x7e]+$/);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it("redirects within the host, to where it does not redirect again", () => {
    fc.assert(
      fc.property(anyUri, anyQuery, (uri, query) => {
        const decision = decide({ host: undefined, uri, query }, NO_RULES);
        if (decision.kind !== "redirect") return;
        expect(decision.to).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
        expect(new URL(decision.to, "https://site.example").host).toBe("site.example");
        expect(at(decision.to).kind).not.toBe("redirect");
      }),
      { numRuns: runs(5_000) },
    );
  });
});
