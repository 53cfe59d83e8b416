import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slugify } from "../../../site/lib/markdown/headings.ts";
import { createRenderer } from "../../../site/lib/markdown/render.ts";
import { outlineOf } from "../../../site/lib/outline.ts";
import { describeProblem } from "../../../site/lib/problem.ts";
import { anyImage } from "./any-image.ts";

const renderer = createRenderer({ images: anyImage });
const render = (text: string) => renderer({ file: "a.md", text, firstLine: 1 }).html;

describe("A heading", () => {
  test("carries an id and links to itself", () => {
    expect(render("## What *it* costs")).toBe(
      '<h2 id="what-it-costs"><a class="heading-link" href="#what-it-costs">What <em>it</em> costs</a></h2>\n',
    );
  });

  test("gets a number when another of the same words came before, also one that looks numbered", () => {
    const ids = [...render("## A\n## A\n## A 2\n## A").matchAll(/id="([^"]+)"/g)];
    expect(ids.map(([, id]) => id)).toEqual(["a", "a-2", "a-2-2", "a-3"]);
  });

  test("that is itself a link keeps its own link", () => {
    expect(render("## [Home](/)")).toBe('<h2 id="home"><a href="/">Home</a></h2>\n');
  });

  test("has an id of letters, digits and dashes, whatever it says", () => {
    expect(slugify("Café déjà-vu: we've 2!")).toBe("cafe-deja-vu-weve-2");
    expect(slugify("日本")).toBe("section");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(slugify(text)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      }),
    );
  });

  test("of the second level is in the outline, in order and without markup", () => {
    expect(outlineOf(render("## One `x` & y\n### Deeper\n## Two"))).toEqual([
      { id: "one-x-y", text: "One x &amp; y" },
      { id: "two", text: "Two" },
    ]);
  });
});

describe("A code fence", () => {
  test("is highlighted with classes and no styles", () => {
    const html = render("```ts\nconst a = 1;\n```");
    expect(html).toContain('<div class="code" data-language="ts"><pre class="language-ts"');
    expect(html).toContain('<span class="token keyword">const</span>');
    expect(html).toContain("</span> a = <span");
    expect(html).not.toContain("punctuation");
    expect(html).not.toContain("style=");
  });

  test.each(["", "text", "html", "js"])("in the language %o never lets markup through", (name) => {
    const html = render(`\`\`\`${name}\n<img src=x onerror=alert(1)>\n\`\`\``);
    expect(html).not.toContain("<img");
    expect(html.replace(/<[^>]+>/g, "")).toContain("&lt;img src=x onerror=alert(1)");
  });

  test("in an unknown language is a problem with its line, and is shown as plain text", () => {
    const text = "Text.\n\n- item\n\n  ```klingon\n  <x>\n  ```\n\n```nonsense\n```";
    const output = renderer({ file: "site/content/a.md", text, firstLine: 9 });
    expect(output.problems.map(describeProblem)).toEqual([
      'site/content/a.md:13: code fence: the highlighter knows no language "klingon". Use another name, or "text".',
      'site/content/a.md:17: code fence: the highlighter knows no language "nonsense". Use another name, or "text".',
    ]);
    expect(output.html).toContain("&lt;x&gt;");
  });
});

test("A table scrolls by itself and can be reached with the keyboard", () => {
  expect(render("| a |\n| - |\n| 1 |")).toMatch(
    /^<div class="table-scroll" role="group" aria-label="Table: a" tabindex="0">\n<table>[\s\S]+<\/table>\n<\/div>\n$/,
  );
});
