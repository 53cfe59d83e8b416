import { describe, expect, test } from "vitest";
import { checkLinks } from "../../../site/lib/checks/links.ts";
import { readPage } from "../../../site/lib/checks/page-facts.ts";
import { listedUrls } from "../../../site/lib/discovery/feed.ts";
import { told } from "./told.ts";

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
  const missing = new Map([
    ["/blog/soon/", "leads to soon.md, which waits for 2026-06-01"],
    ["/blog/broken/", null],
  ]);
  return checkLinks({ origin: ORIGIN, paths, pages, listings: [], missing, inside: new Set() }).map(
    told,
  );
}

describe("A reference on a page", () => {
  test.each([
    ['<a href="/">'],
    ['<a href="/about/">'],
    ['<a href="../about/">'],
    ['<a href="/about/?from=blog#caf%C3%A9">'],
    ['<a href="/about/#a%20b">'],
    ['<a href="#here"><i id="here">'],
    ['<a href="#top">'],
    ['<a href="/blog/broken/">'],
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
    ['<a href="/about/index.html">', "do without. Write /about/."],
    ['<a href="http://site.example/about/#x">', "without https. Write /about/#x."],
    ['<a href="/abuot/">', "leads to nothing in the site. Did you mean /about/?"],
    ['<a href="/about/#caff">', "names no id on /about/. Did you mean #café?"],
    ['<a href="/blog/soon/">', "leads to soon.md, which waits for 2026-06-01."],
    ['<a href="/blog/soon">', "leads to soon.md, which waits for 2026-06-01."],
    [`<a href="/${"x".repeat(5000)}/">`, "leads to nothing"],
  ])("%s is broken: it %s", (html, message) => {
    const broken = brokenOn(html);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/^blog\/index\.html: (the (link|image) "|<)/);
    expect(broken[0]).toContain(message);
  });

  test("in a feed or a sitemap is checked too", () => {
    const xml = `<url><loc>${ORIGIN}/gone/</loc></url><link rel="self" href="${ORIGIN}/feed.xml"/>`;
    expect(listedUrls(xml)).toEqual([`${ORIGIN}/gone/`, `${ORIGIN}/feed.xml`]);
    const paths = new Set(["feed.xml"]);
    const listings = [{ file: "sitemap.xml", urls: [...listedUrls(xml), "/feed.xml"] }];
    const faults = checkLinks({
      origin: ORIGIN,
      paths,
      pages: [],
      listings,
      missing: new Map(),
      inside: new Set(),
    });
    expect(faults.map(told)).toEqual([
      `sitemap.xml: "${ORIGIN}/gone/" in /sitemap.xml: leads to nothing in the site. Correct it, or add what it names.`,
      'sitemap.xml: "/feed.xml" in /sitemap.xml: is not absolute. Write it with | absoluteUrl.',
    ]);
  });
});
