const FIRST_MS = 1_000;
/** A failing event is tried at least this often, however long it has failed. */
export const LONGEST_MS = 5 * 60_000;

/**
 * How long an event rests after its `attempts`-th try in vain: doubled each time up to five minutes, and
 * then anything from half of that to the whole, so that those which failed together do not return
 * together. `random` is from 0 to 1.
 */
export function backoffMs(attempts: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round((whole / 2) * (1 + random));
}
