import type { Clock } from "../../deploy/ports.ts";

/** Stands at noon until someone sleeps. */
export function createFixedClock(start = "2026-11-22T12:00:00.000Z"): Clock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
}
