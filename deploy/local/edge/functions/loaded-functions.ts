/** What a function takes of the thread's memory before its own code and entries, in characters. */
const CONTEXT_WEIGHT = 1_000_000;

/** Room for a few functions with the largest store that there can be (5 MB), or for many without. */
const MOST_WEIGHT = 32_000_000;

export type Weighable = {
  readonly fn: number;
  readonly code: string;
  readonly store: ReadonlyMap<string, string> | undefined;
};

/** What must be done so that a function can run. */
export type Loading = { readonly load: boolean; readonly drop: readonly number[] };

export type LoadedFunctions = {
  /** Tells what to do before a run of the function, and takes it for done. */
  use(wanted: Weighable): Loading;
};

const LOADED: Loading = { load: false, drop: [] };

/**
 * Keeps account of the functions that one thread holds. Those that were not used for the longest time
 * make room for new ones, so that nobody has to say when a function is no longer needed.
 */
export function createLoadedFunctions(mostWeight = MOST_WEIGHT): LoadedFunctions {
  // The one that was used last is the last.
  const weights = new Map<number, number>();
  let total = 0;

  function makeRoom(): readonly number[] {
    const drop: number[] = [];
    for (const [fn, weight] of weights) {
      if (total <= mostWeight || drop.length === weights.size - 1) break;
      drop.push(fn);
      total -= weight;
    }
    for (const fn of drop) weights.delete(fn);
    return drop;
  }

  return {
    use(wanted) {
      const known = weights.get(wanted.fn);
      const weight = known ?? weightOf(wanted);
      weights.delete(wanted.fn);
      weights.set(wanted.fn, weight);
      if (known !== undefined) return LOADED;
      total += weight;
      return { load: true, drop: makeRoom() };
    },
  };
}

function weightOf({ code, store }: Weighable): number {
  let weight = CONTEXT_WEIGHT + code.length;
  for (const [key, value] of store ?? []) weight += key.length + value.length;
  return weight;
}
