import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { findInPage } from "../../../deploy/core/references/page.ts";

describe("what a page loads", () => {
  test.each<[string, string, readonly string[]]>([
    ["an image", '<img src="a.png">', ["a.png"]],
    ["upper case", '<IMG SRC="a.png">', ["a.png"]],
    ["single quotes", "<img src='a b.png'>", ["a b.png"]],
    ["no quotes", "<img src=a.png alt=x>", ["a.png"]],
    ["no quotes before the end", "<img src=/a/b.png>", ["/a/b.png"]],
    ["a slash at the end", '<img src="a.png"/>', ["a.png"]],
    ["line ends between attributes", '<img\n\talt="x"\n\tsrc\n=\n"a.png"\n>', ["a.png"]],
    ["entities", '<img src="a.png?x=1&amp;y=&#50;">', ["a.png?x=1&y=2"]],
    ["an entity in the path", '<img src="caf&eacute;.png">', ["café.png"]],
    ["the first of two attributes", '<img src="a.png" src="b.png">', ["a.png"]],
    ["a candidate list", '<img srcset="a.png 1x, b.png 2x">', ["a.png", "b.png"]],
    ["video", '<video src="a.mp4" poster="p.jpg">', ["a.mp4", "p.jpg"]],
    ["audio and track", '<audio src="a.ogg"><track src="a.vtt"></audio>', ["a.ogg", "a.vtt"]],
    ["picture", '<picture><source srcset="a.avif"></picture>', ["a.avif"]],
    ["source of a video", '<source src="a.webm">', ["a.webm"]],
    [
      "object, embed, iframe",
      "<object data=a><embed src=b><iframe src=c></iframe>",
      ["a", "b", "c"],
    ],
    ["an image button", '<input type="IMAGE" src="go.png">', ["go.png"]],
    ["no other input", '<input type="text" src="go.png">', []],
    ["a script", '<script src="a.js"></script>', ["a.js"]],
    ["nothing inside a script", "<script>'<img src=\"a.png\">'</script>", []],
    [
      "nothing inside a title or a textarea",
      "<title><img src=a></title><textarea><img src=b></textarea>",
      [],
    ],
    ["nothing inside a comment", '<!-- <img src="a.png"> --><!--><img src="b.png">', ["b.png"]],
    ["nothing inside a template", '<template><img src="{{ x }}"></template><img src="b">', ["b"]],
    ["a template in a template", "<template><template></template><img src=a></template>", []],
    ["a shadow root", '<template shadowrootmode="open"><img src="a"></template>', ["a"]],
    ["a stylesheet", '<link rel="stylesheet" href="a.css">', ["a.css"]],
    ["several relations", '<link rel="Alternate  StyleSheet" href="a.css">', ["a.css"]],
    [
      "icons",
      '<link rel="shortcut icon" href="a.ico"><link rel=apple-touch-icon href=b>',
      ["a.ico", "b"],
    ],
    ["a manifest", '<link rel="manifest" href="site.webmanifest">', ["site.webmanifest"]],
    ["a preloaded image", '<link rel=preload as=image href=a imagesrcset="b 1x">', ["a", "b"]],
    ["no canonical address", '<link rel="canonical" href="/gone/">', []],
    [
      "no feed, and no other site",
      '<link rel=alternate href=f><link rel=preconnect href="//x">',
      [],
    ],
    ["a link without a relation", '<link href="a.css">', []],
    [
      "SVG symbols and images",
      '<svg><use href="a.svg#i"/><image xlink:href="b.png"/></svg>',
      ["a.svg#i", "b.png"],
    ],
    [
      "a script that SVG closes itself",
      '<svg><script href="a.js"/></svg><img src="b">',
      ["a.js", "b"],
    ],
    ["a style attribute", "<p style=\"background:url('a.png')\">", ["a.png"]],
    ["a style attribute with entities", '<p style="background:url(&quot;a.png&quot;)">', ["a.png"]],
    [
      "a style element",
      "<style>@import 'a.css'; p{background:url(b.png)}</style>",
      ["a.css", "b.png"],
    ],
    [
      "a style element of SVG",
      "<svg><style><![CDATA[p{fill:url(a.svg#p)}]]></style></svg>",
      ["a.svg#p"],
    ],
    ["a style element that never ends", "<style>p{background:url(b.png)}", ["b.png"]],
    [
      "no style element in a template",
      "<template><style>p{background:url(b)}</style></template>",
      [],
    ],
    ["no tag that never ends", '<img src="a.png"', []],
    ["noscript", '<noscript><img src="a.png"></noscript>', ["a.png"]],
    ["names of object's own properties", "<constructor src=a><img constructor=b src=c>", ["c"]],
  ])("%s", (_, html, assets) => {
    expect(findInPage(html).assets).toEqual(assets);
  });

  it("is told apart from where it leads to", () => {
    const html = '<a href="/a/">x</a><map><area href="b"></map><a name="x"><svg><a xlink:href="c">';
    expect(findInPage(html)).toMatchObject({ assets: [], links: ["/a/", "b", "c"] });
  });

  it("is relative to the first base that has an address", () => {
    expect(findInPage('<base target=_top><base href="/a/"><base href="/b/">').base).toBe("/a/");
    expect(findInPage('<template><base href="/a/"></template>').base).toBeUndefined();
  });
});

const piece = fc.constantFrom(
  "<",
  ">",
  '"',
  "'",
  "=",
  "&amp",
  "<!--",
  "-->",
  "<style>",
  "<svg>",
  "</",
  "<img src=",
  "(",
  "url(",
);

it("is found in any text whatever", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(piece).map((all) => all.join("")),
      ),
      (html) => {
        expect(Array.isArray(findInPage(html).assets)).toBe(true);
      },
    ),
  );
});
