import { createRelaxation, type PathLimits, type PriceSearch, type Proof } from "./fold-prices.ts";
import type { PathTree } from "./path-tree.ts";

/** The best choice that was found. `isOptimal` says whether any better one was ruled out. */
export type Choice = {
  /** The nodes whose wildcards are taken. */
  readonly nodes: readonly number[];
  readonly overReach: number;
  readonly isOptimal: boolean;
};

/** One way to cover what is wanted below a node. */
type State = {
  readonly paths: number;
  readonly wildcards: number;
  readonly overReach: number;
  /** How much dearer than the cheapest way, at the prices of the search. */
  readonly regret: number;
  readonly taken: Taken;
};

/** The wildcards of a state, shared between states: a node, or those of two states together. */
type Taken = undefined | number | { readonly left: Taken; readonly right: Taken };

const NOTHING: State = { paths: 0, wildcards: 0, overReach: 0, regret: 0, taken: undefined };

/**
 * How many states a node keeps for each number of wildcards: `depth` of them, until `work` states were
 * put together, then `leastDepth`.
 */
type Effort = { readonly work: number; readonly depth: number; readonly leastDepth: number };

const QUICK: Effort = { work: 0, depth: 2, leastDepth: 2 };
const THOROUGH: Effort = { work: 500_000, depth: 40, leastDepth: 1 };

/** Sums of prices are exact to about this much. */
const ROUNDING = 1e-6;

/**
 * Dynamic programming over the tree (a knapsack with two limits): every node hands its parent the
 * states that no other one beats in all of paths, wildcards and over-reach. A state is dropped when
 * what the prices prove and its regret together reach what is in hand already: regrets of disjoint
 * parts add up, so no choice that contains it can be better. What is left is exact; only if it is
 * still too much, the states with the most regret go, and the choice is no longer known to be the
 * best. A quick round first, so that there is something good in hand.
 */
export function searchFrontier(tree: PathTree, limits: PathLimits, search: PriceSearch): Choice {
  const { bound, closest, best } = search;
  const nodes = createRelaxation(tree).takenAt(best.prices);
  const first: Choice = { nodes, overReach: best.overReach, isOptimal: false };
  const second = improve(first, { tree, limits, proof: closest, effort: QUICK });
  return improve(second, { tree, limits, proof: bound, effort: THOROUGH });
}

type Round = {
  readonly tree: PathTree;
  readonly limits: PathLimits;
  readonly proof: Proof;
  readonly effort: Effort;
};

/** The best choice of one round, if it is better than the one in hand. */
function improve(inHand: Choice, { tree, limits, proof, effort }: Round): Choice {
  const { prices, value } = proof;
  const slack = inHand.overReach - 1 - value + ROUNDING;
  if (inHand.isOptimal || slack < 0) return { ...inHand, isOptimal: true };
  const costs = createRelaxation(tree).costsAt(prices);
  const keeper = createKeeper(limits, slack, effort);
  const pending = new Map<number, readonly State[]>();
  for (const [node, parent] of tree.parents.entries()) {
    const below = pending.get(node) ?? [NOTHING];
    pending.delete(node);
    const states = keeper.keep(statesOf(node, below));
    const beside = pending.get(parent);
    pending.set(parent, beside === undefined ? states : keeper.combine(beside, states));
  }
  const isOptimal = !keeper.hasNarrowed();
  const found = (pending.get(-1) ?? []).toSorted((a, b) => a.overReach - b.overReach)[0];
  if (found === undefined || found.overReach >= inHand.overReach) return { ...inHand, isOptimal };
  return { nodes: nodesOf(found.taken), overReach: found.overReach, isOptimal };

  /** What is below the node together with its own paths, or its own wildcard instead of all that. */
  function statesOf(node: number, below: readonly State[]): readonly State[] {
    const wildcards = tree.wildcards[node] ?? 0;
    const own = (tree.exact[node] ?? 0) + wildcards;
    const overReach = tree.overReach[node] ?? 0;
    const regretOf = (paths: number, stars: number, reach: number, cost: number) =>
      Math.max(0, reach + paths * prices.path + stars * prices.wildcard - cost);
    const cost = costs[node] ?? 0;
    const apart = below.map((state) => {
      const counted = {
        paths: state.paths + own,
        wildcards: state.wildcards + wildcards,
        overReach: state.overReach,
        taken: state.taken,
      };
      return {
        ...counted,
        regret: regretOf(counted.paths, counted.wildcards, counted.overReach, cost),
      };
    });
    const whole = { paths: 1, wildcards: 1, overReach, taken: node };
    return [...apart, { ...whole, regret: regretOf(1, 1, overReach, cost) }];
  }
}

/** Decides which states are worth carrying on. */
function createKeeper(limits: PathLimits, slack: number, effort: Effort) {
  let work = 0;
  let narrowed = false;

  const isPossible = ({ paths, wildcards, regret }: State): boolean =>
    paths <= limits.paths && wildcards <= limits.wildcards && regret <= slack;

  /** Sorted by regret, the least first. */
  const keep = (states: readonly State[]): readonly State[] => {
    const kept = undominated(states.filter(isPossible), limits.wildcards);
    kept.sort((a, b) => a.regret - b.regret || a.paths - b.paths);
    const depth = work < effort.work ? effort.depth : effort.leastDepth;
    const counts = new Map<number, number>();
    const narrow = kept.filter(({ wildcards }) => {
      const count = counts.get(wildcards) ?? 0;
      counts.set(wildcards, count + 1);
      return count < depth;
    });
    if (narrow.length < kept.length) narrowed = true;
    return narrow;
  };

  return {
    keep,
    hasNarrowed: () => narrowed,
    combine(left: readonly State[], right: readonly State[]): readonly State[] {
      const together: State[] = [];
      for (const a of left) {
        for (const b of right) {
          // Sorted by regret: what follows is no better.
          if (a.regret + b.regret > slack) break;
          work += 1;
          const state = sum(a, b);
          if (isPossible(state)) together.push(state);
        }
      }
      return keep(together);
    },
  };
}

function sum(a: State, b: State): State {
  return {
    paths: a.paths + b.paths,
    wildcards: a.wildcards + b.wildcards,
    overReach: a.overReach + b.overReach,
    regret: a.regret + b.regret,
    taken: join(a.taken, b.taken),
  };
}

function join(left: Taken, right: Taken): Taken {
  if (left === undefined) return right;
  return right === undefined ? left : { left, right };
}

/** The states that no other beats or equals in paths, wildcards and over-reach. */
function undominated(states: State[], mostWildcards: number): State[] {
  if (states.length < 2) return states;
  states.sort(
    (a, b) => a.overReach - b.overReach || a.paths - b.paths || a.wildcards - b.wildcards,
  );
  /** The fewest paths of a state with so many wildcards or fewer, among those that reach no further. */
  const fewest = new Array<number>(mostWildcards + 1).fill(Number.POSITIVE_INFINITY);
  return states.filter(({ paths, wildcards }) => {
    if (paths >= (fewest[wildcards] ?? 0)) return false;
    for (let k = wildcards; k <= mostWildcards && paths < (fewest[k] ?? 0); k++) fewest[k] = paths;
    return true;
  });
}

function nodesOf(taken: Taken): readonly number[] {
  const nodes: number[] = [];
  const open: Taken[] = [taken];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next === "number") nodes.push(next);
    else if (next !== undefined) open.push(next.left, next.right);
  }
  return nodes;
}
