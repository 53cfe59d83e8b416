import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawable, layOutTitle, wrapped } from "../../../site/lib/cards/layout.ts";

/** Every letter is half as wide as it is high. */
const measure = (text: string, size: number) => [...text].length * size * 0.5;
const hasLatin = (char: string) => /[\x20-\x7e…é]/.test(char);

describe("The title of a card", () => {
  test.each([
    ["a short one is large", "Services", 92, 1],
    [
      "a usual one takes three lines",
      "Deploy a static site without torn releases to the web",
      80,
      3,
    ],
    ["a long one is small", "word ".repeat(24).trim(), 60, 4],
  ])("%s", (_name, title, size, lines) => {
    const block = layOutTitle(title, 1040, measure);
    expect([block.size, block.lines.length]).toEqual([size, lines]);
    expect(block.lines.join(" ")).toBe(title);
  });

  test("ends with an ellipsis when it fits in no size", () => {
    const { lines } = layOutTitle("word ".repeat(200).trim(), 1040, measure);
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toMatch(/…$/);
  });

  test("never leaves its column, whatever the words", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 60 }), { maxLength: 30 }),
        (words) => {
          const { size, lines } = layOutTitle(words.join(" "), 1040, measure);
          for (const line of lines) expect(measure(line, size)).toBeLessThanOrEqual(1040);
          expect(lines.length).toBeLessThanOrEqual(5);
        },
      ),
    );
  });

  test("is cut with its ellipsis inside the width", () => {
    const lines = wrapped("aaaa bbbb cccc", { width: 5, mostLines: 1 }, (text) => text.length);
    expect(lines).toEqual(["aaaa…"]);
  });
});

describe("Text on a card", () => {
  test.each([
    ["keeps what the typeface has", "Café  au lait", "Café au lait"],
    ["loses an accent that it lacks", "Ǎ plan", "A plan"],
    ["loses pictures", "Ship it 🚀 now", "Ship it now"],
    ["is nothing when most of it would be lost", "日本語の題名 a", undefined],
    ["is nothing when nothing is there", "  ", undefined],
    ["cannot break a line", "one\ntwo\u2028three", "one two three"],
  ])("%s", (_name, text, expected) => {
    expect(drawable(text, hasLatin)).toBe(expected);
  });
});
