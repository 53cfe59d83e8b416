import { HSTS } from "./function-fixture.ts";
import type { RuleSetName } from "./rule-sets.ts";

/** A request and what a viewer gets, over whatever way the edge is asked. */
export type EdgeCase = {
  readonly name: string;
  /** The site and its rules, in rule-sets.ts. */
  readonly rules: RuleSetName;
  readonly method: "GET" | "HEAD";
  /** Path and query as they are sent. */
  readonly url: string;
  /** The request's; lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly location: string | undefined;
  /** Some of the answer's, in lower case; null for one that must not be there. */
  readonly answerHeaders: Readonly<Record<string, string | null>>;
  /** The key whose body is sent, "edge" for a line of the edge's own, undefined for none. */
  readonly body: string | undefined;
};

type Changes = Partial<EdgeCase>;

/** The page of the file `key`; one that is told as missing or gone has its status. */
function page(name: string, url: string, key: string, changes: Changes = {}): Changes {
  return { name, url, status: 200, body: key, ...changes };
}

/** The site's 404 page. */
function missing(name: string, url: string, changes: Changes = {}): Changes {
  return { name, url, status: 404, body: "404.html", ...changes };
}

function moved(name: string, url: string, location: string, status = 301, changes: Changes = {}) {
  const answerHeaders = { "strict-transport-security": HSTS, "cache-control": null };
  return { name, url, status, location, answerHeaders, ...changes };
}

/** A line of the edge's own. */
function told(name: string, url: string, status: number, changes: Changes = {}): Changes {
  const answerHeaders = {
    "strict-transport-security": HSTS,
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  };
  return { name, url, status, body: "edge", answerHeaders, ...changes };
}

function of(rules: RuleSetName, cases: readonly Changes[]): readonly EdgeCase[] {
  return cases.map((one) => ({
    name: "",
    rules,
    method: "GET",
    url: "/",
    headers: {},
    status: 200,
    location: undefined,
    answerHeaders: {},
    body: undefined,
    ...one,
  }));
}

const at = (host: string): Changes => ({ headers: { host } });
const longName = (bytes: number) => "%C3%A9".repeat(bytes / 2);

const PAGES = of("plain", [
  page("the root", "/", "index.html"),
  page("the root whatever the query", "/?a=1", "index.html"),
  page("a page by its folder", "/about/", "about/index.html"),
  page("a nested page", "/blog/first/", "blog/first/index.html"),
  page("a page by HEAD, without a body", "/about/", "", { method: "HEAD", body: undefined }),
  page("a file", "/app.css", "app.css"),
  page("a file with a query", "/app.css?v=2", "app.css"),
  page("an HTML file that is no index", "/page.html", "page.html"),
  page("a feed", "/feed.xml", "feed.xml"),
  page("a space by its escape", "/a%20b.txt", "a b.txt"),
  page("a plus", "/a+b.txt", "a+b.txt"),
  page("an escaped plus", "/a%2bb.txt", "a+b.txt"),
  page("a percent sign", "/100%25.txt", "100%.txt"),
  page("an escaped question mark", "/a%3Fb.txt", "a?b.txt"),
  page("needless escapes", "/%61%70p.css", "app.css"),
  page("a folder with a dot by its slash", "/v1.2/", "v1.2/index.html"),
  page("accents in either case of the escapes", "/caf%c3%a9/", "café/index.html"),
  page("another script", "/%E6%97%A5%E6%9C%AC/", "日本/index.html"),
  page("characters of four bytes", "/%F0%9F%90%B3/", "🐳/index.html"),
  page(
    "well-known files without an extension",
    "/.well-known/assetlinks",
    ".well-known/assetlinks",
  ),
  page("well-known files with one", "/.well-known/security.txt", ".well-known/security.txt"),
  page("other files that begin with a dot", "/.nojekyll", ".nojekyll"),
  page("Slipway's name in another folder", "/a/.slipway/x.txt", "a/.slipway/x.txt"),
  page("a folder named index.html", "/index.html/", "index.html/index.html"),
  page("a folder of three dots", "/.../", ".../index.html"),
  page("an escaped slash as a slash", "/blog%2Ffirst/", "blog/first/index.html"),
  missing("the 404 page itself", "/404.html"),
  missing("the 404 page in capitals", "/404.HTML"),
  page("a page that begins like it", "/404.html.txt", "404.html.txt"),
  moved("a page without its slash", "/about", "/about/"),
  moved("a nested page without its slash", "/blog/first", "/blog/first/"),
  moved("a page without its slash by HEAD", "/about", "/about/", 301, { method: "HEAD" }),
  moved("a page by its index document", "/about/index.html", "/about/"),
  moved("the root by its index document", "/index.html", "/"),
  moved("an index document in escapes", "/about%2findex%2Ehtml", "/about/"),
  moved("with its query", "/about?a=1&b=%20", "/about/?a=1&b=%20"),
  moved("with a query of names only", "/about?a&b", "/about/?a=&b="),
  moved("with the values of a name together", "/about?a=1&b=2&a=3", "/about/?a=1&a=3&b=2"),
  moved("without an empty query", "/about?", "/about/"),
  moved("without empty pairs", "/about?&&a=1&", "/about/?a=1"),
  moved("with a question mark in the query", "/about?a=1?2", "/about/?a=1?2"),
  moved("with malformed escapes in the query", "/about?a=%zz", "/about/?a=%zz"),
  moved("with accents", "/caf%c3%a9", "/caf%C3%A9/"),
  moved("with characters of four bytes", "/%F0%9F%90%B3", "/%F0%9F%90%B3/"),
  moved("repeated slashes", "/blog//first/", "/blog/first/"),
  moved("repeated slashes before a file", "//app.css", "/app.css"),
  moved("nothing but slashes", "///", "/"),
  moved("what looks like another host", "//evil.example", "/evil.example"),
  moved("what looks like another host with a path", "//evil.example/a/", "/evil.example/a/"),
  moved("what looks like another host in escapes", "/%2Fevil.example/", "/evil.example/"),
  moved("slashes and an index document in one step", "//about//index.html", "/about/"),
  moved("a missing page without its slash", "/nothing", "/nothing/"),
  missing("a missing page", "/nothing/"),
  missing("a missing page by HEAD", "/nothing/", { method: "HEAD", body: undefined }),
  missing("a missing file", "/nothing.css"),
  missing("a page in another case", "/About/"),
  missing("a file with a slash at its end", "/app.css/"),
  missing("a folder with a dot and no slash", "/v1.2"),
  missing("doubly escaped dots", "/%252e%252e/"),
  missing("what would be outside in double escapes", "/%252e%252e%252fetc.txt"),
  missing("Slipway's folder", "/.slipway/"),
  missing("Slipway's folder without its slash", "/.slipway"),
  missing("a record", "/.slipway/manifest.json"),
  missing("a record with a query", "/.slipway/manifest.json?a=1"),
  missing("a record in capitals", "/.SLIPWAY/manifest.json"),
  missing("a record in escapes", "/%2eslip%77ay/manifest.json"),
  missing("a record behind an escaped slash", "/.slipway%2Fmanifest.json"),
  missing("a record behind slashes", "//.slipway//manifest.json"),
  missing("what begins like Slipway's name", "/.slipway-hidden"),
  missing("what begins like Slipway's name, as a folder", "/.slipways/a.txt"),
  missing("a record in full-width letters", "/%EF%BC%8Eslipway/manifest.json"),
  told("a lone percent sign", "/100%", 400),
  told("a bad escape", "/%zz", 400),
  told("half a character", "/%C3", 400),
  told("an overlong slash", "/%C0%AFetc", 400),
  told("overlong dots", "/%C0%AE%C0%AE/", 400),
  told("a surrogate", "/%ED%A0%80", 400),
  told("bytes that are no UTF-8", "/%FF", 400),
  told("NUL", "/app.css%00", 400),
  told("a line break", "/a%0d%0aSet-Cookie:x", 400),
  told("DEL", "/a%7F", 400),
  told("a control character of C1", "/%C2%85", 400),
  told("a backslash", "/%5Cevil.example", 400),
  told("a backslash behind two dots", "/..%5Capp.css", 400),
  told("escaped dots above the root", "/%2e%2e/app.css", 400),
  told("escaped dots in either case", "/about/%2E%2e/app.css", 400),
  told("dots behind an escaped slash", "/about%2f..%2fapp.css", 400),
  told("dots at the end", "/about/%2e%2e", 400),
  told("one dot", "/%2e/app.css", 400),
  told("dots that would reach the records", "/a/%2e%2e/.slipway/manifest.json", 400),
  told("a name longer than a key can be", `/${longName(1_022)}.txt`, 400),
  told("a name one byte longer than a key can be", `/${longName(1_020)}x.txt`, 400),
  missing("a name as long as a key can be", `/${longName(1_020)}.txt`),
  told("a path of 7 KB", `/${"a".repeat(7_000)}/`, 400),
]);

const MOVES = of("moves", [
  page("what no rule names", "/new/", "new/index.html"),
  moved("an old page", "/old", "/new/"),
  moved("an old page with a slash", "/old/", "/new/"),
  moved("an old page by its escapes", "/%6Fld", "/new/"),
  moved("an old page behind two slashes", "//old", "/new/"),
  moved("an old page by its index document", "/old/index.html", "/new/"),
  moved("an old page by HEAD", "/old", "/new/", 301, { method: "HEAD" }),
  moved("an old page with a query", "/old?a=1&b", "/new/?a=1&b="),
  moved("an old file", "/old-file.html", "/new/"),
  missing("an old page in another case", "/Old/"),
  missing("what is below an old page", "/old/below/"),
  moved("for a while", "/temporary", "/new/", 302),
  moved("to see elsewhere", "/see-other", "/new/", 303),
  moved("with the method", "/keep-method", "/new/", 307),
  moved("for good with the method", "/for-good", "/new/", 308),
  moved("with the rule's query", "/with-query?a=1", "/new/?from=old"),
  moved("without any query", "/without-query?a=1", "/new/"),
  moved("with a fragment", "/with-fragment?a=1", "/new/?a=1#part"),
  moved("to another host", "/elsewhere?a=1", "https://other.example/path?x=1#y", 302),
  moved("from and to accents", "/caf%C3%A9-old", "/caf%C3%A9/"),
  moved("from a star that means itself", "/odd*star", "/new/"),
  moved("through a chain at once, for a while as one link is", "/chain", "/new/", 302),
  moved("through the rest of a chain", "/chain-2?a=1", "/new/?a=1", 302),
  moved("to an index document's folder", "/to-index", "/new/"),
  told("a loop", "/loop", 508),
  told("the other half of a loop", "/loop-2/", 508),
  told("a chain of six", "/one", 508),
  moved("a chain of five", "/two", "/seven/"),
  moved("a rule for an index document", "/index-rule/index.html", "/new/"),
  missing("nothing of a rule for an index document", "/index-rule/"),
  told("a page that is gone", "/gone", 410),
  told("a page that is gone, with a slash", "/gone/", 410),
  told("a page that is gone, with a query", "/gone?a=1", 410),
  told("a page that is gone by HEAD", "/gone", 410, { method: "HEAD", body: undefined }),
  moved("a page that is gone by its index document", "/gone/index.html", "/gone/"),
  told("a page that never was", "/never", 404),
  page("the page for what is gone", "/gone-page", "gone.html", { status: 410 }),
  page("the page for what is gone, with a query", "/gone-page/?a=1", "gone.html", { status: 410 }),
  page("a page for all below", "/app/some/where", "app/index.html"),
  page("a page for all below, with a slash", "/app/some/where/?a=1", "app/index.html"),
  page("a page for files that are missing below", "/app/missing.js", "app/index.html"),
  page("a file below that the site has", "/app/main.js", "app/main.js"),
  page("the page itself", "/app/", "app/index.html"),
  moved("the page itself without its slash", "/app", "/app/"),
  page("a file by a name", "/show/ann", "pages/ann.html"),
  page("a file by a name with a slash", "/show/ann/", "pages/ann.html"),
  missing("no file by a name", "/show/bob"),
  missing("two names where a rule has one", "/show/ann/bob/"),
  moved("no name where a rule has one", "/show", "/show/"),
  missing("a record by a rewrite", "/hidden-rewrite/.slipway/manifest.json"),
  missing("a record by a rewrite in capitals", "/hidden-rewrite/.Slipway/manifest.json"),
  missing("a record by a redirect", "/hidden-redirect/.slipway/manifest.json"),
  moved("what follows a star", "/news/a/b", "/blog/a/b/"),
  moved("what follows a star, with its slash", "/news/a/b/", "/blog/a/b/"),
  moved("a file behind a star", "/news/pic.png", "/blog/pic.png"),
  moved("nothing behind a star", "/news/", "/blog/"),
  moved("nothing behind a star, without a slash", "/news", "/blog/"),
  moved("slashes behind a star", "/news//evil.example/", "/blog/evil.example/"),
  moved("escapes behind a star", "/news/caf%c3%a9%20%25", "/blog/caf%C3%A9%20%25/"),
  moved("a folder with a dot behind a star", "/news/v1.2/", "/blog/v1.2/"),
  page("a folder with a dot behind a rewrite's star", "/docs/v1.2/", "handbook/v1.2/index.html"),
  page("a file behind a rewrite's star", "/docs/a.css", "handbook/a.css"),
  moved("two names", "/archive/2026/03", "/blog/2026-03/"),
  moved("two names in escapes", "/archive/%32026/03/", "/blog/2026-03/"),
  missing("one name of two", "/archive/2026/"),
  moved("everything to another host", "/away/a/b?c=1", "https://other.example/a/b?c=1"),
  moved("everything to another host, with its slash", "/away/a/b/", "https://other.example/a/b/"),
  moved("the root of another host", "/away/", "https://other.example/"),
  moved(
    "to another host without leaving its name",
    "/away//evil.example",
    "https://other.example/evil.example",
  ),
  moved("a question mark to another host", "/away/a%3Fb%23c", "https://other.example/a%3Fb%23c"),
  page("a page in spite of a rule", "/blog/first/", "blog/first/index.html"),
  moved("a page in spite of a rule, to its slash", "/blog/first", "/blog/first/"),
  moved("a page that a rule with force takes", "/blog/forced/", "/new/"),
  moved("by the value of the query", "/product?id=7", "/products/7/"),
  moved(
    "by the value of the query, keeping the rest",
    "/product?a=1&id=7&b=2",
    "/products/7/?a=1&b=2",
  ),
  moved("by the first of two values", "/product?id=7&id=8", "/products/7/"),
  moved("by an escaped name in the query", "/product?i%64=7", "/products/7/"),
  moved("by a value with escapes", "/product?id=a%20b", "/products/a%20b/"),
  moved("by a value with a slash", "/product?id=a/b", "/products/a/b/"),
  moved("by a value with slashes", "/product?id=//evil.example", "/products/evil.example"),
  moved("by another parameter", "/product?sku=7", "/products/seven/?sku=7", 302),
  missing("by no value", "/product/?id="),
  missing("by a value with malformed escapes", "/product/?id=%zz"),
  missing("by another value", "/product/?sku=8"),
  missing("by a name in another case", "/product/?ID=7"),
  missing("by no query", "/product/"),
  told("by a value with dots", "/product?id=..", 400),
  told("by a value with escaped dots", "/product?id=%2e%2e%2f.slipway", 400),
  told("by a value with a line break", "/product?id=a%0D%0Ab", 400),
  told("by a value with a backslash", "/product?id=%5C", 400),
  moved("a value into a query", "/search?q=a%26b%3Dc", "/find/?text=a%26b%3Dc&from=old"),
  moved(
    "a value into a query, without the rest",
    "/search?x=1&q=a+b",
    "/find/?text=a%2Bb&from=old",
  ),
  moved("a value into a query, braces and all", "/search?q={q}", "/find/?text=%7Bq%7D&from=old"),
  moved("without what was asked for", "/keep?a=1&drop=2&%64rop=3", "/kept/?a=1"),
  moved("without the only thing that was asked for", "/keep?drop=2", "/kept/"),
  moved("what follows a star into the middle", "/deep/a/b", "/deeper/a/b/end/"),
  moved("nothing that follows a star into the middle", "/deep/", "/deeper/end/"),
  moved("a colon that means itself", "/wiki/a", "/Special:Search/a/"),
  page("a file below a star that the site has", "/files/kept.pdf", "files/kept.pdf"),
  moved("a file below a star that the site lacks", "/files/other.pdf", "/new/"),
  moved("a page that a rule with force takes from a star", "/files/forced/", "/new/"),
  page("a page below a star that the site has", "/files/a/", "files/a/index.html"),
  moved("a page below a star that the site has, to its slash", "/files/a", "/files/a/"),
  told("odd paths before any rule", "/files/%2e%2e/a", 400),
]);

const HOSTS = of("hosts", [
  page("the canonical host", "/", "index.html", {
    ...at("site.example"),
    answerHeaders: { "x-robots-tag": null },
  }),
  page("the canonical host in capitals", "/", "index.html", {
    ...at("SITE.example"),
    answerHeaders: { "x-robots-tag": null },
  }),
  page("the canonical host with a port", "/app.css", "app.css", {
    ...at("site.example:8788"),
    answerHeaders: { "x-robots-tag": null },
  }),
  page("any other host, as a copy", "/", "index.html", {
    ...at("d111111abcdef8.cloudfront.net"),
    answerHeaders: { "x-robots-tag": "noindex" },
  }),
  page("a host below the canonical one, as a copy", "/app.css", "app.css", {
    ...at("next.site.example"),
    answerHeaders: { "x-robots-tag": "noindex" },
  }),
  moved("www", "/", "https://site.example/", 301, at("www.site.example")),
  moved(
    "www in capitals with a port",
    "/app.css",
    "https://site.example/app.css",
    301,
    at("WWW.Site.Example:443"),
  ),
  moved(
    "another of the site's names",
    "/new/",
    "https://site.example/new/",
    301,
    at("site.example.net"),
  ),
  moved(
    "www without a slash, in one step",
    "/new",
    "https://site.example/new/",
    301,
    at("www.site.example"),
  ),
  moved(
    "www with a query",
    "/new/?a&b=1",
    "https://site.example/new/?a=&b=1",
    301,
    at("www.site.example"),
  ),
  moved(
    "www and a rule, in one step",
    "/old?a=1",
    "https://site.example/new/?a=1",
    302,
    at("www.site.example"),
  ),
  moved(
    "www and a rule to another host",
    "/there",
    "https://other.example/",
    301,
    at("www.site.example"),
  ),
  moved(
    "www and a rewrite",
    "/show/a",
    "https://site.example/show/a/",
    301,
    at("www.site.example"),
  ),
  moved("www and what is gone", "/gone", "https://site.example/gone/", 301, at("www.site.example")),
  moved(
    "www and what is missing",
    "/nothing/",
    "https://site.example/nothing/",
    301,
    at("www.site.example"),
  ),
  moved(
    "www and two slashes",
    "//evil.example/",
    "https://site.example/evil.example/",
    301,
    at("www.site.example"),
  ),
  moved("a rule to the site's own other name", "/home", "/new/", 301, at("site.example")),
  moved("a rule to the site over plain HTTP", "/plain-home", "/new/", 301, at("site.example")),
  moved(
    "a rule to the site over plain HTTP, from another name",
    "/plain-home",
    "https://site.example/new/",
    301,
    at("www.site.example"),
  ),
  moved(
    "a rule to another port, which is another origin",
    "/other-port",
    "https://site.example:8443/new",
    301,
    at("site.example"),
  ),
  moved(
    "a rule on a copy, on that copy",
    "/old",
    "/new/",
    302,
    at("d111111abcdef8.cloudfront.net"),
  ),
  moved(
    "a page without its slash on a copy",
    "/new",
    "/new/",
    301,
    at("d111111abcdef8.cloudfront.net"),
  ),
  page("a rewrite on the canonical host", "/show/a", "page.html", at("site.example")),
  told("what is gone on the canonical host", "/gone", 410, at("site.example")),
  told("an odd path on www", "/%zz", 400, at("www.site.example")),
  missing("a record on www", "/.slipway/manifest.json", at("www.site.example")),
  missing("a missing page on the canonical host", "/nothing/", at("site.example")),
  page("a host that ends like another", "/", "index.html", at("notwww.site.example")),
]);

const FOLDERS = of("folders", [
  missing("a page in no folder with one of its own", "/es/nada/"),
  page("a page in a folder with one", "/de/nichts/", "de/404.html", { status: 404 }),
  page("a page deep in a folder with one", "/de/a/b/c/", "de/404.html", { status: 404 }),
  page("a page without its slash", "/de/nichts", "de/404.html", { status: 404 }),
  page("a page in a folder within, by the nearest", "/de/hilfe/zwei/", "de/hilfe/404.html", {
    status: 404,
  }),
  page("a missing page with a query", "/de/nichts/?a=1", "de/404.html", { status: 404 }),
  missing("a file in a folder with one", "/de/alt.css"),
  page("a file that is there", "/de/app.css", "de/app.css"),
  page("a page that is there", "/de/neu/", "de/neu/index.html"),
  page("the folder itself", "/de/", "de/index.html"),
  moved("the folder itself without its slash", "/de", "/de/"),
  moved("a page that is there, to its slash", "/de/hilfe/eins", "/de/hilfe/eins/"),
  moved("by a rule above", "/de/alt/", "/de/neu/"),
  page("by a rewrite above", "/fr/rien/", "fr/index.html"),
  page("in spite of a rewrite above", "/fr/seul/", "fr/seul/index.html"),
  missing("what only begins like the folder", "/deutsch/"),
]);

const HEADERS = of("headers", [
  page("nothing narrow elsewhere", "/", "index.html", { answerHeaders: { "x-new": null } }),
  page("a block by its star", "/new/", "new/index.html", {
    answerHeaders: { "x-both": "wide, narrow", "x-new": "1" },
  }),
  page("two blocks joined, and one taken away", "/new/deep/", "new/deep/index.html", {
    answerHeaders: { "x-both": null, "x-new": "1, 2" },
  }),
  page("in place of a default", "/embed/", "embed/index.html", {
    answerHeaders: { "x-frame-options": "SAMEORIGIN", "x-new": null },
  }),
  page("a default taken away by an index document", "/quiet/", "quiet/index.html", {
    answerHeaders: { "referrer-policy": null },
  }),
  page("a file by a name", "/files/a.pdf", "files/a.pdf", { answerHeaders: { "x-name": "one" } }),
  page("a folder by a name", "/files/b/", "files/b/index.html", {
    answerHeaders: { "x-name": "one" },
  }),
  page("nothing for two names", "/files/c/d.pdf", "files/c/d.pdf", {
    answerHeaders: { "x-name": null },
  }),
  page("nothing for a file elsewhere", "/app.css", "app.css", {
    answerHeaders: { "x-name": null },
  }),
  moved("nothing on a redirect", "/old", "/new/", 301, { answerHeaders: { "x-new": null } }),
]);

const LARGE = of("large", [
  page("what no rule names", "/", "index.html"),
  moved("one of many", "/old/0", "/articles/0/"),
  moved("the last of many", "/old/599/", "/articles/599/"),
  moved("one of many with a query", "/old/5?a=1", "/articles/5/?a=1"),
  moved("a path behind a star that is an index document", "/old/6/index.html", "/archive/6/", 302),
  moved("the first of three for one path", "/old/7", "/won/7/", 302),
  moved("one of many whose target has moved again", "/old/13", "/moved/13/"),
  page("one of many where the site has a page", "/old/9/", "old/9/index.html"),
  moved("one of many where the site has a page, to its slash", "/old/9", "/old/9/"),
  moved("what is left, behind a star", "/old/600", "/archive/600/", 302),
  moved("what is left, deeper", "/old/5/6", "/archive/5/6/", 302),
  page("a page that a rule without force leaves alone", "/articles/14/", "articles/14/index.html"),
  page("a page that a rule for all leaves alone", "/articles/15/", "articles/15/index.html"),
  moved("a page that a star with force takes", "/articles/20/", "/moved/20/"),
  page("a page that none of those has", "/articles/600/", "articles.html", { status: 404 }),
  moved("accents behind a star", "/caf%c3%a9/x", "/caf%C3%A9-neu/x/"),
  moved("a rule with a condition before one in the store", "/first/one?from=a", "/won/one/", 302),
  moved("one in the store where the condition fails", "/first/one", "/lost/one/"),
  missing("what nothing names", "/nothing/"),
  missing("a record", "/.slipway/manifest.json"),
  told("an odd path", "/old/%2e%2e", 400),
]);

/** The table. Its rows are run against `decide`, the function in its VM, and the running local edge. */
export const CASES: readonly EdgeCase[] = [
  ...PAGES,
  ...MOVES,
  ...HOSTS,
  ...FOLDERS,
  ...HEADERS,
  ...LARGE,
];
