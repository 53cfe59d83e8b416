import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDecoded } from "../../deploy/edge/address.ts";
import { checkRules } from "../../deploy/edge/check-rules.ts";
import { follow } from "../../deploy/edge/follow.ts";
import { parseRedirects } from "../../deploy/edge/parse-redirects.ts";
import { ruleSet } from "../../deploy/edge/rule-walk.ts";
import type { Hosts } from "../../deploy/edge/rules.ts";
import { sitePages } from "../../deploy/edge/site-pages.ts";
import { runs } from "../support/slow-tests.ts";

const SITE = [
  "index.html",
  "404.html",
  "de/index.html",
  "app/index.html",
  "app.js",
  "gone/index.html",
];

const check = (text: string, keys: readonly string[] = SITE, hosts?: Hosts) => {
  const { rules, problems } = parseRedirects(text);
  expect(problems).toEqual([]);
  const checked = checkRules(ruleSet(rules, hosts, sitePages(keys)));
  const told = (list: typeof checked.problems) => list.map((one) => [one.line, one.reason]);
  return { problems: told(checked.problems), notices: told(checked.notices) };
};

describe("rules are fine", () => {
  it.each([
    ["a splat that moves a folder", "/a/* /b/:splat"],
    ["a splat that moves a folder to its neighbour of a longer name", "/a/* /a-b/:splat"],
    ["the root to a language", "/ /de/ 302!"],
    ["everything to another host", "/* https://other.example/:splat 301!"],
    ["an application with one page", "/app/* /app/index.html 200"],
    ["an application with one page at its folder", "/app/* /app/ 200"],
    ["an application at the root", "/* /index.html 200"],
    [
      "all but one folder into it, with a rule for what it lacks",
      "/de/* /404.html 404\n/* /de/:splat 302",
    ],
    ["a page to its folder's name with another case", "/About /about/"],
    ["a page with an ending to the page without", "/a.html /a/"],
    ["an index page to its folder", "/a/index.html /a/"],
    ["placeholders turned round", "/n/:year/:slug /p/:slug/:year"],
    ["the query in the path", "/shop id=:id /shop/:id"],
    ["the query dropped for the same path", "/shop id=:id /shop"],
    ["one value of the query, then the rest", "/shop id=7 /seven/\n/shop /s/"],
    ["a chain of five", "/a /b\n/b /c\n/c /d\n/d /e\n/e /app/"],
    ["the narrow before the wide", "/a/b /x/\n/a/:c /y/\n/a/* /z/"],
    ["the same path with another value", "/a x=1 /b\n/a x=2 /c"],
    ["force for a page of the site", "/app.js /x.js 301!"],
    ["the unforced first, then with force for a page", "/app/* /x/\n/app/ /y/ 302!"],
    ["a page under a splat", "/app/* /de/"],
    ["gone, with and without a page", "/old/* /gone/ 410\n/older 410"],
  ])("%s", (_rule, text) => {
    expect(check(text).problems).toEqual([]);
  });
});

describe("rules without an end are told", () => {
  it.each([
    ["to itself", "/a /a", 1, "/a → /a"],
    ["to itself with a slash", "/a /a/", 1, "by themselves"],
    ["to itself without a slash", "/a/ /a", 1, "by themselves"],
    ["to itself with the same query", "/a x=1 /a", 1, "/a?x=1"],
    ["two to each other", "/a /b\n/b /a", 1, "/a → /b → /a → …"],
    ["three, once, at the first of them", "/x /c\n/a /b\n/b /c\n/c /a", 2, "→"],
    ["a splat into its own folder", "/a/* /a/b/:splat", 1, "/a/b/b/"],
    ["everything into a folder", "/* /en/:splat 302", 1, "/en/en/"],
    ["everything to itself", "/* /:splat", 1, "back to itself"],
    ["a splat to its own folder", "/a/* /a/", 1, "back to itself"],
    ["a placeholder to another value", "/a/:b /a/c", 1, "back to itself"],
    ["a splat and a rule back", "/a/* /b/:splat\n/b/* /a/:splat", 1, "→"],
    ["placeholders turned round in place", "/:a/:b /:b/:a", 1, "→"],
  ])("%s", (_rule, text, line, reason) => {
    expect(check(text).problems).toEqual([[line, expect.stringContaining(reason)]]);
  });

  it.each(["https", "http"])("over a name of the site itself, by %s", (scheme) => {
    const hosts = { canonical: "www.example.com", others: ["example.com"] };
    const text = `/a/* ${scheme}://example.com/a/:splat`;
    expect(check(text, SITE, hosts).problems).toEqual([[1, expect.stringContaining("itself")]]);
    expect(check(text).problems).toEqual([]);
  });

  it("but not where the site has the page that they lead to", () => {
    expect(check("/a/:b /a/c", ["a/c/index.html"]).problems).toEqual([]);
  });

  it("and so is a chain of six, at its beginning", () => {
    const text = "/b /c\n/c /d\n/d /e\n/a /b\n/e /f\n/f /app/";
    expect(check(text).problems).toEqual([
      [4, expect.stringMatching(/takes 6 redirects .* to get to \/app\/, and the edge follows 5/)],
    ]);
  });
});

describe("rules that never apply are told", () => {
  it.each([
    ["the same twice", "/a /b\n/a /c", 2, "line 1 of _redirects (`/a /b`) answers first"],
    ["the same path with and without a slash", "/a /b\n/a/ /c", 2, "line 1"],
    ["behind a splat", "/a/* /b\n/a/c /d", 2, "line 1"],
    ["behind a splat, at its root", "/a/* /b\n/a /d", 2, "line 1"],
    ["behind a splat that is wider", "/a/* /b\n/a/b/* /d", 2, "line 1"],
    ["behind a placeholder", "/a/:b /c\n/a/d /e", 2, "line 1"],
    ["behind a placeholder of another name", "/a/:b /c\n/a/:d /e", 2, "line 1"],
    ["behind one without conditions", "/a /b\n/a id=1 /c", 2, "line 1"],
    ["behind one with fewer conditions", "/a x=1 /b\n/a y=2 x=1 /c", 2, "line 1"],
    ["behind one that binds what it asks", "/a x=:y /b\n/a x=1 /c", 2, "line 1"],
    ["with force behind one without, where the site has no page", "/a /b\n/a /c 301!", 2, "line 1"],
    ["without force behind one with it", "/app/* /b 301!\n/app/x /c", 2, "line 1"],
    ["under the address of a page", "/app /b", 1, "the site has /app/ itself"],
    ["under the address of a file", "/app.js /b.js", 1, "the site has /app.js itself"],
    ["under the name of a page's file", "/app/index.html /b", 1, "the site has /app/ itself"],
    ["as gone while it is there", "/app/ 410", 1, "the site has /app/ itself"],
  ])("%s", (_rule, text, line, reason) => {
    expect(check(text).problems).toEqual([[line, expect.stringContaining(reason)]]);
  });
});

describe("pages that rules show must be there", () => {
  it.each([
    ["a rewrite", "/x/* /spa/ 200", "spa/index.html"],
    ["a rewrite to a file", "/x/* /spa.html 200", "spa.html"],
    ["a page for what is gone", "/x 	/spa 410", "spa/index.html"],
  ])("%s", (_rule, text, key) => {
    expect(check(text).problems).toEqual([[1, expect.stringContaining(`not have (${key})`)]]);
  });

  it("unless a placeholder says which", () => {
    expect(check("/x/* /y/:splat 200").problems).toEqual([]);
  });
});

describe("a redirect to nowhere is a notice", () => {
  it("for the address that neither a file nor a rule answers", () => {
    const { problems, notices } = check(
      "/a /nowhere\n/b /app\n/c /d\n/d x=1 /de/\n/e /api/x\n/f https://x.org/",
    );
    expect(problems).toEqual([]);
    expect(notices).toEqual([
      [1, expect.stringContaining("/nowhere/")],
      [5, expect.stringContaining("/api/x/")],
    ]);
  });
});

describe("many rules", () => {
  it("are checked in about as many steps", () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => {
      return [`/old/${i} /new/${i}`, `/p id=${i} /q/${i}`, `/same /b`, `/n/${i}/:x /m/:x`][i % 4];
    });
    const { problems } = check(lines.join("\n"));
    expect(problems).toHaveLength(2_499);
  });

  const word = fc.constantFrom("a", "b", "c");
  const from = fc.array(fc.oneof(word, fc.constant(":x")), { maxLength: 2 }).map(noRepeat);
  const to = fc.array(word, { maxLength: 2 });
  const rule = fc.record({ from, splat: fc.boolean(), to, force: fc.boolean() });

  // Where a splat is part of the target, one certain value may lead further than all others do.
  it("with targets of their own are followed as the edge follows them", () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (list) => {
        const text = list.map(
          (one) =>
            `/${[...one.from, ...(one.splat ? ["*"] : [])].join("/")} /${one.to.join("/")} 301${one.force ? "!" : ""}`,
        );
        const { rules } = parseRedirects(text.join("\n"));
        const set = ruleSet(rules, undefined, sitePages(["a/b/index.html", "c/index.html"]));
        const isClean = checkRules(set).problems.every(
          (one) => !/itself:|redirects/.test(one.reason),
        );
        const ends = rules.every(({ from: pattern }) => {
          const path = pattern.segments.map((one) => (one.kind === "literal" ? one.text : "zz"));
          const read = readDecoded(`/${[...path, ...(pattern.splat ? ["zzz"] : [])].join("/")}`);
          if (read.kind !== "address") return true;
          const start = {
            address: read.address,
            query: "",
            fragment: "",
            status: undefined,
            moved: false,
          };
          const edge = {
            hosts: undefined,
            redirects: rules,
            kept: set.site.addresses,
            headers: [],
          };
          return follow(start, edge).kind !== "refused";
        });
        if (isClean) expect(ends).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });
});

function noRepeat(segments: readonly string[]): readonly string[] {
  return segments.filter((one, i) => one !== ":x" || segments.indexOf(one) === i);
}
