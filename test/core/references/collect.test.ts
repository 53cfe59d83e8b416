import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { objectKey } from "../../../deploy/core/keys.ts";
import { createReferenceCollector } from "../../../deploy/core/references/collect.ts";
import { runs } from "../../support/slow-tests.ts";

const SITE = "https://www.site.example";

function targetsOf(files: Readonly<Record<string, string>>, url?: string) {
  const collector = createReferenceCollector(url);
  for (const [name, text] of Object.entries(files)) collector.read(objectKey(name), text);
  const { assets, links } = collector.collected();
  return { assets: Object.fromEntries(assets), links: Object.fromEntries(links) };
}

const assetOn = (key: string, url: string, head = "") =>
  Object.keys(targetsOf({ [key]: `${head}<img src="${url}">` }, SITE).assets);

describe("an address on a page", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["from the root", "blog/index.html", "/a/x.png", ["a/x.png"]],
    ["relative to the page", "blog/index.html", "x.png", ["blog/x.png"]],
    ["relative to a page that is no folder", "blog/post.html", "x.png", ["blog/x.png"]],
    ["upwards", "blog/a/index.html", "../x.png", ["blog/x.png"]],
    ["upwards beyond the root", "index.html", "../../x.png", ["x.png"]],
    ["with dots in between", "index.html", "/a/./b/../x.png", ["a/x.png"]],
    ["with a query and a fragment", "index.html", "/x.png?v=1#a?b", ["x.png"]],
    ["with percent-encoding", "index.html", "/caf%C3%A9%20%25.png", ["café %.png"]],
    ["without it", "index.html", "/café x.png", ["café x.png"]],
    ["in a folder with odd characters", "a%b #c/index.html", "x.png", ["a%b #c/x.png"]],
    ["that cannot be decoded", "index.html", "/50%.png", ["50%.png"]],
    ["with white space around", "index.html", "  /x.png\n", ["x.png"]],
    ["with a backslash", "index.html", "\\x.png", ["x.png"]],
    ["of the site itself", "index.html", `${SITE}/x.png`, ["x.png"]],
    ["of the site over http", "index.html", "http://www.site.example/x.png", ["x.png"]],
    ["of the site in upper case", "index.html", "HTTPS://WWW.Site.example/x.png", ["x.png"]],
    ["of the site without a protocol", "index.html", "//www.site.example/x.png", ["x.png"]],
    ["of another site", "index.html", "https://cdn.example/x.png", []],
    ["of another site without a protocol", "index.html", "//cdn.example/x.png", []],
    ["of another port", "index.html", `${SITE}:8443/x.png`, []],
    ["that is data", "index.html", "data:image/png;base64,AA", []],
    ["of another protocol", "index.html", "mailto:a@b.example", []],
    ["that is only a fragment", "index.html", "#icon", []],
    ["that is only a query", "index.html", "?x", []],
    ["that is empty", "index.html", "", []],
    ["that is none", "index.html", "https://", []],
    ["still to be filled in", "index.html", "/{{ item.image }}", []],
  ])("%s", (_, key, url, expected) => {
    expect(assetOn(key, url)).toEqual(expected);
  });

  test.each<[string, string, string, readonly string[]]>([
    ["a folder", '<base href="/en/">', "x.png", ["en/x.png"]],
    ["a relative folder", '<base href="en/">', "x.png", ["blog/en/x.png"]],
    ["no matter from the root", '<base href="/en/">', "/x.png", ["x.png"]],
    ["another site", '<base href="https://cdn.example/">', "x.png", []],
    ["another site, from the root", '<base href="https://cdn.example/">', "/x.png", []],
    ["another site, and back", '<base href="https://cdn.example/">', `${SITE}/x.png`, ["x.png"]],
    ["no address", '<base href="https://">', "x.png", ["blog/x.png"]],
  ])("relative to %s", (_, head, url, expected) => {
    expect(assetOn("blog/index.html", url, head)).toEqual(expected);
  });

  it("of the site itself is unknown when nobody said where the site is", () => {
    expect(
      targetsOf({ "index.html": `<img src="${SITE}/x.png"><img src="y.png">` }).assets,
    ).toEqual({ "y.png": "index.html" });
  });
});

it("reads pages, stylesheets and web manifests, and nothing else", () => {
  const files = {
    "a.html": '<img src="1"><a href="2">',
    "css/b.CSS": "p{background:url(3)}",
    "site.webmanifest": `\ufeff${JSON.stringify({
      icons: [{ src: "4" }, { src: 5 }, null],
      screenshots: [{ src: "6" }],
      shortcuts: [{ icons: [{ src: "7" }] }, {}],
    })}`,
    "manifest.json": JSON.stringify({ icons: { 16: "8" } }),
    "broken/manifest.json": "{",
    "c.js": 'img.src="9"',
    "d.svg": '<image href="10">',
  };
  expect(targetsOf(files)).toEqual({
    assets: {
      "1": "a.html",
      "css/3": "css/b.CSS",
      "4": "site.webmanifest",
      "6": "site.webmanifest",
      "7": "site.webmanifest",
    },
    links: { "2": "a.html" },
  });
});

it("names the same file whatever the order", () => {
  const page = '<img src="/a.png">';
  const files = { "b.html": page, "a.html": page, "c.html": page };
  expect(targetsOf(files).assets).toEqual({ "a.png": "a.html" });
});

it("wants only what it reads", () => {
  const { wants } = createReferenceCollector(undefined);
  const keys = ["a.html", "a.htm", "a.xhtml", "a.css", "a.webmanifest", "x/manifest.json"];
  expect(keys.map(objectKey).map(wants)).not.toContain(false);
  expect(["a.js", "a.json", "manifest.json.txt"].map(objectKey).map(wants)).not.toContain(true);
});

it("takes any text whatever", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("a.html", "a.css", "a.webmanifest"),
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      (key, text, base) => {
        targetsOf(
          { [key]: `${text}<base href="${text}"><img src="${text}"><img srcset="${text}">` },
          base,
        );
      },
    ),
  );
});

/** One of them would take minutes if any part looked back, and a tenth of it still many seconds. */
test.each([
  "<",
  "(",
  "<b ",
  "<b>",
  "</b>",
  "<template>",
  "<svg>",
  "url(",
  "url( ",
  "\\",
  "'",
  "/*",
  "&amp",
  "&",
  "@import ",
  "a,",
  "<!--",
  "<![CDATA[",
  "{{",
])("a million characters of %j take no more than a moment", (piece) => {
  const text = piece.repeat(Math.ceil(runs(1_000_000) / piece.length));
  const started = performance.now();
  targetsOf({
    "a.html": text,
    "b.html": `<style>${text}</style><p style="${text}"><img src="${text}" srcset="${text}">`,
    "c.css": text,
    "d.webmanifest": text,
  });
  expect(performance.now() - started).toBeLessThan(5000);
});
