import { describe, expect, test } from "vitest";
import { readPage } from "../../../site/lib/checks/page-facts.ts";
import { checkPages } from "../../../site/lib/checks/page-rules.ts";
import { told } from "./told.ts";

const ORIGIN = "https://site.example";
const SITE = { origin: ORIGIN, titleEnd: " – Us" };

function head(path: string, title: string): string {
  return `<html lang="en"><title>${title}</title><meta name="description" content="About ${title}"><link rel="canonical" href="${ORIGIN}/${path}">`;
}

function faultsOf(body: string, start = head("a/", "A")): readonly string[] {
  const page = readPage("a/index.html", `<!doctype html>${start}<body>${body}`);
  return checkPages([page], SITE).map((fault) => told(fault).replace("a/index.html: ", ""));
}

describe("A page", () => {
  test.each([
    ["<svg><title>Not the title</title></svg>"],
    ['<script type="application/ld+json">{}</script>'],
    ["<h2>B</h2><h3>C</h3><h2>D</h2>"],
    ['<img src="/x.png" alt="" width="1" height="1">'],
    ["<ul><li>one<li>two</ul><p>no end tag<p>another"],
    ["<table><tr><td>1<td>2<tr><th>3</table>"],
    ["<dl><dt>a<dd>b<dt>c<dd>d</dl><dl><div><dt>a</dt><dd>b</dd></div></dl>"],
    ["<p>a<br>b<br/>c &lt;div&gt; <code>&lt;/b&gt;</code></p>"],
    ['<svg viewBox="0 0 1 1" width="100%"><g><path d="M0 0"/><unknownShape/></g></svg>'],
    ["<x-map>custom</x-map>"],
    ["<details><summary><h2>Open</h2></summary><p>me</p></details>"],
    ["<picture><source srcset='/x.avif'><img src='/x' alt='x' width='1' height='1'></picture>"],
    ['<a href="/a/"><div>a block in a link</div></a>'],
    ['<a href="/a/"><img src="/x.png" alt="Home" width="1" height="1"></a>'],
    ['<a href="/a/" aria-label="Home"><svg></svg></a>'],
    ['<form action="/go"><label>Mail <input name="m" autocomplete="email"></label></form>'],
    ['<form action="/go"><input id="m" name="m" type="search"><label for="m">Find</label></form>'],
    ['<form action="/go"><input type="hidden" name="x"><button>Go</button></form>'],
    ["<template><li>kept for later</li></template>"],
    ["<!-- <b> in a comment is nothing -->"],
  ])("may have %s", (body) => {
    expect(faultsOf(`<h1>A</h1>${body}`)).toEqual([]);
  });

  test.each([
    ["<p>no heading</p>", "<h1>: is missing: a page has one first-level heading. Write it."],
    [
      "<h1>A</h1><h1>B</h1>",
      'the heading "B": is a second first-level heading. Write ## for a heading within the text: the title is the first-level one.',
    ],
    [
      "<h1>A</h1><h3>B</h3>",
      'the heading "B": is an <h3> that follows an <h1>. Do not skip a level: make it an <h2>.',
    ],
    [
      "<h2>A</h2><h1>B</h1>",
      'the heading "A": is an <h2> that follows nothing. Do not skip a level: make it an <h1>.',
    ],
    ["<h1></h1>", "<h1>: has no words, so nobody can read it. Write its words, or remove it."],
    [
      '<h1 id="x">A</h1><p id="x">',
      'id="x": is used twice on the page. Change one of them; two headings alike get two ids by themselves.',
    ],
    [
      '<h1>A</h1><p style="x">',
      `<p style="x">: has a style attribute, which the site's policy refuses. Use a class.`,
    ],
    [
      "<h1>A</h1><span style='x'>y</span>",
      `<span style='x'>: has a style attribute, which the site's policy refuses. Use a class.`,
    ],
    [
      "<h1>A</h1><style>p{}</style>",
      "<style>: stands in the page, which the site's policy refuses. Put it into a file of site/assets/css.",
    ],
    [
      "<h1>A</h1><script>1</script>",
      "<script>: stands in the page, which the site's policy refuses. Put it into a module of site/assets.",
    ],
    [
      '<h1>A</h1><p onclick="x()">y</p>',
      `<p onclick="x()">: has the script onclick in it, which the site's policy refuses. Put it into a module of site/assets.`,
    ],
    [
      '<h1>A</h1><a href="javascript:x()">y</a>',
      '<a href="javascript:x()">: runs a script instead of leading somewhere. Use a <button>, and a module of site/assets.',
    ],
    [
      '<h1>A</h1><img src="/x.png" alt="">',
      '<img src="/x.png">: has no width and height, so the text jumps when it comes. Write width="640" height="480".',
    ],
    [
      '<h1>A</h1><img src="/x.png" width="1" height="1">',
      '<img src="/x.png">: has no alt text. Write alt="what it shows", or alt="" where it is decoration.',
    ],
    [
      '<h1>A</h1><script src="https://cdn.example/x.js"></script>',
      "<script>: asks another host for https://cdn.example/x.js, which the site's policy refuses. Serve it from this site.",
    ],
    [
      '<h1>A</h1><img src="//cdn.example/x" alt="" width="1" height="1">',
      "<img>: asks another host for //cdn.example/x, which the site's policy refuses. Serve it from this site.",
    ],
    [
      '<h1>A</h1><a href="/a/"> </a>',
      '<a href="/a/">: has no words, so nobody can follow it. Write where it leads.',
    ],
    [
      '<h1>A</h1>Read more <a href="/a/">here</a>.',
      'warning: the link "here": does not say where it leads. Name the page it leads to: screen readers list links by their words alone.',
    ],
    [
      '<h1>A</h1><a href="https://x.example/">https://x.example/</a>',
      'warning: the link "https://x.example/": shows an address instead of words. Name the page it leads to: screen readers list links by their words alone.',
    ],
  ])("with %s is told: %s", (body, message) => {
    expect(faultsOf(body)).toEqual([message]);
  });

  test("needs a language, a title, a description and its own canonical address", () => {
    expect(faultsOf("<h1>A</h1>", "<html><title> </title>")).toEqual([
      '<html>: has no lang attribute. Write <html lang="en">.',
      "title: is empty. Add a title of at most 70 characters.",
      "description: is empty. Add a description of at most 160 characters.",
      'canonical: is missing. Write <link rel="canonical" href="{{ page.url | absoluteUrl }}">.',
    ]);
  });

  test("may not share its title or description with another, of however many", () => {
    const pages = ["a", "b", "c"].map((name) =>
      readPage(`${name}/index.html`, `${head(`${name}/`, "Same – Us")}<h1>A</h1>`),
    );
    expect(checkPages(pages, SITE).map(told)).toEqual([
      "b/index.html: title: is the same as that of /a/. Say what only this page is about.",
      "c/index.html: title: is the same as that of /a/. Say what only this page is about.",
      "b/index.html: description: is the same as that of /a/. Say what only this page is about.",
      "c/index.html: description: is the same as that of /a/. Say what only this page is about.",
    ]);
  });

  test.each([
    [60, []],
    [61, ["warning: title: has 61 characters, so a search engine may cut its end. 60 are safe."]],
    [70, ["warning: title: has 70 characters, so a search engine may cut its end. 60 are safe."]],
    [71, ["title: has 71 characters. Shorten it to at most 70."]],
  ])("with %i characters in its title, the site's name not counted", (length, told) => {
    const start = head("a/", `${"t".repeat(length)} – Us`).replace(
      /content="[^"]*"/,
      'content="d"',
    );
    expect(faultsOf("<h1>A</h1>", start)).toEqual(told);
  });
});

describe("HTML", () => {
  test.each([
    ["<p><b>bold</p>", "<b>: is not ended before </p>. Write </b> first."],
    ["<p><b><i>x</b></i></p>", "<i>: is not ended before </b>. Write </i> first."],
    ["<div>open", "<div>: is never ended. Write </div> where it ends."],
    ["text</div>", "</div>: ends nothing that is open. Remove it, or write <div> where it begins."],
    [
      "<p>a<div>b</div></p>",
      "</p>: ends nothing that is open. Remove it: a block, such as <div>, ended the paragraph before.",
    ],
    ["<p>a</br>b</p>", "</br>: ends an element that has no end tag. Remove it."],
    ["<foo>x</foo>", "<foo>: is no element of HTML. Correct its name, or write &lt; for the sign."],
    ["<center>x</center>", "<center>: is an element that HTML no longer has. Use a class."],
    ["<strike>x</strike>", "<strike>: is an element that HTML no longer has. Write <s> or <del>."],
    [
      '<p class="a" class="b">x</p>',
      '<p class="a" class="b">: has the attribute class twice. Keep one of them.',
    ],
    [
      '<p align="left">x</p>',
      '<p align="left">: has the attribute align, which HTML no longer has. Use a class.',
    ],
    [
      '<p id="a b">x</p>',
      '<p id="a b">: has an id that is empty or has a space in it. Write one word with dashes.',
    ],
    [
      '<p title="a"b">x</p>',
      '<p title="a"b">: has something that is no attribute: b". Check the quotes.',
    ],
    [
      '<img src="/x" alt="" width="50%" height="1">',
      '<img src="/x" alt="" width="50%" height="1">: has a width that is no whole number. Write width="640" for 640 pixels.',
    ],
    ["<div/>x</div>", "<div/>: is not ended by its slash. Write </div> behind it."],
    [
      "<div><li>x</li></div>",
      "<li>: stands in <div>. It belongs directly in <ul> or <ol> or <menu>.",
    ],
    [
      "<span><div>x</div></span>",
      "<div>: stands in <span>, which holds only words. Move it out, or use <span>.",
    ],
    [
      '<a href="/a/">x <a href="/a/">y</a></a>',
      '<a href="/a/">: stands in <a>. Put one behind the other.',
    ],
    ['<a href="/a/">x<button>y</button></a>', "<button>: stands in <a>. Put one behind the other."],
    [
      '<form action="/"><form action="/"></form></form>',
      '<form action="/">: stands in another <form>. End that one before it.',
    ],
  ])("%s is told: %s", (body, message) => {
    expect(faultsOf(`<h1>A</h1>${body}`)).toEqual([message]);
  });
});

describe("A form", () => {
  test.each([
    [
      "<form></form>",
      '<form>: works only with JavaScript, as it names no address to send to. Write action="/…".',
    ],
    [
      '<form action="javascript:x()"></form>',
      '<form action="javascript:x()">: works only with JavaScript, as it names no address to send to. Write action="/…".',
    ],
    [
      '<input name="a" autocomplete="off">',
      '<input name="a" autocomplete="off">: has no label. Put it into a <label>.',
    ],
    [
      '<input id="a" name="a" autocomplete="off"><label for="b">B</label>',
      '<input id="a" name="a" autocomplete="off">: has no label. Write <label for="a"> before it.',
    ],
    [
      "<label>A <textarea></textarea></label>",
      '<textarea>: has no name, so it is not sent. Write name="…".',
    ],
    [
      '<label>A <input name="a" type="email"></label>',
      '<input name="a" type="email">: does not say what a browser may fill in. Write autocomplete="email", "name" or the like, or "off".',
    ],
  ])("with %s is told: %s", (body, message) => {
    expect(faultsOf(`<h1>A</h1>${body}`)).toEqual([message]);
  });
});
