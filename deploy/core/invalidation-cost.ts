import { countWildcards } from "./fold-paths.ts";
import { countPaths, type Invalidation } from "./invalidation.ts";

/** CF-DG "Pay for file invalidation": free paths a month, of all distributions of an account together. */
const FREE_PATHS_A_MONTH = 1000;

/** US$0.005 a path beyond those; a wildcard counts as one. In thousandths, to have no fractions. */
const MILLS_A_PATH = 5;

/** What an invalidation is billed as. */
export type InvalidationCost = {
  readonly paths: number;
  readonly wildcards: number;
  /** If nothing of the month's free share is left: nobody but the bill knows. */
  readonly atMostUsd: number;
  readonly freePathsAMonth: number;
};

export function costOf(invalidation: Invalidation): InvalidationCost {
  const paths = countPaths(invalidation);
  const wildcards = invalidation.kind === "paths" ? countWildcards(invalidation.paths) : paths;
  const atMostUsd = (paths * MILLS_A_PATH) / 1000;
  return { paths, wildcards, atMostUsd, freePathsAMonth: FREE_PATHS_A_MONTH };
}
