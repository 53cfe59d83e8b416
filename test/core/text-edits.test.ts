import fc from "fast-check";
import { expect, it } from "vitest";
import { editsBetween } from "../../deploy/core/text-edits.ts";

it.each([
  ["equal texts", "<p>a</p>", "<p>a</p>", []],
  [
    "a word in a long line, with the word before it",
    "<footer><p>© 2025 Naked Coders</p></footer>",
    "<footer><p>© 2026 Naked Coders</p></footer>",
    [{ removed: "© 2025", added: "© 2026" }],
  ],
  [
    "a tag",
    '<link href="/a.1.css">\n<p>x</p>',
    '<link href="/a.2.css">\n<p>x</p>',
    [{ removed: '<link href="/a.1.css">', added: '<link href="/a.2.css">' }],
  ],
  ["a new line", "a\nc\n", "a\nb\nc\n", [{ removed: "", added: "b" }]],
  ["a line that is gone", "a\nb\nc\n", "a\nc\n", [{ removed: "b", added: "" }]],
  [
    "two places",
    "<h1>Old</h1>\n<p>same</p>\n<p>© 2025</p>\n",
    "<h1>New</h1>\n<p>same</p>\n<p>© 2026</p>\n",
    [
      { removed: "Old", added: "New" },
      { removed: "© 2025", added: "© 2026" },
    ],
  ],
  ["white space alone", "a b", "a  b", [{ removed: "a ", added: "a  " }]],
])("%s", (_, before, after, edits) => {
  expect(editsBetween(before, after)).toEqual(edits);
});

const text = fc
  .array(fc.constantFrom("<p>", "</p>", "a", "b", "c", " ", "\n", "<"), { maxLength: 60 })
  .map((parts) => parts.join(""));

it("says nothing exactly when nothing changed", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(editsBetween(before, after).length === 0).toBe(before === after);
    }),
  );
});

it("names only what is there: the removed in the old text, the added in the new one", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      for (const { removed, added } of editsBetween(before, after)) {
        expect(before).toContain(removed);
        expect(after).toContain(added);
        expect(removed).not.toBe(added);
      }
    }),
  );
});

it("finds one replaced word, wherever it stands", () => {
  fc.assert(
    fc.property(text, text, (start, end) => {
      const edits = editsBetween(`${start}<b>OLD</b>${end}`, `${start}<b>NEW</b>${end}`);
      expect(edits).toEqual([{ removed: "OLD", added: "NEW" }]);
    }),
  );
});

it("takes no longer than a blink for a megabyte without line ends", () => {
  const words = (seed: number) =>
    Array.from({ length: 150_000 }, (_, i) => `w${(i * seed) % 977}`).join(" ");
  const started = performance.now();
  editsBetween(words(7), words(11));
  expect(performance.now() - started).toBeLessThan(2000);
});
