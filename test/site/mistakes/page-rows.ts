import { readFileSync } from "node:fs";
import site from "../../../site/_data/site.ts";
import { type Group, post, postFile, wrongText } from "./row.ts";

const TOKENS = "site/assets/css/tokens.css";
const INSECURE = site.url.replace("https:", "http:");

/** What shows only once pages are made. */
export const PAGE_GROUPS: readonly Group[] = [
  {
    title: "Links",
    rows: [
      wrongText(
        "a link to nothing",
        "nothing",
        "Words.\n\nSee [the page](/nowhere-at-all/).",
        '10: the link "/nowhere-at-all/": leads to nothing in the site. Correct it, or add what it names.',
      ),
      wrongText(
        "a link with a letter wrong",
        "letter",
        "See [the page](/regster/).",
        '8: the link "/regster/": leads to nothing in the site. Did you mean /register/?',
      ),
      wrongText(
        "a link to a page by its file, or without https",
        "by-file",
        `[One](/about/index.html), [two](${INSECURE}/about/).`,
        '8: the link "/about/index.html": ends with a file name that addresses do without. Write /about/.',
        `8: the link "${INSECURE}/about/": asks for this site without https. Write /about/.`,
      ),
      wrongText(
        "a link without the slash at its end",
        "slash",
        "See [the page](/about).",
        '8: the link "/about": has no slash at its end. Write /about/.',
      ),
      wrongText(
        "a link to a heading that is not there",
        "fragment",
        "## One heading\n\nSee [it](#one-heading) and [it](#two-headings).",
        '10: the link "#two-headings": names no id on /blog/fragment/. Give a heading the id "two-headings", or correct the link.',
      ),
      wrongText(
        "a link to a heading, written as its words are",
        "letters",
        "## Große Fässer\n\nSee [it](#große-fässer).",
        '10: the link "#große-fässer": names no id on /blog/letters/. Did you mean #grosse-fasser?',
      ),
      wrongText(
        "an address without its beginning, or its end",
        "half-address",
        "[One](www.other.example/x/), [two](mailto:), [three](https://).",
        '8: the link "www.other.example/x/": leads to nothing in the site. Write https:// before it.',
        '8: the link "mailto:": has nothing behind its colon that could be an address. Write all of it.',
        '8: the link "https://": has nothing behind its colon that could be an address. Write all of it.',
      ),
      wrongText(
        "a link to a draft",
        "to-draft",
        "See [it](/blog/unfinished/).",
        '8: the link "/blog/unfinished/": leads to site/content/blog/2026-03-02-unfinished.md, which is a draft. Publish it first, or take the link out.',
      ),
      wrongText(
        "a link to a post that waits for its day",
        "to-later",
        "See [it](/blog/later/).",
        '8: the link "/blog/later/": leads to site/content/blog/2026-06-01-later.md, which waits for 2026-06-01. Publish it first, or take the link out.',
      ),
      wrongText(
        "a link without an address",
        "no-address",
        "See [it]().",
        '8: the link "": is empty. Give it an address.',
      ),
      wrongText(
        "a link without words",
        "no-words",
        "See [](/about/).",
        '8: <a href="/about/">: has no words, so nobody can follow it. Write where it leads.',
      ),
      wrongText(
        "a script for a link",
        "script-link",
        'See <a href="javascript:alert(1)">it</a>.',
        '8: <a href="javascript:alert(1)">: runs a script instead of leading somewhere. Use a <button>, and a module of site/assets.',
      ),
      wrongText(
        "an asset that is not there",
        "asset",
        "Get [the file](/assets/none.pdf).",
        '8: the link "/assets/none.pdf": leads to nothing in the site. Correct it, or add what it names.',
      ),
    ],
  },
  {
    title: "Two of one kind",
    rows: [
      {
        what: "two pages with one address",
        files: {
          "site/content/our-services.njk": "---\npermalink: /services/\nlayout: false\n---\nx",
        },
        says: [
          "site/content/our-services.njk:2: permalink: leads to /services/, as does site/content/services.md. Give each page an address of its own.",
          "site/content/services.md:1: permalink: leads to /services/, as does site/content/our-services.njk. Give each page an address of its own.",
        ],
      },
      {
        what: "two pages with one title",
        files: {
          ...post("same-title-a", { title: "Same" }),
          ...post("same-title-b", { title: "Same" }),
        },
        says: [
          `${postFile("same-title-b")}:2: title: is the same as that of /blog/same-title-a/. Say what only this page is about.`,
        ],
      },
      {
        what: "two pages with one description",
        files: {
          ...post("same-text-a", { description: "Same." }),
          ...post("same-text-b", { description: "Same." }),
        },
        says: [
          `${postFile("same-text-b")}:3: description: is the same as that of /blog/same-text-a/. Say what only this page is about.`,
        ],
      },
      wrongText(
        "one id twice",
        "ids",
        '<p id="x">One</p>\n\n<p id="x">Two</p>',
        '10: id="x": is used twice on the page. Change one of them; two headings alike get two ids by themselves.',
      ),
    ],
  },
  {
    title: "Headings",
    rows: [
      wrongText(
        "a skipped heading level",
        "skipped",
        "## Two\n\n#### Four",
        '10: the heading "Four": is an <h4> that follows an <h2>. Do not skip a level: make it an <h3>.',
      ),
      wrongText(
        "a first-level heading in the text",
        "second-h1",
        "# Again",
        '8: the heading "Again": is a second first-level heading. Write ## for a heading within the text: the title is the first-level one.',
      ),
      wrongText(
        "a heading without words",
        "empty-heading",
        "<h2></h2>",
        "8: <h2>: has no words, so nobody can read it. Write its words, or remove it.",
      ),
    ],
  },
  {
    title: "Code",
    rows: [
      wrongText(
        "a code fence in an unknown language",
        "klingon",
        "```klingon\nx\n```",
        '8: code fence: the highlighter knows no language "klingon". Use another name, or "text".',
      ),
    ],
  },
  {
    title: "HTML in Markdown",
    rows: [
      wrongText(
        "an element that does not exist",
        "unknown-element",
        "<foo>x</foo>",
        "8: <foo>: is no element of HTML. Correct its name, or write &lt; for the sign.",
      ),
      wrongText(
        "an element that HTML no longer has",
        "obsolete",
        "Some <center>words</center>.",
        "8: <center>: is an element that HTML no longer has. Use a class.",
      ),
      wrongText(
        "an element that is never ended",
        "unclosed",
        "Text.\n\n<div>\n\nmore",
        "10: <div>: is never ended. Write </div> where it ends.",
      ),
      wrongText(
        "an end tag too many",
        "stray",
        "Some words</b>.",
        "8: </b>: ends nothing that is open. Remove it, or write <b> where it begins.",
      ),
      wrongText(
        "elements that cross",
        "crossed",
        "<b>one <i>two</b> three</i>",
        "8: <i>: is not ended before </b>. Write </i> first.",
      ),
      wrongText(
        "an element in a place where it may not be",
        "place",
        "<div><li>x</li></div>",
        "8: <li>: stands in <div>. It belongs directly in <ul> or <ol> or <menu>.",
      ),
      wrongText(
        "something in a list that is no item of it",
        "no-item",
        "<ul><p>x</p></ul>",
        "8: <p>: stands in <ul>, which holds only <li>. Put it into one of those.",
      ),
      wrongText(
        "a label in a label",
        "labels",
        "<label>One <label>two</label></label>",
        "8: <label>: stands in another <label>. End that one before it.",
      ),
      wrongText(
        "details without a summary",
        "no-summary",
        "<details><p>x</p></details>",
        "8: <details>: has no <summary>. Begin it with <summary>, which says what opens.",
      ),
      wrongText(
        "a second caption",
        "captions",
        "<figure><figcaption>a</figcaption><figcaption>b</figcaption></figure>",
        "8: <figcaption>: is the second one of a <figure>. Keep one of them.",
      ),
      wrongText(
        "a tag that belongs into the head",
        "head-tag",
        '<meta name="robots" content="noindex">',
        '8: <meta name="robots" content="noindex">: stands in the text of the page. Remove it: it belongs into the head.',
      ),
      wrongText(
        "a comment without an end",
        "comment",
        "Text.\n\n<!-- to do",
        "10: <!-- to do: has no -->, so all that follows is part of it. Write -->.",
      ),
      wrongText(
        "a tag without its >",
        "tag-end",
        "<p class=a",
        "8: <p class=a: has no >, so all that follows is part of it. Look for a quote or a > that is missing.",
      ),
      wrongText(
        "a quote that is missing",
        "quote",
        'Text.\n\n<p class="a>x</p>\n\nMore.',
        '10: <p class="a>x</p>: has no >, so all that follows is part of it. Look for a quote or a > that is missing.',
      ),
      wrongText(
        "a value that an attribute does not have",
        "value",
        '<p dir="left">x</p>',
        '8: <p dir="left">: has the dir "left", which is none. Write one of: auto, ltr, rtl.',
      ),
      wrongText(
        "a frame without a title",
        "frame-title",
        '<iframe src="/about/"></iframe>',
        '8: <iframe src="/about/">: has no title, so nobody hears what it is. Write title="…".',
      ),
      wrongText(
        "an attribute twice",
        "attribute-twice",
        '<p class="a" class="b">x</p>',
        '8: <p class="a" class="b">: has the attribute class twice. Keep one of them.',
      ),
      wrongText(
        "a style attribute",
        "styled",
        '<p style="color: red">red</p>',
        `8: <p style="color: red">: has a style attribute, which the site's policy refuses. Use a class.`,
      ),
      wrongText(
        "a script in the text",
        "script",
        "<script>alert(1)</script>",
        "8: <script>: stands in the page, which the site's policy refuses. Put it into a module of site/assets.",
      ),
      wrongText(
        "something from another host",
        "third-party",
        '<iframe src="https://video.example/1" title="Film"></iframe>',
        "8: <iframe>: asks another host for https://video.example/1, which the site's policy refuses. Serve it from this site.",
      ),
      wrongText(
        "an image without width and height",
        "no-size",
        '<img src="/favicon.svg" alt="The card">',
        '8: <img src="/favicon.svg">: has no width and height, so the text jumps when it comes. Write width="640" height="480".',
      ),
      {
        what: "an image in Markdown without alt text, and not marked as decoration",
        files: {
          ...post("no-alt-text", {}, "![](./wave.svg#decorative)\n\n![](./wave.svg)"),
          "site/content/blog/wave.svg":
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"><path d="M0 10h40"/></svg>',
        },
        says: [
          `${postFile("no-alt-text")}:10: ./wave.svg: has no alt text. Write what it shows between the brackets, or #decorative behind the address where it is decoration.`,
        ],
      },
      wrongText(
        "an image in HTML without alt",
        "no-alt",
        '<img src="/favicon.svg" width="1200" height="630">',
        '8: <img src="/favicon.svg">: has no alt text. Write alt="what it shows", or alt="" where it is decoration.',
      ),
      wrongText(
        "a field without a label",
        "no-label",
        '<form action="/x"><input name="m" autocomplete="email"></form>',
        '8: <input name="m" autocomplete="email">: has no label. Put it into a <label>.',
      ),
      wrongText(
        "a field without a name",
        "no-name",
        '<form action="/x"><label>Mail <input autocomplete="email"></label></form>',
        '8: <input autocomplete="email">: has no name, so it is not sent. Write name="…".',
      ),
      wrongText(
        "a field without autocomplete",
        "no-autocomplete",
        '<form action="/x"><label>Mail <input name="m"></label></form>',
        '8: <input name="m">: does not say what a browser may fill in. Write autocomplete="email", "name" or the like, or "off".',
      ),
      wrongText(
        "a form that only JavaScript could send",
        "no-action",
        "<form><button>Go</button></form>",
        '8: <form>: works only with JavaScript, as it names no address to send to. Write action="/…".',
      ),
    ],
  },
  {
    title: "Templates",
    rows: [
      {
        what: "a value that nobody set",
        files: {
          "site/content/typo.njk": "---\nlayout: false\npermalink: /typo.txt\n---\na\n{{ titel }}",
        },
        says: [
          "site/content/typo.njk:6: {{ titel }}: has no value. Check the name, or write {% if %} around it where it may be missing.",
        ],
      },
      {
        what: "a layout that is not there",
        files: {
          "site/content/layout.njk": "---\ntitle: x\ndescription: y\nlayout: nope.njk\n---\nx",
        },
        says: [
          'site/content/layout.njk:4: layout: "nope.njk" is not there. Correct the name, or add the file to site/_includes.',
        ],
      },
      {
        what: "a page without what every page has",
        files: {
          "site/content/bare.njk":
            "---\npermalink: /bare/\nlayout: false\n---\n<!doctype html>\n<p>x</p>",
        },
        says: [
          "site/content/bare.njk:1: <h1>: is missing: a page has one first-level heading. Write it.",
          'site/content/bare.njk:1: <html>: has no lang attribute. Write <html lang="en">.',
          'site/content/bare.njk:1: canonical: is missing. Write <link rel="canonical" href="{{ page.url | absoluteUrl }}">.',
          "site/content/bare.njk:1: description: is empty. Add a description of at most 160 characters.",
          "site/content/bare.njk:1: title: is empty. Add a title of at most 70 characters.",
        ],
      },
      {
        what: "a feed with an address that is not absolute",
        files: {
          "site/content/other-feed.njk":
            '---\npermalink: /other.xml\nlayout: false\n---\n<feed><link href="/about/"/></feed>',
        },
        says: [
          'site/content/other-feed.njk:5: "/about/" in /other.xml: is not absolute. Write it with | absoluteUrl.',
        ],
      },
    ],
  },
  {
    title: "Assets and design",
    rows: [
      {
        what: "an image of more than 100 kB",
        files: { "site/assets/static/heavy.png": Buffer.alloc(100_001) },
        says: [
          "site/assets/static/heavy.png: has 100.1 kB, and 100.0 kB is the most for an image. Make it smaller, or put it beside the article that shows it: the build then resizes it.",
        ],
      },
      {
        what: "a colour that cannot be read on its ground",
        files: {
          [TOKENS]: readFileSync(TOKENS, "utf8").replace(
            "--band-soft: #c3c9c2",
            "--band-soft: #5a5a5a",
          ),
        },
        says: [
          `${TOKENS}:15: --band-soft: has a contrast of 2.59 on --band (#13181a) in the light scheme. Text needs 4.5: make one of the two darker and the other lighter.`,
        ],
      },
    ],
  },
];
