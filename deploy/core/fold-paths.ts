import { searchFrontier } from "./fold-frontier.ts";
import { type PathLimits, searchPrices } from "./fold-prices.ts";
import type { UrlPath } from "./keys.ts";
import { isWildcard, pathTree, stemOf } from "./path-tree.ts";

/**
 * Folding: which wildcards to name when there are more paths than may be named.
 *
 * A wildcard replaces all wanted paths that begin as it does, and makes the CDN forget the live ones
 * among the others too: its over-reach. Wanted is the choice of disjoint wildcards with the least
 * over-reach in total, within two limits. That is a knapsack on the tree of common beginnings:
 *
 * 1. `fold-prices.ts` puts prices in the place of the limits. That gives a choice, and a number that
 *    no choice can be better than.
 * 2. `fold-frontier.ts` searches what lies between the two. It finds the optimum and knows it, unless
 *    that needs more states than it may keep; then it keeps the most promising ones, and the choice
 *    is at most `overReach - atLeast` URLs worse than the best.
 *
 * Time grows with the number of URLs times the logarithm, for sorting, and has a fixed allowance for
 * the search: 100,000 URLs take from a tenth of a second to two seconds.
 */
export type FoldInput = {
  /** Paths as they would be invalidated without any limit; wildcards among them stay if they can. */
  readonly wanted: readonly UrlPath[];
  /**
   * What the site answers after the release and the edge may hold, as the CDN keys it. Asked only
   * when something has to be folded.
   */
  readonly live: () => readonly UrlPath[];
  readonly limits: PathLimits;
};

export type Folded = {
  /** Sorted. They cover every wanted path, and keep both limits. */
  readonly paths: readonly UrlPath[];
  /** How many live URLs they cover that no wanted path did. */
  readonly overReach: number;
  /** No choice within the limits has a smaller over-reach. Equal to it: this one is the best. */
  readonly atLeast: number;
};

/** Both limits are at least 1. What is within them already only loses what a wildcard covers anyway. */
export function foldPaths({ wanted, live, limits }: FoldInput): Folded {
  const minimal = withoutCovered([...new Set(wanted)].sort(byStem));
  if (isWithin(minimal, limits)) return { paths: minimal.sort(), overReach: 0, atLeast: 0 };
  const tree = pathTree(minimal, othersOf(live(), minimal));
  const search = searchPrices(tree, limits);
  const choice = searchFrontier(tree, limits, search);
  const wildcards = choice.nodes.map((node) => `${tree.prefixes[node] ?? ""}*` as UrlPath);
  const paths = withoutCovered([...minimal, ...wildcards].sort(byStem)).sort();
  const { overReach } = choice;
  const atLeast = choice.isOptimal ? overReach : Math.max(0, Math.ceil(search.bound.value - 1e-6));
  return { paths, overReach, atLeast };
}

/** How many of the paths are wildcards. */
export function countWildcards(paths: readonly UrlPath[]): number {
  return paths.filter(isWildcard).length;
}

function isWithin(paths: readonly UrlPath[], limits: PathLimits): boolean {
  return paths.length <= limits.paths && countWildcards(paths) <= limits.wildcards;
}

/** By what stands before the star, so that a wildcard comes right before all that it covers. */
function byStem(a: UrlPath, b: UrlPath): number {
  const [x, y] = [stemOf(a), stemOf(b)];
  if (x !== y) return x < y ? -1 : 1;
  return Number(isWildcard(b)) - Number(isWildcard(a));
}

/** The paths without those that a wildcard among them covers. In: sorted by stem. Out: the same. */
function withoutCovered(sorted: readonly UrlPath[]): UrlPath[] {
  let cover: string | undefined;
  return sorted.filter((path) => {
    const stem = stemOf(path);
    if (cover !== undefined && stem.startsWith(cover)) return false;
    if (isWildcard(path)) cover = stem;
    return true;
  });
}

/**
 * The live paths that nobody wants forgotten, sorted; of one with a tilde only what is before it, for
 * no wildcard can tell it from others that begin so.
 */
function othersOf(live: readonly UrlPath[], wanted: readonly UrlPath[]): readonly string[] {
  const exact = new Set<string>(wanted);
  const stems = wanted.filter(isWildcard).map(stemOf);
  const others = [...new Set(live)]
    .filter((path) => !exact.has(path))
    .map(beforeTilde)
    .sort();
  let next = 0;
  let cover: string | undefined;
  return others.filter((path) => {
    for (let stem = stems[next]; stem !== undefined && stem <= path; stem = stems[++next]) {
      cover = stem;
    }
    return cover === undefined || !path.startsWith(cover);
  });
}

function beforeTilde(path: UrlPath): string {
  const tilde = path.indexOf("~");
  return tilde === -1 ? path : path.slice(0, tilde);
}
