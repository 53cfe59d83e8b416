import { describe, expect, it } from "vitest";
import { DEFAULT_GRACE, graceIsOver } from "../../deploy/core/grace.ts";
import { objectKey } from "../../deploy/core/keys.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const asset = "main.3f2a9c01d4.css";

describe("graceIsOver", () => {
  it.each([
    ["a page goes at once", "index.html", 10, 10, 0, true],
    ["an asset without a hash goes at once", "logo.svg", 10, 10, 0, true],
    ["an asset with a hash stays in the release that drops it", asset, 10, 10, 100, false],
    ["it stays while one of the last three releases named it", asset, 10, 11, 100, false],
    ["it goes when none of them did and it is old", asset, 10, 12, 7, true],
    [
      "it stays while it is younger than seven days, however many releases",
      asset,
      10,
      99,
      6.9,
      false,
    ],
    ["it goes after both", asset, 10, 99, 7, true],
  ])("%s", (_, key, droppedBy, sequence, age, over) => {
    const entry = {
      key: objectKey(key),
      entry: undefined,
      sequence: droppedBy,
      since: daysAgo(age),
    };
    expect(graceIsOver(entry, { sequence, now }, DEFAULT_GRACE)).toBe(over);
  });

  it("ends with the release itself when nothing shall be kept", () => {
    const entry = { key: objectKey(asset), entry: undefined, sequence: 5, since: daysAgo(0) };
    expect(graceIsOver(entry, { sequence: 5, now }, { releases: 1, days: 0 })).toBe(true);
  });
});
