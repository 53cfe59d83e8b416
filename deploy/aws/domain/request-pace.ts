import { setTimeout as sleep } from "node:timers/promises";

/** Route 53 takes five requests a second of a whole account; one is left for others (R53-DG DNSLimitations). */
const PER_SECOND = 4;

export type RequestPace = {
  /** Resolves when the next request may go out; first come, first served. */
  turn(): Promise<void>;
};

export type PaceClock = {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

const REAL: PaceClock = { now: () => performance.now(), sleep: (delay) => sleep(delay) };

/** Lets requests out with the same distance between any two. */
export function createRequestPace(clock: PaceClock = REAL): RequestPace {
  let next = Number.NEGATIVE_INFINITY;
  return {
    async turn() {
      const now = clock.now();
      const mine = Math.max(now, next);
      next = mine + 1000 / PER_SECOND;
      if (mine > now) await clock.sleep(mine - now);
    },
  };
}
