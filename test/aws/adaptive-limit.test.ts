import { describe, expect, it } from "vitest";
import {
  type AdaptiveLimit,
  afterSuccess,
  afterThrottle,
  HIGHEST_LIMIT,
  INITIAL_LIMIT,
  START,
} from "../../deploy/aws/adaptive-limit.ts";

const grow = (state: AdaptiveLimit, successes: number): AdaptiveLimit =>
  Array.from({ length: successes }).reduce<AdaptiveLimit>(afterSuccess, state);

describe("the adaptive limit", () => {
  it("doubles with each round of successes, until it is as high as it gets", () => {
    expect(grow(START, INITIAL_LIMIT).limit).toBe(2 * INITIAL_LIMIT);
    expect(grow(START, 10_000).limit).toBe(HIGHEST_LIMIT);
  });

  it("halves when a request is throttled, and once only for all that were sent before", () => {
    const full = grow(START, 10_000);
    const halved = afterThrottle(full, full.round);
    expect(halved.limit).toBe(HIGHEST_LIMIT / 2);
    expect(afterThrottle(halved, full.round)).toBe(halved);
    expect(afterThrottle(halved, halved.round).limit).toBe(HIGHEST_LIMIT / 4);
  });

  it("grows by some places a round where it was too much before", () => {
    const halved = afterThrottle(grow(START, 10_000), 0);
    const round = grow(halved, Math.floor(halved.limit));
    expect(round.limit - halved.limit).toBeGreaterThan(14);
    expect(round.limit - halved.limit).toBeLessThan(17);
  });

  it("never gets below one, and comes back from there", () => {
    let state = START;
    for (let i = 0; i < 50; i++) state = afterThrottle(state, state.round);
    expect(state.limit).toBe(1);
    expect(grow(state, 200).limit).toBeGreaterThan(16);
  });
});
