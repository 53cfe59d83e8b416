import { describe, expect, test } from "vitest";
import { createRenderer } from "../../../site/lib/markdown/render.ts";
import { describeProblem } from "../../../site/lib/problem.ts";
import { anyImage } from "./any-image.ts";

const renderer = createRenderer({ images: anyImage });
const told = (text: string) =>
  renderer({ file: "a.md", text, firstLine: 5 }).problems.map((problem) =>
    describeProblem(problem),
  );

describe("Nothing is said", () => {
  test.each([
    "[words](/about/), [`code`](/about/) and [words][name]\n\n[name]: /about/",
    "[name]\n\n[name]: /about/",
    "[words](</a b/>) and ![words](<./a b.jpg>)",
    "\\[words](/a b/), \\[words] (/about/) and \\[words][name]",
    "`[words](/a b/)`, `**`, `##x` and `[words][name]`",
    "```text\n[words](/a b/) **\n##x\n| a |\n```",
    "From 2 (two) [of three] on, items[0][1], and [sic] (as they say).",
    "Text[^a][^b].\n\n[^a]: One.\n\n[^b]: Two.",
    "#1 is a number, # is a sign, and a \\## is two of them",
    "**bold**, ***both***, 2 * 3 * 4, a\\*\\*b and \\`",
    "## Generic {T}\n\nSet {#} and {# comment #}",
    "A heading\n---\n\nA sentence.\n\n---",
    "> a\n> | b | c |\n> | --- | --- |\n> | 1 | 2 |\n> | \\| | 2 |",
    "a | b\n--- | ---\n1 | 2\n\n- | a | b |\n  | --- | --- |\n  | 1 | |",
    "~~~text\n```\n~~~\n\n- ```ts\n  one\n  ```",
    "```ts\n```",
    '<p title="](x)">[words] text</p>',
    "`code` {x}, ![words](/a.png) and {that}, [a](/b/){}, items[[0]][1] and \\[[ -f x ]]",
    "Page\u00A03 and 5\u00A0%\n– a dash\n\n5\u00A0km",
  ])("of %j", (text) => {
    expect(told(text)).toEqual([]);
  });
});

describe("A mark that became nothing is told with its line", () => {
  test.each([
    ["One\ntwo `three` [five](/a\tb/)", 6, '"[five](/a b/)" has become no link'],
    ["## Two {.wide}", 5, "has {.wide} in it"],
    ["One\n![five](/a.png){width=50%}", 6, "has {width=50%} in it"],
    ["One\n[[five six]]", 6, '"[[five six]]" has become no link'],
    ["#\u00A0One", 5, '"# One" has become no heading'],
    ["One\n##\u00A0Two", 6, "type an ordinary one"],
    ["-\u00A0one\n-\u00A0two", 5, '"- one" has become no point of one'],
    ["1.\u00A0one", 5, "type an ordinary one"],
    ["One five](/a b/)", 5, '"One five](/a b/)" has become no link'],
    ["One\\\n![five](/a b.png)", 6, '"![five](/a b.png)" has become no image'],
    ["- one\n  - ##two", 6, '"##two" has become no heading'],
    ["> one\n> ##two", 6, '"##two" has become no heading'],
    ["- ```ts\n  one\n\ntwo", 5, "has no end"],
    ["> ~~~\n> one\n\ntwo", 5, "has no end. Write ~~~ below"],
    ["one **two", 5, "has a ** that made nothing bold"],
    ["one ** two ** three", 5, "has a ** that made nothing bold"],
    ["one\ntwo ` three", 6, "has a ` that begins no code"],
    ["A whole sentence.\n---\n\nMore.", 5, "is one because of the line of dashes below it"],
    ["Text\n| a | b |\n| - |", 6, "has 2 cells in its head and 1 in the line of dashes"],
    ["> | a |\n> | - |\n> | 1 | 2 |", 7, 'so that "2" is lost'],
  ])("%j", (text, line, message) => {
    const said = told(text);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^a\\.md:${line}: `));
    expect(said[0]).toContain(message);
  });
});
