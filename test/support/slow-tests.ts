/**
 * Whether tests that take long are run, as they are where a change lands: SLIPWAY_SLOW=1. Else says
 * what was left out.
 */
export function runsSlow(what: string): boolean {
  const isSlow = process.env.SLIPWAY_SLOW === "1";
  if (!isSlow) console.log(`skipped: ${what}; SLIPWAY_SLOW=1 runs it`);
  return isSlow;
}
