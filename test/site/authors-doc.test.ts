import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import allSeries from "../../site/_data/allSeries.ts";
import allTags from "../../site/_data/allTags.ts";
import authors from "../../site/_data/authors.ts";
import { createRenderer } from "../../site/lib/markdown/render.ts";
import { checkFrontMatter } from "../../site/lib/schema.ts";
import { anyImage } from "./markdown/any-image.ts";

const root = new URL("../../", import.meta.url);
const page = await readFile(new URL("docs/authors.md", root), "utf8");
const guide = await readFile(new URL("site/content/inside/style-guide.md", root), "utf8");

const examples = [...page.matchAll(/^(`{3,})markdown\n([\s\S]*?)\n\1$/gm)].map(
  ([, , text]) => text ?? "",
);
const fields = [...page.matchAll(/^\| `(\w+)` \| (must|may) \| (must|may)? ?\|/gm)].map(
  ([, name = "", inPosts, inPages]) => ({ name, inPosts, inPages }),
);

const POST = "site/content/blog/2026-01-10-a.md";
const PAGE = "site/content/a.md";

const [author] = Object.keys(authors);
const [series = "nothing-lost"] = Object.keys(allSeries);

const VALUES: Readonly<Record<string, unknown>> = {
  title: "A title",
  description: "A description.",
  date: "2026-01-10",
  updated: "2026-01-11",
  tags: [allTags[0] ?? "testing"],
  author,
  series,
  draft: true,
  aliases: ["/old/"],
};

const without = (names: readonly string[]) =>
  Object.fromEntries(Object.entries(VALUES).filter(([name]) => !names.includes(name)));
const wrong = (file: string, values: Readonly<Record<string, unknown>>) =>
  checkFrontMatter(file, values).map(({ field }) => field);

describe("The table of fields in docs/authors.md", () => {
  test("has every field that an article may have", () => {
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(VALUES));
    expect(wrong(POST, VALUES)).toEqual([]);
  });

  test.each(fields)("says of $name whether it must be there", ({ name, inPosts, inPages }) => {
    expect(wrong(POST, without([name])).includes(name)).toBe(inPosts === "must");
    const inPage = Object.fromEntries(
      fields.filter((field) => field.inPages).map((field) => [field.name, VALUES[field.name]]),
    );
    expect(wrong(PAGE, inPage)).toEqual([]);
    const { [name]: _, ...others } = inPage;
    expect(wrong(PAGE, others).includes(name)).toBe(inPages === "must");
    expect(wrong(PAGE, { ...inPage, [name]: VALUES[name] }).includes(name)).toBe(!inPages);
  });
});

describe("The examples in docs/authors.md", () => {
  const render = createRenderer({ images: anyImage });

  test("are right, each of them", () => {
    expect(examples.length).toBeGreaterThan(6);
    for (const text of examples) {
      expect(render({ file: POST, text, firstLine: 1 }).problems).toEqual([]);
    }
  });

  test("show every element that has syntax of its own", () => {
    const html = examples.map((text) => render({ file: POST, text, firstLine: 1 }).html).join("\n");
    for (const element of [
      "callout-note",
      "callout-tip",
      "callout-warning",
      "footnotes",
      "code-title",
      "code-mark",
      "table-scroll",
      "task-done",
      "<dl>",
      "<figcaption>",
    ]) {
      expect(html).toContain(element);
    }
  });

  test("of callouts and footnotes are those of the style guide", () => {
    for (const text of examples.filter((example) => /\[!|\[\^/.test(example))) {
      expect(guide).toContain(text);
    }
  });
});
