import { describe, expect, test } from "vitest";
import { createRenderer } from "../../../site/lib/markdown/render.ts";
import { describeProblem } from "../../../site/lib/problem.ts";
import { anyImage } from "./any-image.ts";

const FILE = "site/content/blog/2026-01-10-elements.md";
const renderer = createRenderer({ images: anyImage });
const read = (text: string) => renderer({ file: FILE, text, firstLine: 5 });
const render = (text: string) => read(text).html;
/** Without what another rule says of an image. */
const framed = (text: string) => render(text).replace(/(<img src="[^"]*")[^>]*>/, "$1>");
const problems = (text: string) => read(text).problems.map((problem) => describeProblem(problem));

describe("A footnote", () => {
  const text = "One[^a], two[^b], one again[^a].\n\n[^a]: The *first*.\n\n[^b]: The second.\n";

  test("leads to its text, and its text back to every place that names it", () => {
    const html = render(text);
    const hrefs = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    expect(hrefs).toEqual(["fn_1", "fn_2", "fn_1", "fnref_1", "fnref_1_2", "fnref_2"]);
    expect(ids).toEqual(new Set(hrefs));
  });

  test("says by ear what it is, and where the way back leads", () => {
    const html = render(text);
    expect(html).toContain('role="doc-noteref" aria-label="Footnote 2">2</a></sup>');
    expect(html).toContain(
      '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">',
    );
    expect(html).toContain(
      'role="doc-backlink" aria-label="Back to the text at footnote 1, place 2"',
    );
  });

  test("has an id that no heading can have", () => {
    expect(render("## fn_1\n\nText[^a]\n\n[^a]: Note.")).toContain('<h2 id="fn-1">');
  });

  test("without a text, or that nothing names, is a problem with its line", () => {
    expect(problems("Text.\n\nTwo\nlines[^x].\n\n[^unused]: Never.\n")).toEqual([
      `${FILE}:7: footnote: [^x] has no text. Add a line "[^x]: …", or remove it.`,
      `${FILE}:10: footnote: [^unused]: is named nowhere. Write [^unused] where it belongs, or remove it.`,
    ]);
    expect(problems("`[^x]` in code is none.")).toEqual([]);
  });
});

describe("A callout", () => {
  test.each([
    ["NOTE", "note", "Note"],
    ["TIP", "tip", "Tip"],
    ["WARNING", "warning", "Warning"],
  ])("of the kind %s stands out with its word", (mark, name, word) => {
    expect(render(`> [!${mark}]\n> Text with *marks*.`)).toBe(
      `<div class="callout callout-${name}" role="note">\n<p class="callout-title">${word}</p><p>Text with <em>marks</em>.</p>\n</div>\n`,
    );
  });

  test("may have a title of its own, lists, and another quotation", () => {
    const html = render("> [!TIP] Use `wx`\n>\n> - one\n>\n> > quoted\n");
    expect(html).toContain('<p class="callout-title">Tip: Use <code>wx</code></p>');
    expect(html).toContain("<li>one</li>");
    expect(html).toMatch(/<blockquote>\n<p>quoted<\/p>\n<\/blockquote>\n<\/div>/);
  });

  test("of another kind is a problem with its line", () => {
    expect(problems("Text.\n\n> [!DANGER]\n> Text.")).toEqual([
      `${FILE}:7: callout: [!DANGER] is no kind of callout. Use [!NOTE], [!TIP], [!WARNING].`,
    ]);
  });

  test("is a quotation that begins so, and no other", () => {
    expect(render("> Text [!NOTE]")).toContain("<blockquote>");
    expect(problems("> [a link](/)\n\n[!NOTE]")).toEqual([]);
  });

  test("keeps the line of what stands in it", () => {
    const { places } = read("> [!NOTE] Title\n> [one](/one/)\n> [two](/two/)");
    expect(places.map(({ text, line }) => [text, line])).toEqual([
      ["/one/", 6],
      ["/two/", 7],
    ]);
  });
});

describe("An image", () => {
  test("alone in a paragraph is a figure, its title the caption with its marks", () => {
    expect(framed('![Alt](/a.png "A *caption* with `code`")')).toBe(
      '<figure><img src="/a.png"><figcaption>A <em>caption</em> with <code>code</code></figcaption></figure>\n',
    );
  });

  test("without a title is a figure without a caption, also inside a link", () => {
    expect(framed("[![Alt](/a.png)](/b/)")).toBe(
      '<figure><a href="/b/"><img src="/a.png"></a></figure>\n',
    );
  });

  test("among words, or beside another image, is none", () => {
    expect(render("Look: ![Alt](/a.png)")).toMatch(/^<p>/);
    expect(render("![A](/a.png) ![B](/b.png)")).toMatch(/^<p>/);
  });

  test("cannot leave its caption", () => {
    expect(render('![Alt](/a.png "a < b & \\"c\\"")')).toContain(
      "<figcaption>a &lt; b &amp; “c”</figcaption>",
    );
  });
});

describe("A code fence", () => {
  test("may have a title above it", () => {
    expect(render('```ts title="a <b>.ts"\n1\n```')).toMatch(
      /^<figure class="code" data-language="ts"><figcaption class="code-title">a &lt;b&gt;\.ts<\/figcaption><pre /,
    );
  });

  test("marks lines, and keeps a comment that runs through them whole", () => {
    const html = render("```js {2,4}\n/* a\nb */\nc;\nd;\n```");
    const marked = [...html.matchAll(/<mark class="code-mark">([\s\S]*?)<\/mark>/g)];
    expect(marked.map(([, inside]) => inside?.replace(/<[^>]+>/g, ""))).toEqual(["b */\n", "d;"]);
    expect(html).toContain('<span class="token comment">b */</span>');
    expect(html.replace(/<[^>]+>/g, "")).toBe("/* a\nb */\nc;\nd;\n");
  });

  test.each([
    ["ts {2}", "marks line 2, but has 1. Mark lines that are there."],
    [
      "ts {b}",
      'has {b} behind the language, which means nothing. Write title="name" or lines such as {2,4-5} there, or nothing.',
    ],
    [
      "ts {3-1}",
      'has {3-1} behind the language, which means nothing. Write title="name" or lines such as {2,4-5} there, or nothing.',
    ],
    [
      "ts titel=a",
      'has titel=a behind the language, which means nothing. Write title="name" or lines such as {2,4-5} there, or nothing.',
    ],
  ])("with %s behind it is a problem with its line", (info, message) => {
    expect(problems(`Text.\n\n\`\`\`${info}\n1\n\`\`\``)).toEqual([
      `${FILE}:7: code fence: ${message}`,
    ]);
  });

  test("of Markdown that is an example shows what it becomes, and then its source", () => {
    const { html, problems: found } = read("````markdown example\n> [!TIP]\n> Text[^x].\n````");
    expect(html).toMatch(
      /^<div class="example">\n<div class="example-result">\n<div class="callout /,
    );
    expect(html).toContain('data-language="markdown"');
    expect(found.map(({ line }) => line)).toEqual([7]);
  });
});

test("A table is named by its head", () => {
  expect(render('| a | *b* & "c" | |\n| --- | --- | --- |\n| 1 | 2 | 3 |')).toContain(
    'role="group" aria-label="Table: a, b &amp; “c”" tabindex="0"',
  );
});

test("Things to do carry a mark that is heard", () => {
  const html = render("- [ ] open [link](/a/)\n- [x] done\n- [y] neither\n- plain");
  expect(html).toContain(
    '<li class="task"><span class="task-mark" role="img" aria-label="To do"></span>open <a',
  );
  expect(html).toContain(
    '<span class="task-mark task-done" role="img" aria-label="Done"></span>done',
  );
  expect(html).toContain("<li>[y] neither</li>\n<li>plain</li>");
});

test("Terms stand above what they mean", () => {
  expect(render("Outbox\n: A table of events.")).toBe(
    "<dl>\n<dt>Outbox</dt>\n<dd>A table of events.</dd>\n</dl>\n",
  );
});

test("Quotation marks become typographic in words, and nothing else changes", () => {
  expect(render(`"It's" (c) 2 -- 3... \`"code"\``)).toBe(
    "<p>“It’s” (c) 2 -- 3... <code>&quot;code&quot;</code></p>\n",
  );
});

describe("A link to a content file", () => {
  test.each([
    ["./2026-05-19-other.md", "/blog/other/", "site/content/blog/2026-05-19-other.md"],
    ["2026-05-19-other.md#part", "/blog/other/#part", "site/content/blog/2026-05-19-other.md"],
    ["../about.md", "/about/", "site/content/about.md"],
    ["../a/index.md?x=1", "/a/?x=1", "site/content/a/index.md"],
  ])("%s leads to %s, and the file is noted with its line", (written, address, source) => {
    const { html, places } = read(`Text.\n\n[text](${written})`);
    expect(html).toContain(`<a href="${address}">`);
    expect(places).toContainEqual({ kind: "source", text: source, line: 7 });
    expect(places).toContainEqual({ kind: "link", text: address, line: 7 });
  });

  test.each(["https://a.example/b.md", "/b.md", "//a.example/b.md", "#b.md", "mailto:a@b.md"])(
    "is not what %s is",
    (written) => {
      expect(render(`[text](${written})`)).toContain(`<a href="${written}">`);
    },
  );

  test("outside of the content is a problem with its line", () => {
    expect(problems("[text](../../../README.md)")).toEqual([
      `${FILE}:5: link: "../../../README.md" is no file below site/content/. Name one that is, or write the whole address.`,
    ]);
  });
});
