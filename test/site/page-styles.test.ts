import { expect, test } from "vitest";
import { markedStyle, styleMark, withStyles } from "../../site/lib/page-styles.ts";

const STYLES = new Map([
  ["site.css", "body{color:red}"],
  ["money.css", "a::before{content:'$&$1'}"],
]);

const page = (...styles: readonly string[]) =>
  `<head>${styles.map((text) => `<style>${text}</style>`).join("")}</head><body>`;

test("A page gets the text of each stylesheet that it names, as it stands", () => {
  const marked = page(styleMark("site.css"), styleMark("money.css"));
  expect(withStyles(marked, STYLES)).toBe(page("body{color:red}", "a::before{content:'$&$1'}"));
});

test("What is no mark stays as it is: other styles, unknown names, marks in the text of a page", () => {
  const other = page("p{}", "/*site.css*/p{}", styleMark("gone.css"));
  const text = `${other}<pre>&lt;style></pre><style>${styleMark("site.css")}</style></body>`;
  expect(withStyles(text, STYLES)).toBe(text);
  expect(withStyles("no page", STYLES)).toBe("no page");
});

test("A mark tells the name that it was made of, and nothing else is one", () => {
  expect(markedStyle(styleMark("site.css"))).toBe("site.css");
  expect(markedStyle("/*site.css*/ ")).toBeUndefined();
  expect(markedStyle("/* a note */")).toBeUndefined();
});
