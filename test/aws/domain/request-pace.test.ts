import { describe, expect, it } from "vitest";
import { createRequestPace } from "../../../deploy/aws/domain/request-pace.ts";

/** A clock whose sleepers say how long they sleep; it moves only by hand. */
function createClock() {
  const sleeps: number[] = [];
  let now = 1000;
  return {
    sleeps,
    now: () => now,
    move: (by: number) => {
      now += by;
    },
    sleep: async (milliseconds: number) => {
      sleeps.push(milliseconds);
    },
  };
}

describe("the pace of Route 53", () => {
  it("lets four requests a second out, however many come at once", async () => {
    const clock = createClock();
    const pace = createRequestPace(clock);
    await Promise.all([pace.turn(), pace.turn(), pace.turn(), pace.turn(), pace.turn()]);
    expect(clock.sleeps).toEqual([250, 500, 750, 1000]);
  });

  it("does not hold up a request that comes late", async () => {
    const clock = createClock();
    const pace = createRequestPace(clock);
    await pace.turn();
    clock.move(10_000);
    await pace.turn();
    clock.move(100);
    await pace.turn();
    expect(clock.sleeps).toEqual([150]);
  });
});
