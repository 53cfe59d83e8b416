import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConfigData, HtmlValidate, StaticConfigLoader } from "html-validate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPage } from "../../site/lib/checks/page-facts.ts";
import { readTree, runBuild } from "./scratch-site.ts";

/** A checker that somebody else wrote. Ours names the author's line and takes half a millisecond a page. */
function validator(config: ConfigData): HtmlValidate {
  return new HtmlValidate(new StaticConfigLoader({ root: true, ...config }));
}

async function objections(to: HtmlValidate, html: string): Promise<readonly string[]> {
  const { results } = await to.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
  );
}

describe("html-validate", () => {
  const strict = validator({
    extends: ["html-validate:recommended"],
    rules: {
      // Case means nothing there, and lower case compresses with the tags around it.
      "doctype-style": ["error", { style: "lowercase" }],
      // An input without a type is one of text: the word would be on every such field for nothing.
      "no-implicit-input-type": "off",
      // A list may be named: https://w3c.github.io/aria/#list. The rule would have landmarks alone.
      "aria-label-misuse": ["error", { allowAnyNamable: true }],
    },
  });
  let output: string;
  let tree: ReadonlyMap<string, Buffer>;
  let built: number;

  beforeAll(async () => {
    output = await mkdtemp(join(tmpdir(), "own-site-"));
    const run = await runBuild(".", ["--output", output], { GITHUB_ACTIONS: "" });
    expect(run, run.err).toMatchObject({ code: 0 });
    tree = await readTree(output);
    built = Number(/^Built (\d+) pages/.exec(run.out)?.[1]);
  });
  afterAll(() => rm(output, { recursive: true, force: true }));

  test("has nothing against any page of our site", async () => {
    const pages = [...tree].filter(([path]) => path.endsWith(".html"));
    expect(pages).toHaveLength(built);
    for (const [path, bytes] of pages) {
      expect(await objections(strict, bytes.toString()), path).toEqual([]);
    }
  });
});

/** HTML as an author may write it into Markdown, within a page. */
const page = (html: string) =>
  `<!doctype html><html lang="en"><head><title>T</title></head><body><h1>T</h1>\n${html}\n</body></html>`;

const ours = (html: string) =>
  readPage("a/index.html", page(html)).faults.map(({ field, message }) => `${field}: ${message}`);

const WRONG = `
<foo>x</foo>
<p><div>x</div></p>
<p><ul><li>x</li></ul></p>
<ul><p>x</p></ul>
<ul><a href="/">x</a></ul>
<ol><ol><li>x</li></ol></ol>
<div><li>x</li></div>
<dl><p>x</p></dl>
<tr><td>x</td></tr>
<table><tr><p>x</p></tr></table>
<table><div>x</div></table>
<table><caption>a</caption><caption>b</caption><tr><td>x</td></tr></table>
<table><tr><td colspan="x">x</td></tr></table>
<select name="s" aria-label="s"><p>x</p></select>
<optgroup>x</optgroup>
<legend>x</legend>
<span><div>x</div></span>
<b><p>x</p></b>
<em><ul><li>x</li></ul></em>
<pre><div>x</div></pre>
<h2><h3>x</h3></h2>
<h2><p>x</p></h2>
<a href="/"><a href="/">x</a></a>
<a href="/"><button>x</button></a>
<a href="/"><div><button>x</button></div></a>
<button><a href="/">x</a></button>
<label>a <label>b</label></label>
<form action="/"><form action="/"></form></form>
<header><header>x</header></header>
<address><h2>x</h2></address>
<figcaption>a</figcaption>
<figure><figcaption>a</figcaption><figcaption>b</figcaption></figure>
<summary>x</summary>
<details><p>x</p></details>
<area alt="x">
<div>
<div><span></div>
<b><i>x</b></i>
</div>
</p>
<br></br>
<center>x</center>
<font color="red">x</font>
<marquee>x</marquee>
<p align="center">x</p>
<p class="a" class="b">x</p>
<p id="a b">x</p>
<p id="">x</p>
<p class="a>x</p>
<p "x">x</p>
<p dir="foo">x</p>
<p hidden="foo">x</p>
<p contenteditable="foo">x</p>
<img src="/a.png" alt="" width="10px" height="1">
<input type="foo" aria-label="x" name="a" autocomplete="off">
<input disabled="foo" aria-label="x" name="a" autocomplete="off">
<button type="foo">x</button>
<iframe src="/x"></iframe>
<html><p>x</p></html>
<body><p>x</p></body>
<title>x</title>
<base href="/">
<meta name="x" content="y">
<style>p{}</style>
<!-- a
`;

const RIGHT = `
<p>x<p>y
<br/>
<P>x</P>
<p CLASS='a'>x</p>
<dl><div><dt>x</dt><dd>y</dd></div></dl>
<ul><script type="application/json">{}</script><li>x</li></ul>
<table><tr><td>x</td></tr></table>
<table><thead><tr><th>x<tbody><tr><td>x</table>
<details><summary>a</summary><p>x</p></details>
<figure><figcaption>a</figcaption></figure>
<ruby>x<rt>y</rt></ruby>
<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>
<math><mi>x</mi></math>
<template><tr><td>x</td></tr></template>
<noscript><p>x</p></noscript>
<header><p>x</p></header>
<button type="button" disabled>x</button>
<p hidden="until-found" contenteditable="true" dir="rtl">x</p>
<p data-x="y" foo="x">x</p>
<x-map>y</x-map>
<!-- a -- b -->
a & b
`;

/** Where one of the two says nothing, and why that may stay so. */
const DIFFERENT: readonly (readonly [html: string, by: "ours" | "theirs", why: string])[] = [
  ["<div/>x", "ours", "a browser ignores the slash, so the element stays open"],
  ["<td>x</td>", "ours", "a browser drops it"],
  ['<table border="1"><tr><td>x</td></tr></table>', "ours", "a stylesheet does that"],
  ['<img src="/a.png">', "ours", "they have it among their rules on accessibility"],
  ['<input name="a" autocomplete="off">', "ours", "the same: it has no label"],
  ['<p style="a:b">x</p>', "ours", "the site's policy refuses it"],
  ['<p onclick="x()">x</p>', "ours", "the site's policy refuses it"],
  [
    "<details><summary>a</summary><summary>b</summary></details>",
    "ours",
    "they count figures only",
  ],
  ["<a href>x</a>", "theirs", "ours is told with the links, which are followed"],
  ["<p class=>x</p>", "theirs", "a browser reads it as empty, and nothing is lost"],
  ['<p class="a"id="b">x</p>', "theirs", "a browser reads both"],
  ["<Div>x</div>", "theirs", "names have no case in HTML"],
  ["a &foo; b", "theirs", "it is shown as it is written"],
  ["a < b", "theirs", "it is shown as it is written"],
  ['<video><p>x</p><source src="/a"></video>', "theirs", "the order is theirs alone to know"],
  [
    "<table><tr><td>x</td></tr><thead><tr><th>a</th></tr></thead></table>",
    "theirs",
    "the order is theirs alone to know",
  ],
];

const linesOf = (text: string) => text.trim().split("\n");

describe("What our reader says of HTML in Markdown, and html-validate by the standard alone", () => {
  const standard = validator({ extends: ["html-validate:standard"] });
  const theirs = (html: string) => objections(standard, page(html));

  test.each(linesOf(WRONG))("both refuse %s", async (html) => {
    expect(ours(html)).not.toEqual([]);
    expect(await theirs(html)).not.toEqual([]);
  });

  test.each(linesOf(RIGHT))("both let pass %s", async (html) => {
    expect(ours(html)).toEqual([]);
    expect(await theirs(html)).toEqual([]);
  });

  test.each(DIFFERENT)("%s is refused by %s alone, as %s", async (html, by) => {
    const refused = { ours: ours(html).length > 0, theirs: (await theirs(html)).length > 0 };
    expect(refused).toEqual({ ours: by === "ours", theirs: by === "theirs" });
  });
});
