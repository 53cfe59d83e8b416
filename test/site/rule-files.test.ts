import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHeaders } from "../../deploy/edge/parse-headers.ts";
import { parseRedirects } from "../../deploy/edge/parse-redirects.ts";
import { type PageUse, usesOfElement, usesOfStyle } from "../../site/lib/checks/page-uses.ts";
import { contentPolicy } from "../../site/lib/content-policy.ts";
import { makeHeaders } from "../../site/lib/headers-file.ts";
import { makeRedirects, type RedirectSources } from "../../site/lib/redirects.ts";
import {
  createScratchSite,
  postText,
  type Run,
  readTree,
  type ScratchSite,
} from "./scratch-site.ts";

const BLOG = "site/content/blog";

/** What every site of ours says about itself, whatever its pages are. */
const ALWAYS = [
  "strict-transport-security",
  "x-content-type-options",
  "referrer-policy",
  "permissions-policy",
  "cross-origin-opener-policy",
  "content-security-policy",
];

describe("The rules of a built site", () => {
  let site: ScratchSite;
  let tree: ReadonlyMap<string, Buffer>;
  const text = (name: string) => tree.get(name)?.toString() ?? "";

  beforeAll(async () => {
    site = await createScratchSite();
    await site.write(
      `${BLOG}/2026-01-10-moved.md`,
      postText({ aliases: "[/old/, /articles/moved, /über/uns/]" }),
    );
    const later = postText({ date: "2027-01-10", aliases: "[/not-yet/]" });
    await site.write(`${BLOG}/2027-01-10-much-later.md`, later);
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    tree = await readTree(join(site.folder, "_site"));
  });
  afterAll(() => site.remove());

  test("are read by a deploy without a complaint", () => {
    expect(parseHeaders(text("_headers")).problems).toEqual([]);
    const { rules, problems } = parseRedirects(text("_redirects"));
    expect(problems).toEqual([]);
    expect(rules.length).toBeGreaterThan(10);
  });

  test("give every answer the security headers", () => {
    const { blocks } = parseHeaders(text("_headers"));
    const forAll = blocks.filter(({ from }) => from.splat && from.segments.length === 0);
    const names = forAll.flatMap(({ set }) => set.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(ALWAYS));
    expect(new Set(names).size).toBe(names.length);
  });

  test("lead from the old addresses of a page to it, before any rule that is kept by hand", () => {
    const [first, ...lines] = text("_redirects").split("\n");
    expect(first).toMatch(/^# /);
    expect(lines.slice(0, 4)).toEqual([
      "/articles/moved  /blog/moved/  301",
      "/old/  /blog/moved/  301",
      "/über/uns/  /blog/moved/  301",
      "",
    ]);
    expect(text("_redirects")).toContain("/articles/*");
  });

  test("say nothing of a post that waits for its day", () => {
    expect(text("_redirects")).not.toContain("/not-yet/");
  });
});

test("A site without rules has no _redirects", async () => {
  const site = await createScratchSite();
  try {
    await site.write("site/rules/_redirects", "# None yet.\n\n");
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    const names = [...(await readTree(join(site.folder, "_site"))).keys()];
    expect(names).toContain("_headers");
    expect(names).not.toContain("_redirects");
  } finally {
    await site.remove();
  }
});

// One alias a row: how it is written, and what is said about it.
const wrongAliases: readonly [name: string, value: string, says: string][] = [
  ["no list", "/old/", "must be a list. Write addresses such as [/old-name/]."],
  ["no text", "[7]", "has one that is no text. Write addresses such as /old-name/."],
  ["no slash", "[old/]", 'has "old/", which does not begin with one slash. Write /old-name/.'],
  [
    "another host",
    "[//host/a]",
    'has "//host/a", which does not begin with one slash. Write /old-name/.',
  ],
  ["a space", "[/a b/]", 'has "/a b/", which has a space in it. Write %20 for a space.'],
  [
    "a star",
    "[/a/*]",
    'has "/a/*", which has a * in it. Write %2A, or a rule in site/rules/_redirects.',
  ],
  [
    "a query",
    '["/a?b=1"]',
    'has "/a?b=1", which has a ? in it. Write %3F, or a rule in site/rules/_redirects.',
  ],
  [
    "a lone percent sign",
    '["/100%/"]',
    'has "/100%/", which is not percent-encoded UTF-8. Write %25 for a percent sign.',
  ],
  ["dot segments", "[/a/../b]", 'has "/a/../b", which has dot segments. Write the address that'],
];

/** Each of them is right by itself, and refused because of what else is there. */
const takenAliases: readonly [name: string, value: string, says: string][] = [
  [
    "a page's address",
    "[/blog/first]",
    'has "/blog/first", which is the address of a page of this site. Remove one of them.',
  ],
  [
    "a file's address",
    "[/favicon.svg]",
    'has "/favicon.svg", which is the address of a page of this site. Remove one of them.',
  ],
  ["its own address", "[/blog/its-own-address/]", "is the address of a page of this site."],
  ["a rule's address", "[/newsletter/]", "is the address of a rule in site/rules/_redirects:"],
];

describe.each([
  ["written wrongly", wrongAliases],
  ["taken", takenAliases],
])("A build with aliases that are %s", (_kind, rows) => {
  let site: ScratchSite;
  let run: Run;
  const fileOf = (name: string) =>
    `${BLOG}/2026-01-10-${name.toLowerCase().replace(/[^a-z]+/g, "-")}.md`;

  beforeAll(async () => {
    site = await createScratchSite();
    for (const [name, aliases] of rows) {
      const fields = { title: name, description: `A post with ${name}.`, aliases };
      await site.write(fileOf(name), postText(fields));
    }
    run = await site.build();
  });
  afterAll(() => site.remove());

  test.each(rows)("names file and line for %s", (name, _aliases, says) => {
    const line = run.err.split("\n").find((one) => one.includes(fileOf(name)));
    expect(line).toContain(`  ${fileOf(name)}:7: aliases: `);
    expect(line).toContain(says);
  });

  test("says nothing else, and fails", () => {
    expect(run.err.trimEnd().split("\n")).toHaveLength(rows.length + 1);
    expect(run.code).toBe(1);
  });
});

describe("Rules kept by hand", () => {
  const sources: RedirectSources = {
    written: "",
    file: "site/rules/_redirects",
    aliases: [],
    addressesOf: () => [],
    addresses: ["/", "/about/", "/feed.xml"],
    missing: new Map([
      ["/later/", "leads to later.md, which is a draft"],
      ["/broken/", null],
    ]),
  };

  test.each([
    ["/a /about/", []],
    ["/a /about/#people 302", []],
    ["/a https://elsewhere.example/about 301", []],
    ["/a/:b /blog/:b/", []],
    ["/a 410", []],
    ["# /a /nowhere/", []],
    ["\n/a /about", ['site/rules/_redirects:2 "/about" has no slash at its end']],
    ["/a /nowhere/ 301", ['site/rules/_redirects:1 "/nowhere/" leads to nothing in the site']],
    ["/a /broken/", []],
    ["/a /later/", ['site/rules/_redirects:1 "/later/" leads to later.md, which is a draft']],
    ["/a x=1 /nowhere/", ['site/rules/_redirects:1 "/nowhere/" leads to nothing in the site']],
  ])("with the line %j have the problems %j", (written, expected) => {
    const { problems } = makeRedirects({ ...sources, written });
    const told = problems.map(({ file, line, field, message }) => [
      `${file}:${line}`,
      field,
      message,
    ]);
    expect(told.map((parts) => parts.join(" "))).toEqual(expected);
  });

  test("cannot be reached by the aliases of a template that makes several pages", () => {
    const { text, problems } = makeRedirects({
      ...sources,
      aliases: [{ file: "site/content/tag.njk", line: 3, path: "/old/" }],
      addressesOf: () => ["/tags/a/", "/tags/b/"],
    });
    expect(text).toBe("");
    expect(problems.map(({ message }) => message)).toEqual([
      "stand in a template of several pages",
    ]);
  });

  test("give one address to one page only", () => {
    const { text, problems } = makeRedirects({
      ...sources,
      aliases: [
        { file: "a.md", line: 3, path: "/old" },
        { file: "b.md", line: 4, path: "/old/" },
      ],
      addressesOf: (file) => [`/${file}/`],
    });
    expect(text).toContain("/old  /a.md/  301\n");
    expect(problems).toMatchObject([
      { file: "b.md", line: 4, message: expect.stringContaining("a.md:3") },
    ]);
  });

  test("may not write the policy that the build writes", () => {
    const written = "/*\n  X-One: 1\n  content-security-policy: default-src *\n";
    const { problems } = makeHeaders("default-src 'none'", written, "site/rules/_headers");
    expect(problems).toMatchObject([{ file: "site/rules/_headers", line: 3 }]);
    const report = written.replace("policy:", "policy-report-only:");
    expect(makeHeaders("", report, "site/rules/_headers").problems).toEqual([]);
  });
});

describe("A content security policy", () => {
  const policy = (uses: readonly PageUse[], styleHashes: readonly string[] = []) =>
    contentPolicy({ uses: new Set(uses), styleHashes });

  test("refuses everything to pages that use nothing", () => {
    expect(policy([])).toBe(
      "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    );
  });

  test.each<[PageUse, string]>([
    ["connection", "connect-src 'self'"],
    ["data-image", "img-src data:"],
    ["font", "font-src 'self'"],
    ["form", "form-action 'self'"],
    ["frame", "frame-src 'self'"],
    ["image", "img-src 'self'"],
    ["manifest", "manifest-src 'self'"],
    ["media", "media-src 'self'"],
    ["object", "object-src 'self'"],
    ["script", "script-src 'self'"],
    ["style", "style-src 'self'"],
  ])("allows the site itself for the use %s", (use, directive) => {
    expect(policy([use]).split("; ")).toContain(directive);
    expect(policy([])).not.toContain(directive);
  });

  test("allows style elements by their hashes, in one order, beside stylesheets", () => {
    expect(policy([], ["b=", "a="])).toContain("; style-src 'sha256-a=' 'sha256-b='; ");
    expect(policy(["style"], ["a="])).toContain("; style-src 'self' 'sha256-a='; ");
  });

  test.each<[string, Record<string, string>, readonly PageUse[]]>([
    ["script", { src: "/a.js" }, ["script", "connection"]],
    ["script", { type: "application/ld+json" }, []],
    ["link", { rel: "stylesheet", href: "/a.css" }, ["style"]],
    ["link", { rel: "shortcut icon", href: "/a.ico" }, ["image"]],
    ["link", { rel: "icon", href: "data:image/svg+xml,x" }, ["data-image"]],
    ["link", { rel: "manifest", href: "/a" }, ["manifest"]],
    ["link", { rel: "canonical", href: "/a" }, []],
    ["img", { src: "/a.png" }, ["image"]],
    ["img", { src: "data:image/png;base64,x" }, ["data-image"]],
    ["source", { srcset: "/a.webp" }, ["image"]],
    ["source", { src: "/a.mp4" }, ["media"]],
    ["video", { src: "/a.mp4", poster: "/a.png" }, ["media", "image"]],
    ["iframe", { src: "/a/" }, ["frame"]],
    ["form", { action: "/a" }, ["form"]],
    ["a", { href: "/a/" }, []],
  ])("sees what <%s %j> uses", (tag, attributes, uses) => {
    expect(usesOfElement(tag, attributes)).toEqual(uses);
  });

  test.each<[string, readonly PageUse[]]>([
    ["a{color:red}", []],
    ["a{background:url(/a.png)}", ["image"]],
    ["a{background:url('data:image/png;base64,x')}", ["data-image"]],
    ["@font-face{src:url(/a.woff2)}", ["font", "image"]],
  ])("sees what the style %j uses", (css, uses) => {
    expect(usesOfStyle(css)).toEqual(uses);
  });
});
