import { expect, it } from "vitest";
import { codeBlock, codeLink, inlineCode, withinBytes } from "../../deploy/cli/markdown.ts";

it.each([
  ["a plain name", "about/index.html", "`about/index.html`"],
  ["a backtick inside", "a`b", "``a`b``"],
  ["backticks at the edges", "`a`", "`` `a` ``"],
  ["a run of backticks", "a```b", "````a```b````"],
  ["a space at an edge", " a", "`  a `"],
  ["nothing", "", "`   `"],
  ["a line end", "a\n# b", "`a\\u000a# b`"],
  ["a line end of another script", "a\u2028b", "`a\\u2028b`"],
  ["text that runs backwards", "a\u202Elmth.b", "`a\\u202elmth.b`"],
  ["HTML, a mention and a table cell", "<b>|@mira", "`<b>|@mira`"],
])("%s stays inside inline code", (_, text, code) => {
  expect(inlineCode(text)).toBe(code);
});

it("a block of code cannot be ended from inside", () => {
  expect(codeBlock(["a", "```", "b\r\n@mira"])).toEqual([
    "````text",
    "a",
    "```",
    "b",
    "@mira",
    "````",
  ]);
});

it("a link's address cannot be ended from inside", () => {
  expect(codeLink("a)b", "https://a.example/a)b|c>d e")).toBe(
    "[`a)b`](https://a.example/a%29b%7Cc%3Ed%20e)",
  );
});

it("lines are taken whole, as long as they fit", () => {
  expect(withinBytes(["ab", "cd", "ef"], 6)).toEqual({ lines: ["ab", "cd"], left: 1 });
  expect(withinBytes(["äb"], 3)).toEqual({ lines: [], left: 1 });
  expect(withinBytes([], 0)).toEqual({ lines: [], left: 0 });
});
