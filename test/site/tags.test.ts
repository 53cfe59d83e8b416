import { expect, test } from "vitest";
import { tagLabel, topicsOf } from "../../site/lib/tags.ts";

test("A tag reads as words, with abbreviations in capitals", () => {
  expect(tagLabel("open-source")).toBe("open source");
  expect(tagLabel("static-sites-on-aws")).toBe("static sites on AWS");
});

test("Topics come in alphabetical order, and keep the order of their posts", () => {
  const [newer, older] = [{ data: { tags: ["b", "a"] } }, { data: { tags: ["b"] } }];
  expect(topicsOf([newer, older, { data: {} }])).toEqual([
    { tag: "a", posts: [newer] },
    { tag: "b", posts: [newer, older] },
  ]);
});
