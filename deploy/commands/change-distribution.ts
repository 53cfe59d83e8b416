import { SlipwayError } from "../core/errors.ts";
import type { Distributions } from "../estate-ports.ts";

/** How often somebody else may have changed it in the same moment. */
const MOST_TRIES = 5;

/**
 * Edits a distribution's configuration as it is at this moment: when somebody else was faster, the edit
 * is made again on what they left. Says whether there was anything to change.
 */
export async function changeDistribution(
  id: string,
  edit: (config: string) => string,
  distributions: Distributions,
): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await distributions.find(id);
    if (stored === undefined) throw gone(id);
    const config = edit(stored.config);
    if (config === stored.config) return false;
    const { kind } = await distributions.update(stored, config);
    if (kind === "updated") return true;
  }
  throw new SlipwayError("cloud", {
    what: `The distribution ${id} could not be changed`,
    why: `somebody else changed it at the same moment, ${MOST_TRIES} times in a row`,
    next: "Find out who does; then run the same command again.",
  });
}

function gone(id: string): SlipwayError {
  return new SlipwayError("cloud", {
    what: `The distribution ${id} is gone`,
    why: "it was there when this run began",
    next: "Run slipway setup, then slipway domain again.",
  });
}
