import { describe, expect, test } from "vitest";
import { createRenderer } from "../../../site/lib/markdown/render.ts";
import { createSources } from "../../../site/lib/sources.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { anyImage } from "./any-image.ts";

const renderer = createRenderer({ images: anyImage });
const placesOf = (text: string, firstLine = 1) =>
  renderer({ file: "a.md", text, firstLine }).places.map(
    ({ kind, text: what, line }) => `${line} ${kind} ${what.trim()}`,
  );

describe("The places of a text", () => {
  test("are told in its order, with the lines of the file", () => {
    const text = [
      "# One `two`",
      "",
      "A [link](/a/) and",
      "![picture](b.png), then",
      "<b>bold</b> and [another][ref].",
      "",
      "> - [deep](/deep/)",
      "",
      "```ts",
      "[not a link](/x/)",
      "```",
      "",
      "<div>",
      "text",
      "</div>",
      "",
      "[ref]: /ref/",
    ].join("\n");
    expect(placesOf(text, 10)).toEqual([
      "10 heading One two",
      "12 link /a/",
      "13 image b.png",
      "14 html <b>",
      "14 html </b>",
      "14 link /ref/",
      "16 link /deep/",
      "18 fence ts",
      "22 html <div>\ntext\n</div>",
    ]);
  });

  test("in a table are those of its rows", () => {
    expect(placesOf("| a |\n| - |\n| [b](/b/) |\n| [c](/c/) |")).toEqual([
      "3 link /b/",
      "4 link /c/",
    ]);
  });

  test("do not count the links that headings get to themselves", () => {
    expect(placesOf("## A")).toEqual(["1 heading A"]);
  });
});

describe("The first line of a text below its front matter", () => {
  test.each([
    ["no front matter", "Text.", "Text.", 1],
    ["three lines of it", "---\na: 1\n---\nText.", "Text.", 4],
    ["lines that end as on Windows", "---\r\na: 1\r\n---\r\nText.\r\n", "Text.\r\n", 4],
    ["a byte order mark", "\uFEFF---\na: 1\n---\nText.", "Text.", 4],
    ["empty lines before the text", "---\na: 1\n---\n\n\nText.", "\n\nText.", 4],
    ["nothing below it", "---\na: 1\n---\n", "", 4],
    ["a text that a template made", "---\na: 1\n---\n{{ x }}", "1", 1],
  ])("is right with %s", async (_name, source, text, line) => {
    const folder = await tempFolder({ "a.md": source });
    expect(createSources().firstLineOf(text, `${folder}/a.md`)).toBe(line);
  });
});
