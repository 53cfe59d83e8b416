import { describe, expect, it } from "vitest";
import { parseHeaders } from "../../deploy/edge/parse-headers.ts";
import { sortHeaders } from "../../deploy/edge/sort-headers.ts";
import { storedHeaders } from "../../deploy/edge/stored-headers.ts";

const blocksOf = (text: string) => {
  const { blocks, problems } = parseHeaders(text);
  expect(problems).toEqual([]);
  return blocks;
};

const policyOf = (text: string) => {
  const { policy } = sortHeaders(blocksOf(text));
  return Object.fromEntries(policy.set.map(({ name, value }) => [name, value]));
};

const DEFAULTS = {
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "strict-origin-when-cross-origin",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const without = (name: keyof typeof DEFAULTS) => {
  const { [name]: _, ...rest } = DEFAULTS;
  return rest;
};

describe("the policy of a site", () => {
  it.each([
    ["has safe defaults", "", DEFAULTS],
    ["has what the site sets besides", "/*\n  X-A: 1", { ...DEFAULTS, "x-a": "1" }],
    [
      "has the site's value in place of a default",
      "/*\n  Referrer-Policy: no-referrer",
      { ...DEFAULTS, "referrer-policy": "no-referrer" },
    ],
    ["lacks a default that is taken away", "/*\n  ! Referrer-Policy", without("referrer-policy")],
    [
      "joins the values of two blocks",
      "/*\n  X-A: 1\n/*\n  X-A: 2",
      { ...DEFAULTS, "x-a": "1, 2" },
    ],
    [
      "takes away what an earlier block sets",
      "/*\n  X-A: 1\n  X-B: 1\n/*\n  ! X-A",
      { ...DEFAULTS, "x-b": "1" },
    ],
    [
      "has what a later block sets again",
      "/*\n  ! X-Frame-Options\n/*\n  X-Frame-Options: SAMEORIGIN",
      { ...DEFAULTS, "x-frame-options": "SAMEORIGIN" },
    ],
    ["has nothing of narrower blocks", "/a/*\n  X-A: 1\n  ! Referrer-Policy", DEFAULTS],
    [
      "has nothing that is stored with objects",
      "/*\n  Cache-Control: no-store\n  Content-Language: de",
      DEFAULTS,
    ],
    [
      "leaves framing to a CSP that speaks of it",
      "/*\n  Content-Security-Policy: default-src 'self'; frame-ancestors 'none'",
      {
        ...without("x-frame-options"),
        "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
      },
    ],
    [
      "keeps X-Frame-Options beside a CSP that does not",
      "/*\n  Content-Security-Policy: frame-src 'none'",
      { ...DEFAULTS, "content-security-policy": "frame-src 'none'" },
    ],
    [
      "has both where the site says both",
      "/*\n  Content-Security-Policy: frame-ancestors 'self'\n  X-Frame-Options: SAMEORIGIN",
      {
        ...DEFAULTS,
        "x-frame-options": "SAMEORIGIN",
        "content-security-policy": "frame-ancestors 'self'",
      },
    ],
  ])("%s", (_rule, text, set) => {
    expect(policyOf(text)).toEqual(set);
  });

  it("is sorted, overrides the origin, and takes S3's own headers away", () => {
    const { policy } = sortHeaders(blocksOf("/*\n  A: 1\n  Z: 1"));
    const names = policy.set.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(policy.set.every(({ override }) => override)).toBe(true);
    expect(policy.remove).toContain("x-amz-version-id");
    expect(policy.remove).not.toContain("x-amz-meta-slipway-status");
    expect(policy.remove.length).toBeLessThanOrEqual(10);
  });

  it("knows where a name was written last", () => {
    const { sources } = sortHeaders(blocksOf("/*\n  X-A: 1\n\n/*\n  X-A: 2"));
    expect([...sources].map(([name, { line }]) => [name, line])).toEqual([["x-a", 4]]);
  });
});

describe("the headers stored with a key", () => {
  it.each([
    [
      "are those of its block",
      "/a/*\n  Cache-Control: no-store\n  X-A: 1",
      "a/x.css",
      { cacheControl: "no-store" },
    ],
    ["are none elsewhere", "/a/*\n  Cache-Control: no-store", "b/x.css", {}],
    [
      "are all five",
      "/*\n  Cache-Control: a\n  Content-Type: b\n  Content-Disposition: c\n  Content-Language: d\n  Content-Encoding: e",
      "x",
      {
        cacheControl: "a",
        contentType: "b",
        contentDisposition: "c",
        contentLanguage: "d",
        contentEncoding: "e",
      },
    ],
    [
      "are those of the last block",
      "/*\n  Cache-Control: no-store\n/a/*\n  Cache-Control: max-age=60",
      "a/x",
      { cacheControl: "max-age=60" },
    ],
    [
      "are joined within a block",
      "/*\n  Cache-Control: public\n  Cache-Control: max-age=60",
      "x",
      { cacheControl: "public, max-age=60" },
    ],
    [
      "are the default again when taken away",
      "/*\n  Cache-Control: no-store\n/a\n  ! Cache-Control",
      "a/index.html",
      {},
    ],
    [
      "are those of a page's address",
      "/a/\n  Content-Language: de",
      "a/index.html",
      { contentLanguage: "de" },
    ],
    [
      "are those of a page's file",
      "/a/index.html\n  Content-Language: de",
      "a/index.html",
      { contentLanguage: "de" },
    ],
    [
      "are those of a placeholder for the folder",
      "/:x\n  Content-Language: de",
      "a/index.html",
      { contentLanguage: "de" },
    ],
    [
      "are not those of a placeholder for the file",
      "/a/:x\n  Content-Language: de",
      "a/index.html",
      {},
    ],
    ["are none for a key that nobody can ask for", "/*\n  Content-Language: de", ".slipway/x", {}],
  ])("%s", (_rule, text, key, fields) => {
    expect(storedHeaders(blocksOf(text), new Map())(key)).toEqual(fields);
  });

  it("tell the status of the page", () => {
    const stored = storedHeaders(
      blocksOf("/*\n  Content-Language: de"),
      new Map([["x.html", "410"]]),
    );
    expect(stored("x.html")).toEqual({ contentLanguage: "de", answerStatus: "410" });
  });
});
