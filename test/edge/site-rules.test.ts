import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../deploy/edge/decide.ts";
import { makeRules, type SiteRulesInput } from "../../deploy/edge/site-rules.ts";

const KEYS = [
  "index.html",
  "404.html",
  "a/index.html",
  "a/b/index.html",
  "app.js",
  "gone/index.html",
];

const input = (overrides: Partial<SiteRulesInput>): SiteRulesInput => ({
  redirectsText: undefined,
  headersText: undefined,
  config: { redirects: [], headers: [] },
  hosts: undefined,
  keys: KEYS,
  ...overrides,
});

const made = (overrides: Partial<SiteRulesInput>) => {
  const result = makeRules(input(overrides));
  if (result.kind === "problems") throw new Error(JSON.stringify(result.problems));
  return result;
};

const problemsOf = (overrides: Partial<SiteRulesInput>) => {
  const result = makeRules(input(overrides));
  return result.kind === "problems" ? result.problems : [];
};

const at = (uri: string, overrides: Partial<SiteRulesInput>) =>
  decide({ host: undefined, uri, query: "" }, made(overrides).rules);

describe("a site without any rule", () => {
  it("has none, and keeps nothing", () => {
    const { rules, notices } = made({ keys: ["index.html", "app.js"] });
    expect(rules).toEqual({ hosts: undefined, redirects: [], kept: new Set(), headers: [] });
    expect(notices).toEqual([]);
  });
});

describe("what the site has is kept from rules without force", () => {
  it.each([
    [
      "of a splat, pages and files",
      "/* https://x.org/:splat 301",
      ["/", "/404.html", "/a/", "/a/b/", "/app.js", "/gone/"],
    ],
    ["of a splat in a folder only", "/a/* https://x.org/", ["/a/", "/a/b/"]],
    ["of a placeholder, by the page's file too", "/a/:x https://x.org/", ["/a/", "/a/b/"]],
    ["but not of a rule with force", "/a/* https://x.org/ 301!", []],
    ["but not where no rule matches", "/b/* https://x.org/", []],
  ])("%s", (_rule, redirectsText, kept) => {
    expect([...made({ redirectsText }).rules.kept].sort()).toEqual(kept);
  });

  it("so that no page of the site is redirected, however it is spelt", () => {
    const redirectsText = "/:x https://x.org/\n/a/:x https://x.org/\n/*  https://y.org/";
    for (const uri of ["/", "/a/", "/a/b/", "/app.js"]) {
      expect(at(uri, { redirectsText }).kind).toBe("serve");
    }
    expect(at("/a/index.html", { redirectsText })).toMatchObject({ kind: "redirect", to: "/a/" });
    expect(at("/a/zz", { redirectsText })).toMatchObject({ to: "https://x.org/" });
  });
});

describe("the 404 pages of folders", () => {
  const keys = [
    "index.html",
    "404.html",
    "de/404.html",
    "de/x/404.html",
    "de/x/y/index.html",
    "de/f.css",
  ];

  it.each([
    ["the nearest answers", "/de/x/zz/", "de/x/404.html"],
    ["the next one up answers", "/de/zz", "de/404.html"],
    ["a folder without a page of its own gets one", "/de/", "de/404.html"],
    ["an index file that is missing is a missing page", "/de/zz/", "de/404.html"],
  ])("%s", (_rule, uri, key) => {
    expect(at(uri, { keys })).toMatchObject({ kind: "serve", key, status: 404 });
  });

  it.each([
    ["pages that are there", "/de/x/y/", "de/x/y/index.html"],
    ["files that are there", "/de/f.css", "de/f.css"],
    ["files that are missing", "/de/old.css", "de/old.css"],
    ["pages of other folders", "/fr/", "fr/index.html"],
  ])("leave alone %s", (_rule, uri, key) => {
    expect(at(uri, { keys })).toMatchObject({ kind: "serve", key, status: 200 });
  });

  it("come after the site's own rules", () => {
    expect(at("/de/zz/", { keys, redirectsText: "/de/zz/ /" })).toMatchObject({ to: "/" });
  });

  it("are stored with 404; that of the whole site is told so by CloudFront itself", () => {
    const { stored } = made({ keys }).headers;
    expect(keys.filter((key) => stored(key).answerStatus === "404")).toEqual([
      "de/404.html",
      "de/x/404.html",
    ]);
  });
});

describe("a page that a rule shows with a status", () => {
  it("is stored with it", () => {
    const { stored } = made({ redirectsText: "/old/* /gone/ 410" }).headers;
    expect(stored("gone/index.html")).toEqual({ answerStatus: "410" });
    expect(stored("a/index.html")).toEqual({});
  });

  it.each([
    ["410 and 404", "/x /gone/ 410\n/y /gone/ 404", 2, "410"],
    ["404 and 410, the site's 404 page", "/x /404.html 410", 1, "the site's 404 page"],
    ["200 and 410", "/x/* /gone/ 200\n/y /gone 410", 1, "line 2 of _redirects"],
  ])("cannot have %s", (_rule, redirectsText, line, reason) => {
    expect(problemsOf({ redirectsText })).toEqual([
      expect.objectContaining({ line, reason: expect.stringContaining(reason) }),
    ]);
  });
});

describe("the config", () => {
  it("comes before _redirects", () => {
    const redirects = [{ from: "/x/*", to: "/a/", status: 302 }];
    const { rules } = made({ config: { redirects, headers: [] }, redirectsText: "/x2 /a/" });
    expect(rules.redirects.map(({ source }) => source.file)).toEqual([
      "slipway.config.ts",
      "_redirects",
    ]);
  });

  it("comes after _headers", () => {
    const headers = [{ for: "/a/*", set: { "X-B": "2" }, remove: [] }];
    const { rules } = made({ config: { redirects: [], headers }, headersText: "/*\n  X-A: 1" });
    expect(rules.headers.map(({ source }) => source.file)).toEqual([
      "_headers",
      "slipway.config.ts",
    ]);
  });

  it("says the same as the files", () => {
    const config = {
      redirects: [
        { from: "/s", query: { id: ":id" }, to: "/a/:id", status: 302, force: true },
        { from: "/x", status: 410 },
      ],
      headers: [{ for: "/a/*", set: { "X-A": "1" }, remove: ["X-B"] }],
    };
    const bare = ({ rules }: ReturnType<typeof made>) =>
      JSON.stringify(rules, (name, value) => (name === "source" ? undefined : value));
    const files = {
      redirectsText: "/s id=:id /a/:id 302!\n/x 410",
      headersText: "/a/*\n  ! X-B\n  X-A: 1",
    };
    expect(bare(made({ config }))).toBe(bare(made(files)));
  });

  it.each([
    ["a bad path", { from: "x", to: "/a" }, "begins with a slash"],
    ["no target", { from: "/x" }, "no target"],
    ["a line break", { from: "/x", to: "/a\r\nx: y" }, "U+000D"],
    ["a host that hides", { from: "/x", to: "//x.org" }, "two slashes"],
  ])("is told of %s by its index", (_rule, redirect, reason) => {
    const redirects = [{ from: "/fine", to: "/a/" }, redirect];
    expect(problemsOf({ config: { redirects, headers: [] } })).toEqual([
      {
        file: "slipway.config.ts",
        text: expect.stringContaining("edge.redirects[1]"),
        reason: expect.stringContaining(reason),
      },
    ]);
  });

  it.each([
    ["a host", { for: "https://x.org/*", set: { a: "1" }, remove: [] }, "names a host"],
    ["nothing to do", { for: "/*", set: {}, remove: [] }, "neither sets nor removes"],
    ["a value of two lines", { for: "/*", set: { a: "1\n2" }, remove: [] }, "ASCII"],
    ["a name that is none", { for: "/*", set: { "a b": "1" }, remove: [] }, "not the name"],
    ["a name that is CloudFront's", { for: "/*", set: {}, remove: ["Via"] }, "Via"],
  ])("is told of %s in headers", (_rule, one, reason) => {
    expect(problemsOf({ config: { redirects: [], headers: [one] } })).toEqual([
      expect.objectContaining({
        text: expect.stringContaining("edge.headers[0]"),
        reason: expect.stringContaining(reason),
      }),
    ]);
  });
});

describe("problems", () => {
  it("are told all at once, by file and line", () => {
    const problems = problemsOf({
      redirectsText: "/loop /loop\nbad\n/x /none/ 200",
      headersText: "/*\n  Via: 1\n  Referrer-Policy: never",
      config: { redirects: [{ from: "y" }], headers: [] },
    });
    expect(problems.map(({ file, line }) => [file, line])).toEqual([
      ["slipway.config.ts", undefined],
      ["_redirects", 1],
      ["_redirects", 2],
      ["_redirects", 3],
      ["_headers", 1],
      ["_headers", 2],
    ]);
  });

  it("of odd keys there are none: nobody can ask for those", () => {
    const keys = ["", "/", "a//b", "../x", ".slipway/lock.json", "x\\y", "index.html"];
    expect([...made({ keys, redirectsText: "/* https://x.org/" }).rules.kept]).toEqual(["/"]);
  });
});

describe("for any texts and keys", () => {
  const line = fc.constantFrom(
    "/a /b",
    "/* /c/:splat",
    "/x /x",
    "/:y 410",
    "/b/* /404.html 404",
    "bad",
    "  X: 1",
    "/*",
    "#",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(line).map((lines) => lines.join("\n")),
  );

  it("rules or problems come out, and nothing is thrown", () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.string({ unit: "binary" })),
        (redirectsText, headersText, keys) => {
          const result = makeRules(
            input({ redirectsText, headersText, keys: [...keys, "404.html"] }),
          );
          expect(result.kind === "rules" || result.problems.length > 0).toBe(true);
        },
      ),
    );
  });
});
