import { SlipwayError } from "../core/errors.ts";
import { findPathProblem, type Invalidation, invalidationPath } from "../core/invalidation.ts";
import type { InvalidateResult } from "../core/results.ts";
import { type InvalidationPorts, invalidate } from "./invalidation.ts";

export type InvalidateOptions = {
  /** URL paths as an operator types them; `*` at the end is a wildcard. */
  readonly paths: readonly string[];
  readonly all: boolean;
  readonly wait: boolean;
};

/** What an operator asks the CDN to forget, outside of any release. */
export async function invalidateOnRequest(
  options: InvalidateOptions,
  ports: InvalidationPorts,
): Promise<InvalidateResult> {
  const invalidation = orderOf(options);
  const started = ports.clock.now();
  const reference = `operator-${started.toISOString()}`;
  const [receipt] = await invalidate(
    { invalidation, reference, wait: options.wait },
    undefined,
    ports,
  );
  if (receipt === undefined) throw noDistribution();
  return { receipt, seconds: (ports.clock.now().getTime() - started.getTime()) / 1000 };
}

function orderOf({ paths, all }: InvalidateOptions): Invalidation {
  if (all && paths.length > 0) {
    throw usage("both --all and paths were given", "Give one or the other.");
  }
  if (all) return { kind: "everything", because: "the operator asked for it" };
  if (paths.length === 0) {
    throw usage("no path was given", "Name paths (slipway invalidate / '/blog/*'), or use --all.");
  }
  const bad = paths.flatMap((path) => {
    const problem = findPathProblem(path);
    return problem === undefined ? [] : [`${JSON.stringify(path)} ${problem}`];
  });
  if (bad.length > 0) throw usage(bad.join("; "), "Mend the paths; nothing was invalidated.");
  return { kind: "paths", paths: [...new Set(paths.map(invalidationPath))] };
}

function usage(why: string, next: string): SlipwayError {
  return new SlipwayError("usage", { what: "These URLs cannot be invalidated", why, next });
}

function noDistribution(): SlipwayError {
  return new SlipwayError("config", {
    what: "This environment has no CDN to invalidate",
    why: "slipway.config.ts names no distribution for it",
    next: "Set distribution in that environment, or choose another one with --env.",
  });
}
