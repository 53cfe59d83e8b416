import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { releaseId } from "../../deploy/core/release.ts";
import { sha256 } from "../support/builders.ts";

const PLAN = sha256("plan");
const AT = new Date("2026-11-22T16:45:01.123Z");
const ID = `20261122T164501123Z-${PLAN.slice(0, 8)}`;

describe("a release's id", () => {
  it.each([
    ["nothing", undefined, ID],
    ["an earlier one", "20261122T164501122Z-3f2a9c01", ID],
    ["one that we did not make", "the first one", ID],
    ["one of the same moment", ID, `20261122T164501124Z-${PLAN.slice(0, 8)}`],
    [
      "one by a clock that is ahead",
      "20270101T000000999Z-3f2a9c01",
      `20270101T000001000Z-${PLAN.slice(0, 8)}`,
    ],
  ])("after %s is its time, or else right behind", (_, before, id) => {
    expect(releaseId(AT, PLAN, before)).toBe(id);
  });

  it("sorts behind the one before, whatever the clocks say", () => {
    const times = fc.array(
      fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
    );
    fc.assert(
      fc.property(times, (all) => {
        const ids: string[] = [];
        for (const time of all) ids.push(releaseId(time, PLAN, ids.at(-1)));
        expect(ids.toSorted()).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
