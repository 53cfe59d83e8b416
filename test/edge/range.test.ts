import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRange } from "../../deploy/edge/range.ts";
import { runs } from "../support/slow-tests.ts";

describe("of 100 bytes, the whole is sent", () => {
  it.each([
    ["without a Range", undefined],
    ["for another unit", "lines=0-9"],
    ["without a range", "bytes="],
    ["for a lone dash", "bytes=-"],
    ["for a range backwards", "bytes=9-0"],
    ["for words", "bytes=a-b"],
    ["for one bad range among good ones", "bytes=0-9,x"],
    ["for overlapping ranges", "bytes=0-50,40-60"],
    ["for ranges in descending order", "bytes=50-59,0-9"],
    ["for a suffix that overlaps", "bytes=0-95,-10"],
  ])("%s", (_rule, header) => {
    expect(decideRange(header, 100)).toEqual({ kind: "whole" });
  });
});

describe("of 100 bytes, one part is sent", () => {
  it.each([
    ["for a first and a last byte", "bytes=0-9", 0, 9],
    ["for one byte", "bytes=99-99", 99, 99],
    ["to the end without a last byte", "bytes=90-", 90, 99],
    ["to the end when the last byte is past it", "bytes=90-1000", 90, 99],
    ["for the last bytes", "bytes=-10", 90, 99],
    ["for more last bytes than there are", "bytes=-1000", 0, 99],
    ["for numbers beyond counting", "bytes=90-99999999999999999999999", 90, 99],
    ["for spaces and another case of the unit", "Bytes = 0-9 ", 0, 9],
    ["for the one range that exists", "bytes=0-9,200-300", 0, 9],
  ])("%s", (_rule, header, start, end) => {
    expect(decideRange(header, 100)).toEqual({ kind: "single", span: { start, end } });
  });
});

describe("of 100 bytes", () => {
  it("several ascending ranges are sent as parts", () => {
    expect(decideRange("bytes=0-9, 20-29,-5", 100)).toEqual({
      kind: "multiple",
      spans: [
        { start: 0, end: 9 },
        { start: 20, end: 29 },
        { start: 95, end: 99 },
      ],
    });
  });

  it.each(["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=100-,200-"])(
    "nothing satisfies %s",
    (header) => {
      expect(decideRange(header, 100)).toEqual({ kind: "unsatisfiable" });
    },
  );

  it("whatever is asked, parts lie inside, in order and apart", () => {
    const part = fc.oneof(
      fc.tuple(fc.nat(120), fc.nat(120)).map(([a, b]) => `${a}-${b}`),
      fc.nat(120).map((a) => `${a}-`),
      fc.nat(120).map((a) => `-${a}`),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const decision = decideRange(`bytes=${parts.join(",")}`, 100);
        const spans =
          decision.kind === "single"
            ? [decision.span]
            : decision.kind === "multiple"
              ? decision.spans
              : [];
        let next = 0;
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(next);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThan(100);
          next = end + 1;
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});

it("nothing of an empty body satisfies a range", () => {
  expect(decideRange("bytes=0-", 0)).toEqual({ kind: "unsatisfiable" });
  expect(decideRange("bytes=-5", 0)).toEqual({ kind: "unsatisfiable" });
});
