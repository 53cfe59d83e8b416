import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findEndless } from "../../../deploy/edge/endless-rules.ts";
import { parseRedirects } from "../../../deploy/edge/parse-redirects.ts";
import { ruleSet } from "../../../deploy/edge/rule-walk.ts";
import { findShadowed } from "../../../deploy/edge/shadowed-rules.ts";
import { sitePages } from "../../../deploy/edge/site-pages.ts";
import { urlPath } from "../../../site/lib/checks/links.ts";
import { checkRedirects } from "../../../site/lib/checks/redirect-check.ts";
import { aliasRule, readRedirectRules } from "../../../site/lib/redirect-rules.ts";

const KEYS = ["index.html", "page/index.html", "blog/new/index.html", "feed.xml"];

function check(lines: readonly string[], keys: readonly string[] = KEYS) {
  const rules = readRedirectRules("_redirects", lines.join("\n"));
  return checkRedirects({ rules, addresses: keys.map(urlPath), missing: new Map() });
}

const told = (lines: readonly string[]) =>
  check(lines).map(({ line, field, message }) => `${line} ${field} ${message}`);

describe("Rules of a site", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["one step to a page", ["/a /page/"], []],
    ["one step to another host", ["/a https://b.example/a"], []],
    ["two ways to one page", ["/a /page/", "/b /page/"], []],
    ["a name in the path", ["/:year/old /blog/:year/"], []],
    ["a page shown in place at the end", ["/a /b", "/b /page/ 200"], []],
    [
      "another spelling of one address",
      ["/%61 /b", "/b /page/"],
      ['1 "/%61" takes 2 redirects: /%61 → /b → /page/'],
    ],
    [
      "a chain that ends on another host",
      ["/a /b", "/b https://c.example/"],
      ['1 "/a" takes 2 redirects: /a → /b → https://c.example/'],
    ],
    [
      "a chain over a page without force",
      ["/a /page/", "/page /feed.xml"],
      ['2 "/page" is the address of a page of this site, which comes first'],
    ],
    [
      "a chain over a page with force",
      ["/a /page/", "/page /feed.xml 302!"],
      ['1 "/a" takes 2 redirects: /a → /page/ → /feed.xml'],
    ],
    [
      "a chain over the query",
      ["/a /find?topic=x", "/find topic=:topic /:topic 302", "/x /page/"],
      ['1 "/a" takes 3 redirects: /a → /find?topic=x → /x → /page/'],
    ],
    [
      "a condition that the way does not meet",
      ["/a /b", "/b topic=x /page/", "/b /feed.xml 200"],
      [],
    ],
    ["a rule of certain texts behind a star", ["/old/* /new/:splat", "/new/:id /blog/:id"], []],
    ["a circle of one", ["/a /a/"], ['1 "/a" leads on without end: /a → /a/']],
    [
      "a circle and a way into it",
      ["/in /a", "/a /b", "/b /a"],
      ['2 "/a" leads on without end: /a → /b → /a'],
    ],
    [
      "a circle of a star alone",
      ["/a/* /a/"],
      ['1 "/a/*" leads on without end: /a/:splat → /a/ → /a/'],
    ],
    [
      "a circle over force",
      ["/page /page/ 302!"],
      ['1 "/page" leads on without end: /page → /page/'],
    ],
    [
      "the same path twice",
      ["/a /page/", "/a /feed.xml"],
      ['2 "/a" never answers, as "/a" in _redirects:1 comes first'],
    ],
    ["the same path under a condition first", ["/a x=1 /page/", "/a /feed.xml"], []],
    ["a path under a star with force behind", ["/* /page/ 302", "/feed.xml /page/ 302!"], []],
    ["a line that is no rule", ["a /b", "/", "# /a /a", "/x"], []],
  ])("%s", (_name, lines, expected) => {
    expect(told(lines)).toEqual(expected);
  });

  test("are followed from the old addresses of pages too", () => {
    const alias = { file: "a.md", line: 5, path: "/old/" };
    const rules = [
      aliasRule(alias, "/page/"),
      ...readRedirectRules("_redirects", "/page/ /feed.xml 302!"),
    ];
    const problems = checkRedirects({ rules, addresses: KEYS.map(urlPath), missing: new Map() });
    expect(problems).toEqual([
      {
        file: "a.md",
        line: 5,
        field: "aliases",
        message: 'has "/old/", which takes 2 redirects: /old/ → /page/ → /feed.xml',
        fix: "Lead it to /feed.xml at once, with 302.",
      },
    ]);
  });
});

describe("A build names rules whenever a deploy would refuse them", () => {
  const name = fc.constantFrom("a", "b", "c", "page");
  const from = fc.oneof(
    name.map((n) => `/${n}`),
    name.map((n) => `/${n}/*`),
  );
  const rule = fc
    .record({ from, to: name, splat: fc.boolean(), force: fc.boolean() })
    .map(({ from, to, splat, force }) => {
      const target = splat && from.endsWith("*") ? `/${to}/:splat` : `/${to}/`;
      return `${from} ${target} 302${force ? "!" : ""}`;
    });

  test("as they lead on without end, or never answer", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), (lines) => {
        const { rules } = parseRedirects(lines.join("\n"));
        const set = ruleSet(rules, undefined, sitePages(KEYS));
        const endless = findEndless(set).filter(({ reason }) => reason.startsWith("it leads back"));
        const refused = [...endless, ...findShadowed(set)].map(({ line }) => line);
        expect(refused.length === 0 || check(lines).length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
