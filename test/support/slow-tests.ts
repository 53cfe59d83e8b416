/**
 * Whether tests that take long are run, as they are where a change lands: SLIPWAY_SLOW=1. Else says
 * what was left out.
 */
export function runsSlow(what: string): boolean {
  const isSlow = process.env.SLIPWAY_SLOW === "1";
  if (!isSlow) console.log(`skipped: ${what}; SLIPWAY_SLOW=1 runs it`);
  return isSlow;
}

/** How often a property is tried: `whole` times where changes land, a tenth of that every day. */
export function runs(whole: number): number {
  return process.env.SLIPWAY_SLOW === "1" ? whole : Math.min(whole, Math.max(50, whole / 10));
}
