import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareKeys,
  digest,
  encodeUnsafe,
  findKeyProblem,
  objectKey,
  urlPath,
} from "../../deploy/core/keys.ts";

describe("findKeyProblem", () => {
  it.each([
    ["index.html", undefined],
    [".well-known/security.txt", undefined],
    ["a b+c%é日本😀.html", undefined],
    ["a".repeat(1024), undefined],
    ["", "empty"],
    ["/index.html", "leading-slash"],
    ["a/../b", "dot-segment"],
    ["./a", "dot-segment"],
    ["a//b", "empty-segment"],
    ["a/", "empty-segment"],
    ["a\u0000b", "control-character"],
    ["a\nb", "control-character"],
    ["a\u0085b", "control-character"],
    ["a\\b", "backslash"],
    ["\ud800", "not-utf-8"],
    ["e\u0301.html", "not-nfc"],
    ["a".repeat(1025), "too-long"],
    ["é".repeat(513), "too-long"],
    [".slipway/manifest.json", "reserved"],
    [".slipway", "reserved"],
    [".slipway-notes.txt", undefined],
  ])("says of %j: %s", (text, problem) => {
    expect(findKeyProblem(text)).toBe(problem);
  });
});

describe("the makers", () => {
  it("give the text back when it is right", () => {
    expect(objectKey("a/b.html")).toBe("a/b.html");
    expect(digest("0f".repeat(32))).toBe("0f".repeat(32));
  });

  it("throw on what is not", () => {
    expect(() => objectKey("../etc/passwd")).toThrow("dot-segment");
    expect(() => digest("0F".repeat(32))).toThrow("SHA-256");
  });
});

describe("urlPath", () => {
  it.each([
    ["a/index.html", "/a/index.html"],
    ["a b.html", "/a%20b.html"],
    ["a+b.html", "/a+b.html"],
    ["100%.html", "/100%25.html"],
    ["é.html", "/%C3%A9.html"],
    ["日本/😀.html", "/%E6%97%A5%E6%9C%AC/%F0%9F%98%80.html"],
    ["it's(1)!*.html", "/it's(1)!*.html"],
    ['<"a{b}|c^d`>#?[].html', "/%3C%22a%7Bb%7D%7Cc%5Ed%60%3E%23%3F%5B%5D.html"],
  ])("encodes %j as %s: only what RFC 1738 calls unsafe", (key, path) => {
    expect(urlPath(objectKey(key))).toBe(path);
  });

  it("decodes to the key again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        expect(decodeURIComponent(encodeUnsafe(text))).toBe(text);
      }),
    );
  });
});

describe("compareKeys", () => {
  it("orders any two strings as their UTF-8 bytes", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareKeys(a, b))).toBe(bytes);
      }),
    );
  });

  it("puts an emoji after the private use area, where UTF-16 has it before", () => {
    expect(compareKeys("\u{1F600}", "\uE000")).toBeGreaterThan(0);
  });
});
