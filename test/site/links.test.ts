import { describe, expect, test } from "vitest";
import { absoluteAddresses, listedUrls, xmlText } from "../../site/lib/feed.ts";
import { checkLinks } from "../../site/lib/links.ts";
import { readPage } from "../../site/lib/page-facts.ts";
import { checkPages } from "../../site/lib/page-rules.ts";
import { describeProblem } from "../../site/lib/problem.ts";

const ORIGIN = "https://site.example";

function brokenOn(html: string): readonly string[] {
  const pages = [
    readPage("blog/index.html", html),
    readPage("about/index.html", '<h1 id="café">Us</h1><p id="a b">x</p>'),
  ];
  const paths = new Set([
    "index.html",
    "about/index.html",
    "blog/index.html",
    "a/x.css",
    "50%.txt",
  ]);
  return checkLinks({ origin: ORIGIN, paths, pages, listed: new Map() }).map(describeProblem);
}

describe("A reference on a page", () => {
  test.each([
    ['<a href="/">'],
    ['<a href="/about/">'],
    ['<a href="../about/">'],
    ['<a href="/about/?from=blog#caf%C3%A9">'],
    ['<a href="/about/#a%20b">'],
    ['<a href="#top"><i id="top">'],
    [`<a href="${ORIGIN}/about/">`],
    ['<link href="/a/x.css">'],
    ['<a href="/50%25.txt">'],
    ['<a href="https://other.example/none">'],
    ['<a href="//other.example/none">'],
    ['<a href="mailto:a@b.example">'],
    ['<form action="/api/v1/registrations">'],
  ])("%s is sound", (html) => {
    expect(brokenOn(html)).toEqual([]);
  });

  test.each([
    ['<a href="/none/">', "leads to nothing"],
    ['<a href="none/">', "leads to nothing"],
    ['<a href="/about">', "has no slash at its end. Write /about/."],
    ['<a href="/about/#team">', "names no id on /about/."],
    ['<a href="#nowhere">', "names no id on /blog/."],
    [`<a href="${ORIGIN}/none/">`, "leads to nothing"],
    ['<script src="/a/none.js">', "leads to nothing"],
    ['<img srcset="/a/1.png 1x, /a/x.css 2x">', "leads to nothing"],
    ['<meta property="og:image" content="/none.png">', "leads to nothing"],
    ['<a href="/a/">', "leads to nothing"],
    ['<a href="">', "is empty"],
    ['<a href="/%zz/">', "leads to nothing"],
  ])("%s is broken: it %s", (html, message) => {
    const broken = brokenOn(html);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(`blog/index.html: <`);
    expect(broken[0]).toContain(message);
  });

  test("in a feed or a sitemap is checked too", () => {
    const xml = `<url><loc>${ORIGIN}/gone/</loc></url><link rel="self" href="${ORIGIN}/feed.xml"/>`;
    expect(listedUrls(xml)).toEqual([`${ORIGIN}/gone/`, `${ORIGIN}/feed.xml`]);
    const problems = checkLinks({
      origin: ORIGIN,
      paths: new Set(["feed.xml"]),
      pages: [],
      listed: new Map([["sitemap.xml", listedUrls(xml)]]),
    });
    expect(problems.map(describeProblem)).toEqual([
      `sitemap.xml: "${ORIGIN}/gone/": leads to nothing in the site. Correct it, or add what it names.`,
    ]);
  });
});

describe("A page", () => {
  const head = (path: string, title: string) =>
    `<html lang="en"><title>${title}</title><meta name="description" content="About ${title}"><link rel="canonical" href="${ORIGIN}/${path}">`;
  const rulesBroken = (body: string, start = head("a/", "A")) =>
    checkPages([readPage("a/index.html", start + body)], ORIGIN).map(describeProblem);

  test("that keeps every rule has no problem", () => {
    const svg = "<svg><title>Not the title</title></svg>";
    const data = '<script type="application/ld+json">{}</script>';
    expect(
      rulesBroken(
        `${svg}${data}<h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2><img src="/x.png" alt="" width="1" height="1">`,
      ),
    ).toEqual([]);
  });

  test.each([
    ["<h1>A</h1><h1>B</h1>", "<h1>: appears 2 times"],
    ["<p>no heading</p>", "<h1>: appears 0 times"],
    ["<h1>A</h1><h3>B</h3>", "<h3>: follows an h1"],
    ["<h2>A</h2><h1>B</h1>", "<h2>: follows nothing"],
    ['<h1 id="x">A</h1><p id="x">', 'id="x": is used twice'],
    ['<h1>A</h1><p style="x">', "<p>: has a style attribute"],
    ["<h1>A</h1><script>1</script>", "<script>: is inline"],
    ['<h1>A</h1><img src="/x.png" alt="">', "has no width and height"],
    ['<h1>A</h1><img src="/x.png" width="1" height="1">', "has no alt text"],
    ['<h1>A</h1><script src="https://cdn.example/x.js"></script>', "asks another host"],
    ['<h1>A</h1><img src="//cdn.example/x" alt="" width="1" height="1">', "asks another host"],
  ])("with %s breaks a rule: %s", (body, message) => {
    const broken = rulesBroken(body);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(message);
  });

  test("needs a language, a title, a description and its own canonical address", () => {
    expect(rulesBroken("<h1>A</h1>", "<html><title> </title>")).toEqual([
      "a/index.html: <html>: has no lang attribute.",
      "a/index.html: <title>: is empty.",
      "a/index.html: description: is empty.",
      `a/index.html: canonical: is "", not "${ORIGIN}/a/".`,
    ]);
  });

  test("may not share its title or description with another", () => {
    const pages = ["a", "b"].map((name) =>
      readPage(`${name}/index.html`, `${head(`${name}/`, "Same")}<h1>A</h1>`),
    );
    expect(checkPages(pages, ORIGIN).map(describeProblem)).toEqual([
      "b/index.html: title: is the same as that of a/index.html.",
      "b/index.html: description: is the same as that of a/index.html.",
    ]);
  });
});

describe("The text of a feed", () => {
  test("names the site in every address, and leaves foreign ones alone", () => {
    const html =
      '<a class="x" href="/a/#b">1</a> <a href="#c">2</a> <img src="../d.png" alt=""> <a href="https://o.example/">3</a> href="/text"';
    expect(absoluteAddresses(html, `${ORIGIN}/blog/p/`)).toBe(
      `<a class="x" href="${ORIGIN}/a/#b">1</a> <a href="${ORIGIN}/blog/p/#c">2</a> <img src="${ORIGIN}/blog/d.png" alt=""> <a href="https://o.example/">3</a> href="/text"`,
    );
  });

  test("is escaped, and holds no character that XML forbids", () => {
    expect(xmlText('a\u0000\u0008 <b> & "c"\t\u{1F600}')).toBe(
      "a &lt;b&gt; &amp; &quot;c&quot;\t\u{1F600}",
    );
  });
});
