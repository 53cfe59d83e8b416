import { describe, expect, test } from "vitest";
import { checkFileNames } from "../../../site/lib/checks/file-names.ts";

const STATIC = "site/assets/static";
const told = (files: readonly string[], made: readonly string[] = []) =>
  checkFileNames(files, made).map(({ file, message }) => `${file}: ${message}`);

describe("The name of a file", () => {
  test.each([
    "prices-2026.pdf",
    "BingSiteAuth.xml",
    "icon@2x.png",
    "a_b~c.txt",
    "straße.pdf",
    "価格.pdf",
    ".well-known/security.txt",
    ".well-known/apple-app-site-association",
    "con-ference.pdf",
    "auxiliary.txt",
  ])("may be %s", (name) => {
    expect(told([`${STATIC}/${name}`])).toEqual([]);
  });

  test.each([
    ["a b.pdf", "a space"],
    ["a\u00a0b.pdf", "U+00A0"],
    ["a\tb.pdf", "U+0009"],
    ["a\u200bb.pdf", "U+200B"],
    ["a#b.pdf", "#"],
    ["a?b.pdf", "?"],
    ["a&b.pdf", "&"],
    ["a+b.pdf", "+"],
    ["a\\b.pdf", "\\"],
    ['a"b.pdf', '"'],
    ["a/b c/d.pdf", "a space"],
    ["CON", "Windows"],
    ["lpt1.tar.gz", "Windows"],
    ["a./b.pdf", "dot"],
    [".slipway/x.txt", "Slipway"],
    ["README", "no ending"],
    ["well-known/x", "no ending"],
  ])("may not be %j", (name, says) => {
    const found = told([`${STATIC}/${name}`]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  test("of a text, and of its folders, is judged with it", () => {
    expect(told(["site/content/Our Team.md", "site/content/blog/2026-01-10-x.md"])).toEqual([]);
    expect(told(["site/content/our team/x.md"])).toEqual([]);
  });

  test("of a folder counts once for each file in it, and not for what is below", () => {
    expect(told([`${STATIC}/Docs/a.pdf`, `${STATIC}/docs/A.pdf`, `${STATIC}/docs/b.pdf`])).toEqual([
      `${STATIC}/docs/A.pdf: differs from ${STATIC}/Docs in capital letters alone`,
      `${STATIC}/docs/b.pdf: differs from ${STATIC}/Docs in capital letters alone`,
    ]);
  });

  test.each([
    "about.md",
    "index.njk",
    "blog.11tydata.ts",
    "a/a.11tydata.json",
    "blog/desk.JPG",
    "blog/desk.svg",
  ])("may be %s below the content", (name) => {
    expect(told([`site/content/${name}`])).toEqual([]);
  });

  test("may be that of nothing else that is published, in any case", () => {
    const made = ["index.html", "robots.txt"];
    expect(told([`${STATIC}/Index.html`, `${STATIC}/a/robots.txt`], made)).toEqual([
      `${STATIC}/Index.html: would take the place of /index.html, which the build makes`,
    ]);
    expect(told(["site/content/index.njk"], made)).toEqual([]);
  });
});
