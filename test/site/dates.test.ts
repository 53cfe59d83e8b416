import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCalendarDay, longDate, parseNow, timestamp } from "../../site/lib/dates.ts";
import { readingMinutes, statusOf } from "../../site/lib/posts.ts";

describe("A day", () => {
  test.each([
    ["2026-02-28", true],
    ["2024-02-29", true],
    ["2026-02-29", false],
    ["2026-13-01", false],
    ["2026-1-1", false],
    ["soon", false],
  ])("%s is in the calendar: %s", (text, expected) => {
    expect(isCalendarDay(text)).toBe(expected);
  });

  test("reads the same in every time zone", () => {
    const lateEvening = new Date("2026-03-07T23:59:00Z");
    expect(longDate(lateEvening)).toBe("7 March 2026");
    expect(timestamp(lateEvening)).toBe("2026-03-07T00:00:00Z");
  });
});

describe("The clock of a build", () => {
  test.each([
    ["2026-03-07", "2026-03-07T00:00:00.000Z"],
    ["2026-03-07T10:30:00Z", "2026-03-07T10:30:00.000Z"],
    ["2026-03-07T10:30:00+02:00", "2026-03-07T08:30:00.000Z"],
    ["2026-02-30", undefined],
    ["2026-03-07T10:30:00", undefined],
    ["tomorrow", undefined],
  ])("takes %s as %s", (text, expected) => {
    expect(parseNow(text)?.toISOString()).toBe(expected);
  });
});

describe("A post", () => {
  const now = new Date("2026-03-07T12:00:00Z");

  test.each([
    [{ date: new Date("2026-03-07") }, "published"],
    [{ date: new Date("2026-03-08") }, "scheduled"],
    [{ date: new Date("2026-03-01"), draft: true }, "draft"],
    [{ date: new Date("2026-03-01"), draft: false }, "published"],
  ])("%o is %s at noon of 7 March", (data, status) => {
    expect(statusOf(data, now)).toBe(status);
  });

  test("takes a minute for 220 words, and never less than one", () => {
    expect(readingMinutes("")).toBe(1);
    expect(readingMinutes("word ".repeat(660))).toBe(3);
    expect(readingMinutes(`${"word ".repeat(220)} --- | --- | ***`)).toBe(1);
  });

  test("counts words as a pattern of letters and digits finds them, in any script", () => {
    const text = fc.string({
      unit: fc.constantFrom(..."aZ9 -–é漢\u00a0\u2028\n_.'", "\u{20000}", "\u{1f600}", "\ud800"),
    });
    fc.assert(
      fc.property(text, (words) => {
        const found = words.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;
        expect(readingMinutes(`${words} `.repeat(220))).toBe(Math.max(1, found));
      }),
    );
  });
});
