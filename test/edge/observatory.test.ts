import { describe, expect, it } from "vitest";
import { SCAN_ORIGIN } from "../support/observatory/headers.ts";
import type { Redirection, ScannedAnswer } from "../support/observatory/scan.ts";
import { gradeOf, observe, type TestName } from "../support/observatory.ts";

/** Nothing to complain of, and nothing to praise. */
const PLAIN: ScannedAnswer["headers"] = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "allow-from https://a.example",
};

const HSTS = "max-age=31536000";

function observed(
  headers: ScannedAnswer["headers"] = {},
  { body = "", redirection = "redirection-to-https" as Redirection } = {},
) {
  return observe({ headers: { ...PLAIN, ...headers }, body, redirection });
}

type Row = readonly [value: string | readonly string[] | undefined, result: string, points: number];

/** What one header is worth, all else being plain. */
const byHeader: readonly (readonly [test: TestName, header: string, rows: readonly Row[]])[] = [
  [
    "content-security-policy",
    "content-security-policy",
    [
      [undefined, "csp-not-implemented", -25],
      ["", "csp-header-invalid", -25],
      ["default-src 'none'; default-src 'self'", "csp-header-invalid", -25],
      ["default-src 'self', ", "csp-header-invalid", -25],
      ["script-src 'strict-dynamic'; object-src 'none'", "csp-header-invalid", -25],
      ["default-src 'none'", "csp-implemented-with-no-unsafe-default-src-none", 10],
      ["DEFAULT-SRC 'None'", "csp-implemented-with-no-unsafe-default-src-none", 10],
      ["default-src;", "csp-implemented-with-no-unsafe-default-src-none", 10],
      [
        "default-src 'none'; script-src 'self'; img-src 'self' data:",
        "csp-implemented-with-no-unsafe-default-src-none",
        10,
      ],
      ["default-src 'self'", "csp-implemented-with-no-unsafe", 5],
      [
        "script-src 'self'; object-src 'none'; style-src 'self'",
        "csp-implemented-with-no-unsafe",
        5,
      ],
      [
        "default-src 'none'; style-src 'unsafe-inline'",
        "csp-implemented-with-unsafe-inline-in-style-src-only",
        0,
      ],
      [
        "default-src 'none'; style-src https:",
        "csp-implemented-with-unsafe-inline-in-style-src-only",
        0,
      ],
      [
        "default-src 'none'; style-src 'unsafe-inline' 'sha256-a'",
        "csp-implemented-with-no-unsafe-default-src-none",
        10,
      ],
      ["default-src 'none'; script-src 'unsafe-inline'", "csp-implemented-with-unsafe-inline", -20],
      ["default-src 'none'; script-src data:", "csp-implemented-with-unsafe-inline", -20],
      ["default-src 'none'; script-src https:", "csp-implemented-with-unsafe-inline", -20],
      ["default-src 'none'; object-src *", "csp-implemented-with-unsafe-inline", -20],
      ["frame-ancestors 'none'", "csp-implemented-with-unsafe-inline", -20],
      [
        "default-src 'none'; script-src 'unsafe-inline' 'nonce-a'",
        "csp-implemented-with-no-unsafe-default-src-none",
        10,
      ],
      [
        "default-src 'none'; script-src 'strict-dynamic' 'nonce-a' https: 'unsafe-inline'",
        "csp-implemented-with-no-unsafe-default-src-none",
        10,
      ],
      ["default-src 'none'; script-src 'unsafe-eval'", "csp-implemented-with-unsafe-eval", -10],
      [
        "default-src 'none'; script-src http://a.example",
        "csp-implemented-with-insecure-scheme",
        -20,
      ],
      [
        "default-src 'none'; img-src http://a.example",
        "csp-implemented-with-insecure-scheme-in-passive-content-only",
        -10,
      ],
      // Browsers hold a page to all of several policies.
      [
        "default-src 'none'; script-src 'self' 'unsafe-inline', script-src 'self'",
        "csp-implemented-with-no-unsafe-default-src-none",
        10,
      ],
      [
        ["default-src *", "default-src 'none'"],
        "csp-implemented-with-no-unsafe-default-src-none",
        10,
      ],
    ],
  ],
  [
    "cookies",
    "set-cookie",
    [
      [undefined, "cookies-not-found", 0],
      [
        "a=1; Secure; HttpOnly; SameSite=Lax",
        "cookies-secure-with-httponly-sessions-and-samesite",
        5,
      ],
      ["a=1; Secure", "cookies-secure-with-httponly-sessions", 0],
      ["a=1", "cookies-without-secure-flag-but-protected-by-hsts", -5],
      ["a=1; Secure; SameSite=Sometimes", "cookies-samesite-flag-invalid", -20],
      ["a=1; SameSite=None", "cookies-samesite-flag-invalid", -20],
      ["csrf=1; Secure", "cookies-anticsrf-without-samesite-flag", -20],
      [
        "session=1; HttpOnly; SameSite=Lax",
        "cookies-session-without-secure-flag-but-protected-by-hsts",
        -10,
      ],
      ["login=1; Secure; SameSite=Lax", "cookies-session-without-httponly-flag", -30],
      [["a=1; Secure; SameSite=Lax", "b=1; Secure"], "cookies-secure-with-httponly-sessions", 0],
      [["a=1", "session=1; Secure; SameSite=Lax"], "cookies-session-without-httponly-flag", -30],
    ],
  ],
  [
    "strict-transport-security",
    "strict-transport-security",
    [
      [undefined, "hsts-not-implemented", -20],
      ["max-age=31536000", "hsts-implemented-max-age-at-least-six-months", 0],
      ["Max-Age=15552000; includeSubDomains", "hsts-implemented-max-age-at-least-six-months", 0],
      ["max-age=15551999", "hsts-implemented-max-age-less-than-six-months", -10],
      ["includeSubDomains", "hsts-header-invalid", -20],
      ["max-age=31536000, max-age=31536000", "hsts-header-invalid", -20],
    ],
  ],
  [
    "referrer-policy",
    "referrer-policy",
    [
      [undefined, "referrer-policy-not-implemented", 0],
      ["strict-origin-when-cross-origin", "referrer-policy-private", 5],
      ["unsafe-url, no-referrer", "referrer-policy-private", 5],
      ["no-referrer, unsafe-url", "referrer-policy-unsafe", -5],
      ["no-referrer, new-word", "referrer-policy-private", 5],
      ["new-word", "referrer-policy-header-invalid", -5],
    ],
  ],
  [
    "x-content-type-options",
    "x-content-type-options",
    [
      [undefined, "x-content-type-options-not-implemented", -5],
      ["NoSniff", "x-content-type-options-nosniff", 0],
      ["nosniff, nosniff", "x-content-type-options-header-invalid", -5],
    ],
  ],
  [
    "x-frame-options",
    "x-frame-options",
    [
      [undefined, "x-frame-options-not-implemented", -20],
      ["DENY", "x-frame-options-sameorigin-or-deny", 5],
      ["allow-from https://a.example", "x-frame-options-allow-from-origin", 0],
      ["DENY, DENY", "x-frame-options-header-invalid", -20],
    ],
  ],
  [
    "x-frame-options",
    "content-security-policy",
    [["default-src 'none'; frame-ancestors 'none'", "x-frame-options-implemented-via-csp", 5]],
  ],
  [
    "cross-origin-resource-policy",
    "cross-origin-resource-policy",
    [
      [undefined, "corp-not-implemented", 0],
      ["same-origin", "corp-implemented-with-same-origin", 10],
      ["same-site", "corp-implemented-with-same-site", 10],
      ["cross-origin", "corp-implemented-with-cross-origin", 0],
      ["same-origin, cross-origin", "corp-header-invalid", -5],
    ],
  ],
  [
    "cross-origin-opener-policy",
    "cross-origin-opener-policy",
    [
      [undefined, "coop-not-implemented", 0],
      ["same-origin", "coop-implemented-with-same-origin", 10],
      ['same-origin; report-to="a"', "coop-implemented-with-same-origin", 10],
      ["same-origin-allow-popups", "coop-implemented-with-same-origin-allow-popups", 10],
      ["noopener-allow-popups", "coop-implemented-with-noopener-allow-popups", 10],
      ["unsafe-none", "coop-implemented-with-unsafe-none", 0],
      ["Same-Origin", "coop-header-invalid", -5],
      ['"same-origin"', "coop-header-invalid", -5],
      ["same-origin, same-origin", "coop-header-invalid", -5],
      ["same-origin;", "coop-header-invalid", -5],
      [["same-origin", "same-origin"], "coop-header-invalid", -5],
    ],
  ],
  [
    "cross-origin-embedder-policy",
    "cross-origin-embedder-policy",
    [
      [undefined, "coep-not-implemented", 0],
      ["require-corp", "coep-implemented-with-require-corp", 10],
      ["credentialless", "coep-implemented-with-credentialless", 10],
      ["unsafe-none", "coep-implemented-with-unsafe-none", 0],
      ["require", "coep-header-invalid", -5],
    ],
  ],
  [
    "cross-origin-resource-sharing",
    "access-control-allow-origin",
    [
      [undefined, "cross-origin-resource-sharing-not-implemented", 0],
      ["*", "cross-origin-resource-sharing-implemented-with-public-access", 0],
      ["https://a.example", "cross-origin-resource-sharing-implemented-with-restricted-access", 0],
    ],
  ],
];

describe.each(byHeader)("the test %s, by the header %s", (test, header, rows) => {
  it.each(rows)("finds in %j: %s, worth %i", (value, result, modifier) => {
    expect(observed({ [header]: value }).findings[test]).toEqual({ result, modifier });
  });
});

describe("findings of more than one header", () => {
  it("a policy that only reports is none", () => {
    const headers = {
      "content-security-policy": undefined,
      "content-security-policy-report-only": "default-src 'none'",
    };
    expect(observed(headers).findings["content-security-policy"]).toEqual({
      result: "csp-not-implemented-but-reporting-enabled",
      modifier: -25,
    });
  });

  it.each([
    ["a=1", "cookies-without-secure-flag", -20],
    ["session=1; HttpOnly; SameSite=Lax", "cookies-session-without-secure-flag", -40],
  ])("the cookie %s is worse where no HSTS saves it", (cookie, result, modifier) => {
    const headers = { "set-cookie": cookie, "strict-transport-security": undefined };
    expect(observed(headers).findings.cookies).toEqual({ result, modifier });
  });

  it("whoever asks being let in with credentials is the worst of all", () => {
    const headers = {
      "access-control-allow-origin": SCAN_ORIGIN,
      "access-control-allow-credentials": "true",
    };
    expect(observed(headers)).toMatchObject({
      score: 50,
      findings: {
        "cross-origin-resource-sharing": {
          result: "cross-origin-resource-sharing-implemented-with-universal-access",
          modifier: -50,
        },
      },
    });
  });
});

describe("the test redirection", () => {
  it.each<[Redirection, number]>([
    ["redirection-to-https", 0],
    ["redirection-not-needed-no-http", 0],
    ["redirection-off-host-from-http", -5],
    ["redirection-not-to-https-on-initial-redirection", -10],
    ["redirection-not-to-https", -20],
    ["redirection-missing", -20],
  ])("counts %s as %i", (redirection, modifier) => {
    const { score, findings } = observed({}, { redirection });
    expect(findings.redirection).toEqual({ result: redirection, modifier });
    expect(score).toBe(100 + modifier);
  });
});

describe("the test subresource-integrity", () => {
  const FOREIGN = "https://cdn.example/a.js";

  it.each([
    ["", "sri-not-implemented-but-no-scripts-loaded", 0],
    [
      '<script src="/a.js"></script>',
      "sri-not-implemented-but-all-scripts-loaded-from-secure-origin",
      0,
    ],
    [
      '<script type="application/ld+json">{}</script>',
      "sri-not-implemented-but-all-scripts-loaded-from-secure-origin",
      0,
    ],
    [
      '<script src="/a.js" integrity="sha384-a"></script>',
      "sri-implemented-and-all-scripts-loaded-securely",
      5,
    ],
    [
      `<script src="${FOREIGN}" integrity="sha384-a"></script>`,
      "sri-implemented-and-external-scripts-loaded-securely",
      5,
    ],
    [
      `<script src="${FOREIGN}"></script><script src="/a.js" integrity="sha384-a"></script>`,
      "sri-not-implemented-but-external-scripts-loaded-securely",
      -5,
    ],
    [
      '<script src="//cdn.example/a.js" integrity="sha384-a"></script>',
      "sri-implemented-but-external-scripts-not-loaded-securely",
      -20,
    ],
    [
      '<script src="http://cdn.example/a.js"></script>',
      "sri-not-implemented-and-external-scripts-not-loaded-securely",
      -50,
    ],
  ])("finds in %j: %s, worth %i", (body, result, modifier) => {
    expect(observed({}, { body }).findings["subresource-integrity"]).toEqual({ result, modifier });
  });

  it("asks nothing of an answer that is no page", () => {
    const body = '<script src="http://cdn.example/a.js"></script>';
    const { findings } = observed({ "content-type": "text/css" }, { body });
    expect(findings["subresource-integrity"]).toEqual({
      result: "sri-not-implemented-response-not-html",
      modifier: 0,
    });
  });
});

describe("the score", () => {
  it("is 100 where there is nothing to complain of and nothing to praise", () => {
    expect(observed()).toMatchObject({ score: 100, grade: "A+" });
  });

  it("counts praise where the complaints leave 90", () => {
    const headers = { "referrer-policy": "no-referrer", "strict-transport-security": "max-age=9" };
    expect(observed(headers)).toMatchObject({ score: 95, grade: "A" });
  });

  it("counts no praise where they leave less", () => {
    const headers = {
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=9",
      "x-content-type-options": undefined,
    };
    expect(observed(headers)).toMatchObject({ score: 85, grade: "A-" });
  });

  it("is 30 for a site that sends no headers, its http redirected", () => {
    const answer = { headers: {}, body: "", redirection: "redirection-to-https" as const };
    expect(observe(answer)).toMatchObject({ score: 30, grade: "D" });
  });

  it("is never below 0", () => {
    const headers = {
      "set-cookie": "session=1",
      "access-control-allow-origin": SCAN_ORIGIN,
      "access-control-allow-credentials": "true",
    };
    const answer = { headers, body: "", redirection: "redirection-missing" as const };
    expect(observe(answer)).toMatchObject({ score: 0, grade: "F" });
  });

  it("is 150 at the most for a page without cookies, scripts and preloaded HSTS", () => {
    const headers = {
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "strict-transport-security": HSTS,
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
    };
    expect(observed(headers)).toMatchObject({ score: 150, grade: "A+" });
  });

  it.each([
    [135, "A+"],
    [100, "A+"],
    [99, "A"],
    [90, "A"],
    [89, "A-"],
    [85, "A-"],
    [84, "B+"],
    [80, "B+"],
    [79, "B"],
    [70, "B"],
    [69, "B-"],
    [65, "B-"],
    [64, "C+"],
    [60, "C+"],
    [59, "C"],
    [50, "C"],
    [49, "C-"],
    [45, "C-"],
    [44, "D+"],
    [40, "D+"],
    [39, "D"],
    [30, "D"],
    [29, "D-"],
    [25, "D-"],
    [24, "F"],
    [0, "F"],
  ])("of %i has the grade %s", (score, grade) => {
    expect(gradeOf(score)).toBe(grade);
  });
});
