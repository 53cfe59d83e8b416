import fc from "fast-check";
import { expect, it, test } from "vitest";
import { findInStylesheet } from "../../../deploy/core/references/stylesheet.ts";

test.each<[string, string, readonly string[]]>([
  ["without quotes", "p{background:url(a.png)}", ["a.png"]],
  ["with white space", "p{background:url(\n  a.png\t)}", ["a.png"]],
  ["in double quotes", 'p{background:url("a b.png")}', ["a b.png"]],
  ["in single quotes", "p{background:url( 'a(1).png' )}", ["a(1).png"]],
  ["in upper case", "p{background:URL(a.png)}", ["a.png"]],
  ["several", "p{background:url(a.png),url(b.png)}", ["a.png", "b.png"]],
  ["with an escaped space", "p{background:url(a\\ b.png)}", ["a b.png"]],
  ["with an escaped parenthesis", "p{background:url(a\\).png)}", ["a).png"]],
  ["with hex escapes", "p{background:url('caf\\e9.png'),url(\\61 b.png)}", ["café.png", "ab.png"]],
  ["with six hex digits", "p{background:url(\\000061b.png)}", ["ab.png"]],
  ["with an escape that is no character", "p{background:url(\\110000 a)}", ["\ufffda"]],
  ["with a line that goes on", 'p{background:url("a\\\nb.png")}', ["ab.png"]],
  ["behind an escaped name", "p{background:u\\72l(a.png)}", ["a.png"]],
  [
    "imported",
    '@import "a.css";@import url(b.css) screen;@import url("c.css");',
    ["a.css", "b.css", "c.css"],
  ],
  ["imported into a layer", '@IMPORT "a.css" layer(base) supports(display: grid);', ["a.css"]],
  ["behind an import's own strings", '@import "a.css" supports(content: "b.css");', ["a.css"]],
  ["of an image set", "p{background:image-set('a.png' 1x, url(b.png) 2x)}", ["a.png", "b.png"]],
  ["of a prefixed image set", "p{background:-webkit-image-set('a.png' 1x)}", ["a.png"]],
  [
    "not the type in an image set",
    "p{background:image-set('a.avif' type('image/avif'))}",
    ["a.avif"],
  ],
  ["of a font", "@font-face{src:local('x'),url('f.woff2?#x') format('woff2')}", ["f.woff2?#x"]],
  [
    "with a comma and a semicolon",
    "p{background:url(data:image/png;base64,AA==)}",
    ["data:image/png;base64,AA=="],
  ],
  ["at the text's end", "p{background:url(a.png", ["a.png"]],
  ["at the text's end, in quotes", 'p{background:url("a.png', ["a.png"]],
  ["with modifiers", 'p{background:url("a.png" cross-origin(anonymous))}', ["a.png"]],
  ["none in a comment", "/* url(a.png) */p{}/*/ url(b) */ q{background:url(c)}", ["c"]],
  ["none in a comment without an end", "/* url(a.png)", []],
  ["none in a string", "p{content:'url(a.png)'}", []],
  ["none of a longer name", "p{x:my-url(a.png);y:1url(b.png)}", []],
  ["none without a parenthesis", "p{background:url (a.png)}", []],
  ["none that is bad", "p{background:url(a b.png)}q{background:url(c.png)}", ["c.png"]],
  ["none with a quote inside", "p{background:url(a'b.png)}", []],
  ["none whose string breaks off", 'p{background:url("a\nb.png")}q{background:url(c)}', ["c"]],
  [
    "none of a namespace",
    "@namespace svg url(http://www.w3.org/2000/svg);p{background:url(a)}",
    ["a"],
  ],
  ["none of a charset", '@charset "utf-8";', []],
  ["in a custom property", ":root{--x:url(a.png)}", ["a.png"]],
  ["nested", "@media print{p{&:hover{background:url(a.png)}}}", ["a.png"]],
  ["marked as data", "<![CDATA[p{background:url(a.png)}]]>", ["a.png"]],
])("an address %s", (_, css, found) => {
  expect(findInStylesheet(css)).toEqual(found);
});

const piece = fc.constantFrom(
  "url(",
  "'",
  '"',
  "\\",
  "\n",
  ")",
  "(",
  "/*",
  "*/",
  "@import ",
  "a",
  ";",
  "image-set(",
);

it("reads any text whatever", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, (css) => {
      expect(Array.isArray(findInStylesheet(css))).toBe(true);
    }),
  );
});

it("finds whatever is put into a string", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (url) => {
      const escaped = [...url].map((character) => `\\${character.codePointAt(0)?.toString(16)} `);
      fc.pre(!url.includes("\0"));
      expect(findInStylesheet(`p{background:url("${escaped.join("")}")}`)).toEqual([url]);
    }),
  );
});
