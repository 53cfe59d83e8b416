import { folderPageRules } from "../../deploy/edge/folder-pages.ts";
import { parseHeaders } from "../../deploy/edge/parse-headers.ts";
import { parseRedirects } from "../../deploy/edge/parse-redirects.ts";
import { matchPattern } from "../../deploy/edge/pattern.ts";
import type { EdgeRules, Hosts, RedirectRule } from "../../deploy/edge/rules.ts";
import { addressAt, sitePages } from "../../deploy/edge/site-pages.ts";

/** A site as far as its edge is concerned. */
export type SiteRules = {
  /** The text of `_redirects`. */
  readonly redirects: string;
  /** The text of `_headers`. */
  readonly headers?: string;
  readonly keys: readonly string[];
  readonly hosts?: Hosts | undefined;
};

/** The rules of a site, those of its folders' 404 pages last. Lines with problems are left out. */
export function rulesOf({ redirects, headers = "", keys, hosts }: SiteRules): EdgeRules {
  const rules = [...parseRedirects(redirects).rules, ...folderPageRules(new Set(keys))];
  const kept = [...sitePages(keys).addresses].filter((address) =>
    rules.some((rule) => !rule.force && matches(rule, address)),
  );
  return { hosts, redirects: rules, kept: new Set(kept), headers: parseHeaders(headers).blocks };
}

function matches(rule: RedirectRule, address: string): boolean {
  const segments = addressAt(address)?.segments ?? [];
  if (rule.pagesOnly === true && !address.endsWith("/")) return false;
  return (
    matchPattern(rule.from, segments) !== undefined ||
    (address.endsWith("/") && matchPattern(rule.from, [...segments, "index.html"]) !== undefined)
  );
}

const plain: SiteRules = {
  redirects: "",
  keys: [
    ...["index.html", "404.html", "about/index.html", "blog/index.html", "blog/first/index.html"],
    ...[
      "app.css",
      "page.html",
      "feed.xml",
      "a b.txt",
      "a+b.txt",
      "100%.txt",
      "a?b.txt",
      "404.html.txt",
      "v1.2/index.html",
    ],
    ...[
      "café/index.html",
      "日本/index.html",
      "🐳/index.html",
      ".well-known/assetlinks",
      ".nojekyll",
    ],
    ...[".well-known/security.txt", "a/.slipway/x.txt", "index.html/index.html", ".../index.html"],
  ],
};

const moves: SiteRules = {
  redirects: `# What people and search engines still ask for
/old                    /new
/old-file.html          /new/            301
/temporary              /new             302
/see-other              /new             303
/keep-method            /new             307
/for-good               /new             308
/with-query             /new?from=old    301
/without-query          /new?            301
/with-fragment          /new#part        301
/elsewhere              https://other.example/path?x=1#y 302
/caf%C3%A9-old          /caf%C3%A9/
/odd%2Astar             /new
/chain                  /chain-2         301
/chain-2                /chain-3         302
/chain-3                /new             301
/to-index               /new/index.html
/loop                   /loop-2
/loop-2                 /loop
/one   /two
/two   /three
/three /four
/four  /five
/five  /six
/six   /seven
/index-rule/index.html  /new
/gone                   410
/never                  404
/gone-page              /gone.html       410
/app/*                  /app/index.html  200
/show/:name             /pages/:name.html 200
/docs/*                 /handbook/:splat 200
/hidden-rewrite/*       /:splat          200
/hidden-redirect/*      /:splat          301
/news/*                 /blog/:splat
/archive/:year/:month   /blog/:year-:month/
/away/*                 https://other.example/:splat 301
/blog/first             /new
/blog/forced            /new             301!
/product  id=:id        /products/:id    301
/product  sku=7         /products/seven  302
/search   q=:q          /find?text=:q&from=old
/keep     drop=:drop    /kept
/deep/*                 /deeper/:splat/end
/wiki/*                 /Special:Search/:splat
/files/forced           /new             301!
/files/*                /new             301
`,
  keys: [
    ...["index.html", "404.html", "new/index.html", "café/index.html", "blog/first/index.html"],
    ...[
      "blog/forced/index.html",
      "blog/2026-03/index.html",
      "gone.html",
      "app/index.html",
      "app/main.js",
      ...["handbook/v1.2/index.html", "handbook/a.css"],
    ],
    ...[
      "pages/ann.html",
      "products/7/index.html",
      "products/a b/index.html",
      "products/seven/index.html",
    ],
    ...[
      "seven/index.html",
      "files/kept.pdf",
      "files/a/index.html",
      "files/forced/index.html",
      "find/index.html",
      "kept/index.html",
    ],
  ],
};

const hosts: SiteRules = {
  redirects: `/old /new 302
/there https://other.example/ 301
/home https://www.site.example/new 301
/plain-home http://site.example/new 301
/other-port https://site.example:8443/new 301
/show/* /page.html 200
/gone 410
`,
  keys: ["index.html", "404.html", "new/index.html", "page.html", "app.css"],
  hosts: { canonical: "site.example", others: ["www.site.example", "site.example.net"] },
};

const folders: SiteRules = {
  redirects: `/de/alt /de/neu
/fr/* /fr/index.html 200
`,
  keys: [
    ...[
      "index.html",
      "404.html",
      "de/404.html",
      "de/index.html",
      "de/neu/index.html",
      "de/app.css",
    ],
    ...["de/hilfe/404.html", "de/hilfe/index.html", "de/hilfe/eins/index.html", "fr/index.html"],
    ...["fr/404.html", "fr/seul/index.html"],
  ],
};

const headers: SiteRules = {
  redirects: "/old /new\n",
  headers: `/*
  X-Everywhere: yes
  X-Both: wide
/new/*
  X-Both: narrow
  X-New: 1
/new/deep
  X-New: 2
  ! X-Both
/embed
  X-Frame-Options: SAMEORIGIN
/quiet/index.html
  ! Referrer-Policy
/files/:name
  X-Name: one
  Cache-Control: max-age=60
`,
  keys: [
    ...["index.html", "404.html", "new/index.html", "new/deep/index.html", "embed/index.html"],
    ...["quiet/index.html", "files/a.pdf", "files/b/index.html", "files/c/d.pdf", "app.css"],
  ],
};

const numbered = (count: number, write: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i));

const large: SiteRules = {
  redirects: [
    "/first/* from=:from /won/:splat 302",
    "/old/7 /won/7 302!",
    ...numbered(600, (i) => `/old/${i} /articles/${i}/ 301`),
    "/old/7 /lost/7",
    "/articles/13 /moved/13 301!",
    "/articles/14 /lost/14",
    "/articles/* /articles.html 404",
    "/articles/20/* /moved/20/:splat 301!",
    "/old/* /archive/:splat 302",
    "/caf%C3%A9/* /caf%C3%A9-neu/:splat",
    "/first/one /lost/one",
  ].join("\n"),
  keys: [
    ...numbered(600, (i) => `articles/${i}/index.html`),
    ...["index.html", "404.html", "articles.html", "archive/index.html", "won/7/index.html"],
    ...["won/one/index.html", "lost/one/index.html", "old/9/index.html", "moved/13/index.html"],
  ],
};

export type RuleSetName = "plain" | "moves" | "hosts" | "folders" | "headers" | "large";

/** The sites of the table by name: what they are made of, and the rules that come of it. */
export const RULE_SETS: Readonly<
  Record<RuleSetName, { readonly site: SiteRules; readonly rules: EdgeRules }>
> = {
  plain: { site: plain, rules: rulesOf(plain) },
  moves: { site: moves, rules: rulesOf(moves) },
  hosts: { site: hosts, rules: rulesOf(hosts) },
  folders: { site: folders, rules: rulesOf(folders) },
  headers: { site: headers, rules: rulesOf(headers) },
  large: { site: large, rules: rulesOf(large) },
};
