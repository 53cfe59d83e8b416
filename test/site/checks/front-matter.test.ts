import { describe, expect, test } from "vitest";
import { parseBlock, readFields } from "../../../site/lib/checks/front-matter.ts";
import { readFrontMatter } from "../../../site/lib/schema.ts";

const FILE = "site/content/blog/2026-06-01-a.md";

/** The day as the checks see it, and as layouts do. */
function daysOf(written: string) {
  const block = `date${written}\ntitle: x\n`;
  const source = `---\n${block}---\nText.\n`;
  const parsed = readFields(FILE, source);
  const fields = parsed.kind === "fields" ? parsed.fields : {};
  return {
    checked: readFrontMatter(source, fields).date,
    shown: (parseBlock(block) as Readonly<Record<string, unknown>>).date,
  };
}

describe("The day of an article", () => {
  test.each([": 2026-06-01", ': "2026-06-01"', ": '2026-06-01' # a Monday", ":\n  2026-06-01"])(
    "is a day when it is written as date%j",
    (written) => {
      expect(daysOf(written)).toEqual({
        checked: "2026-06-01",
        shown: new Date("2026-06-01T00:00:00Z"),
      });
    },
  );

  test.each([": 2026-02-30", ': "2026-02-30"', ":\n  2026-02-30"])(
    "is checked as it is written, and not as YAML reads it: date%j",
    (written) => {
      expect(daysOf(written).checked).toBe("2026-02-30");
    },
  );

  test("is missing where nothing is written", () => {
    expect(daysOf(":").checked).toBe(null);
  });
});
