import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMarkdown, slugify } from "../../site/lib/markdown.ts";
import { outlineOf } from "../../site/lib/outline.ts";
import { SiteError } from "../../site/lib/problem.ts";

const markdown = createMarkdown();

describe("A heading", () => {
  test("carries an id and links to itself", () => {
    expect(markdown.render("## What *it* costs")).toBe(
      '<h2 id="what-it-costs"><a class="heading-link" href="#what-it-costs">What <em>it</em> costs</a></h2>\n',
    );
  });

  test("gets a number when another of the same words came before, also one that looks numbered", () => {
    const ids = [...markdown.render("## A\n## A\n## A 2\n## A").matchAll(/id="([^"]+)"/g)];
    expect(ids.map(([, id]) => id)).toEqual(["a", "a-2", "a-2-2", "a-3"]);
  });

  test("that is itself a link keeps its own link", () => {
    expect(markdown.render("## [Home](/)")).toBe('<h2 id="home"><a href="/">Home</a></h2>\n');
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
    expect(outlineOf(markdown.render("## One `x` & y\n### Deeper\n## Two"))).toEqual([
      { id: "one-x-y", text: "One x &amp; y" },
      { id: "two", text: "Two" },
    ]);
  });
});

describe("A code fence", () => {
  test("is highlighted with classes and no styles", () => {
    const html = markdown.render("```ts\nconst a = 1;\n```");
    expect(html).toContain('<div class="code" data-language="ts"><pre class="language-ts"');
    expect(html).toContain('<span class="token keyword">const</span>');
    expect(html).not.toContain("style=");
  });

  test.each(["", "text", "html", "js"])("in the language %o never lets markup through", (name) => {
    const html = markdown.render(`\`\`\`${name}\n<img src=x onerror=alert(1)>\n\`\`\``);
    expect(html).not.toContain("<img");
    expect(html.replace(/<[^>]+>/g, "")).toContain("&lt;img src=x onerror=alert(1)");
  });

  test("in an unknown language is refused with the file that has it", () => {
    const render = () =>
      markdown.render("```klingon\nx\n```", { page: { inputPath: "./site/content/a.md" } });
    expect(render).toThrow(SiteError);
    expect(render).toThrow(/^site\/content\/a\.md: code fence: .+"klingon"/);
  });
});

test("A table scrolls by itself and can be reached with the keyboard", () => {
  expect(markdown.render("| a |\n| - |\n| 1 |")).toMatch(
    /^<div class="table-scroll" role="group" aria-label="Table" tabindex="0">\n<table>[\s\S]+<\/table>\n<\/div>\n$/,
  );
});
