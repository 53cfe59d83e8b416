import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs, LONGEST_MS } from "../../../api/outbox/backoff.ts";

describe("the rest after a try in vain", () => {
  test.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [4, 4_000, 8_000],
    [9, 128_000, 256_000],
    [10, 150_000, 300_000],
    [1_000_000, 150_000, 300_000],
  ])("after try %i is from %i to %i ms", (attempts, least, most) => {
    expect(backoffMs(attempts, 0)).toBe(least);
    expect(backoffMs(attempts, 1)).toBe(most);
  });

  test("never shrinks by more than its jitter and never passes five minutes", () => {
    const attempts = fc.integer({ min: 1, max: 10_000 });
    const random = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(attempts, random, random, (n, one, other) => {
        expect(backoffMs(n + 1, one)).toBeGreaterThanOrEqual(backoffMs(n, other) / 2);
        expect(backoffMs(n, one)).toBeLessThanOrEqual(LONGEST_MS);
        expect(backoffMs(n, one)).toBeGreaterThan(0);
      }),
    );
  });
});
