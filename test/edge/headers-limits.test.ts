import { describe, expect, it } from "vitest";
import { findHeaderLimits } from "../../deploy/edge/headers-limits.ts";
import { parseHeaders } from "../../deploy/edge/parse-headers.ts";
import type { PathHeaders } from "../../deploy/edge/rules.ts";
import { sortHeaders } from "../../deploy/edge/sort-headers.ts";

const limitsOf = (blocks: readonly PathHeaders[]) => findHeaderLimits(sortHeaders(blocks));
const check = (text: string) => limitsOf(parseHeaders(text).blocks);
const custom = (count: number) =>
  `/*\n${Array.from({ length: count }, (_, i) => `  X-${i}: 1`).join("\n")}`;

describe("CloudFront takes", () => {
  it.each([
    ["the defaults alone", ""],
    ["eight custom headers beside the two defaults without a field", custom(8)],
    ["a CSP of 1,783 characters", `/*\n  Content-Security-Policy: ${"x".repeat(1_783)}`],
    ["any number of headers for single paths", custom(30).replace("/*", "/a/*")],
    [
      "HSTS with both of its words",
      "/*\n  Strict-Transport-Security: max-age=63072000; includeSubDomains; preload",
    ],
    ["X-XSS-Protection switched off", "/*\n  X-XSS-Protection: 0"],
    ["SAMEORIGIN in any case", "/*\n  X-Frame-Options: SameOrigin"],
  ])("%s", (_rule, text) => {
    expect(check(text)).toEqual([]);
  });
});

describe("CloudFront does not take", () => {
  it.each([
    ["eleven custom headers", custom(9), /sets 11 headers .*x-8.* takes 10/],
    [
      "a CSP of 1,784 characters",
      `/*\n  Content-Security-Policy: ${"x".repeat(1_784)}`,
      /has 1784 .* takes 1783/,
    ],
    [
      "a value of 1,784 characters",
      `/*\n  Link: ${"x".repeat(1_784)}`,
      /link has 1784 .* takes 1783/,
    ],
    ["an unknown referrer policy", "/*\n  Referrer-Policy: never", /one of the eight/],
    ["two referrer policies", "/*\n  Referrer-Policy: no-referrer, origin", /one of the eight/],
    ["HSTS without an age", "/*\n  Strict-Transport-Security: includeSubDomains", /max-age/],
    ["HSTS with another word", "/*\n  Strict-Transport-Security: max-age=1; x", /max-age/],
    ["another X-Content-Type-Options", "/*\n  X-Content-Type-Options: sniff", /nosniff/],
    ["a site that may frame", "/*\n  X-Frame-Options: ALLOW-FROM https://x.org", /DENY/],
    ["a report for X-XSS-Protection", "/*\n  X-XSS-Protection: 1; report=/x", /mode=block/],
  ])("%s", (_rule, text, reason) => {
    expect(check(text)).toEqual([
      { file: "_headers", line: 1, text: "/*", reason: expect.stringMatching(reason) },
    ]);
  });

  it("more than 10,240 characters together", () => {
    const blocks = parseHeaders(
      `/*\n${Array.from({ length: 7 }, (_, i) => `  X-${i}: ${"x".repeat(1_600)}`).join("\n")}`,
    ).blocks;
    expect(limitsOf(blocks)).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/\b114\d\d characters.* 10240\b/) }),
    ]);
  });
});
