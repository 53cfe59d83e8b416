import type { PathTree } from "./path-tree.ts";

/** How many paths there may be, and how many of them wildcards. */
export type PathLimits = { readonly paths: number; readonly wildcards: number };

/**
 * What a path and, on top of it, a wildcard would cost, in unchanged URLs forgotten. With the right
 * prices instead of limits, each node of the tree can decide for itself.
 */
export type Prices = { readonly path: number; readonly wildcard: number };

/** The cheapest choice at some prices, and what it comes to. */
export type Offer = {
  readonly prices: Prices;
  /** Over-reach plus the price of every path. */
  readonly cost: number;
  readonly paths: number;
  readonly wildcards: number;
  readonly overReach: number;
};

/** What prices prove: no choice within the limits reaches less than `value` too far. */
export type Proof = { readonly prices: Prices; readonly value: number };

export type PriceSearch = {
  /** The strongest proof that was met. */
  readonly bound: Proof;
  /** The prices at which the number of paths comes closest to the limit. */
  readonly closest: Proof;
  /** The best choice within the limits that was met on the way. */
  readonly best: Offer;
};

/** Finer prices change neither the bound nor the choice by a whole URL. */
const STEPS = 14;

/**
 * Lagrangian relaxation: finds prices at which the cheapest choice just meets the limits. By weak
 * duality, what it costs beyond the limits' own price bounds every choice from below (M. L. Fisher,
 * "The Lagrangian Relaxation Method for Solving Integer Programming Problems", 1981). Time is linear
 * in the tree; some 250 passes. Both limits are at least 1, so the root's wildcard meets them.
 */
export function searchPrices(tree: PathTree, limits: PathLimits): PriceSearch {
  const relaxation = createRelaxation(tree);
  const highest = (tree.overReach.at(-1) ?? 0) + 1;
  let bound: Proof = { prices: { path: 0, wildcard: 0 }, value: 0 };
  let closest = bound;
  let best: Offer = { ...rootOnly(tree), prices: { path: highest, wildcard: 0 } };

  const ask = (path: number, wildcard: number): Offer => {
    const offer = relaxation.cheapest({ path, wildcard });
    const value = offer.cost - path * limits.paths - wildcard * limits.wildcards;
    closest = { prices: offer.prices, value };
    if (value > bound.value) bound = closest;
    if (isWithin(offer, limits) && offer.overReach < best.overReach) best = offer;
    return offer;
  };

  /** How many paths too many there are at this price, with the wildcards' limit met on balance. */
  const excess = (path: number): number => {
    let low = ask(path, 0);
    if (low.wildcards <= limits.wildcards) return low.paths - limits.paths;
    let high = ask(path, highest);
    for (let step = 0; step < STEPS; step++) {
      const middle = ask(path, between(low.prices.wildcard, high.prices.wildcard));
      if (middle.wildcards > limits.wildcards) low = middle;
      else high = middle;
    }
    const share = (limits.wildcards - high.wildcards) / (low.wildcards - high.wildcards);
    return high.paths + share * (low.paths - high.paths) - limits.paths;
  };

  let low = 0;
  let high = highest;
  excess(high);
  for (let step = 0; step < STEPS; step++) {
    const middle = between(low, high);
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  excess(high);
  return { bound, closest, best };
}

function isWithin(
  counted: { readonly paths: number; readonly wildcards: number },
  limits: PathLimits,
): boolean {
  return counted.paths <= limits.paths && counted.wildcards <= limits.wildcards;
}

/** The least price that can matter is one URL for a hundred thousand paths. */
const LEAST_PRICE = 1e-5;

/** Prices span many orders of magnitude, so the middle is the geometric one. */
function between(low: number, high: number): number {
  return Math.sqrt(Math.max(low, LEAST_PRICE) * Math.max(high, LEAST_PRICE));
}

function rootOnly(tree: PathTree): Omit<Offer, "prices"> {
  const overReach = tree.overReach.at(-1) ?? 0;
  return { cost: overReach, paths: 1, wildcards: 1, overReach };
}

/** The cost of each node below the best choice at some prices; reuses its memory from call to call. */
export function createRelaxation({ parents, overReach, exact, wildcards }: PathTree) {
  const size = parents.length;
  /** First what the children cost together, then what the node costs. */
  const costs = new Float64Array(size);
  const pathCounts = new Int32Array(size);
  const wildcardCounts = new Int32Array(size);
  const reaches = new Int32Array(size);
  const taken = new Uint8Array(size);

  const decide = (node: number, prices: Prices): void => {
    const stars = wildcards[node] ?? 0;
    const own = (exact[node] ?? 0) + stars;
    const reach = overReach[node] ?? 0;
    const apart = (costs[node] ?? 0) + own * prices.path + stars * prices.wildcard;
    const whole = reach + prices.path + prices.wildcard;
    taken[node] = whole <= apart ? 1 : 0;
    costs[node] = Math.min(whole, apart);
    if (whole <= apart) {
      pathCounts[node] = 1;
      wildcardCounts[node] = 1;
      reaches[node] = reach;
    } else {
      pathCounts[node] = (pathCounts[node] ?? 0) + own;
      wildcardCounts[node] = (wildcardCounts[node] ?? 0) + stars;
    }
  };

  const addToParent = (node: number): void => {
    const parent = parents[node] ?? -1;
    if (parent < 0) return;
    costs[parent] = (costs[parent] ?? 0) + (costs[node] ?? 0);
    pathCounts[parent] = (pathCounts[parent] ?? 0) + (pathCounts[node] ?? 0);
    wildcardCounts[parent] = (wildcardCounts[parent] ?? 0) + (wildcardCounts[node] ?? 0);
    reaches[parent] = (reaches[parent] ?? 0) + (reaches[node] ?? 0);
  };

  const cheapest = (prices: Prices): Offer => {
    for (const values of [costs, pathCounts, wildcardCounts, reaches]) values.fill(0);
    for (let node = 0; node < size; node++) {
      decide(node, prices);
      addToParent(node);
    }
    return {
      prices,
      cost: costs[size - 1] ?? 0,
      paths: pathCounts[size - 1] ?? 0,
      wildcards: wildcardCounts[size - 1] ?? 0,
      overReach: reaches[size - 1] ?? 0,
    };
  };

  return {
    cheapest,
    /** What each node costs at these prices. */
    costsAt(prices: Prices): Float64Array {
      cheapest(prices);
      return costs;
    },
    /** The nodes whose wildcards the cheapest choice takes. */
    takenAt(prices: Prices): readonly number[] {
      cheapest(prices);
      const covered = new Uint8Array(size);
      const nodes: number[] = [];
      for (let node = size - 1; node >= 0; node--) {
        const above = covered[parents[node] ?? -1] === 1;
        if (above || taken[node] === 1) covered[node] = 1;
        if (!above && taken[node] === 1) nodes.push(node);
      }
      return nodes;
    },
  };
}
