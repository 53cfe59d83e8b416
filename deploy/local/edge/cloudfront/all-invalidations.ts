import { createInvalidations, type Invalidation, type Invalidations } from "./invalidations.ts";

/** An invalidation as it may lie on the disk: an older one, that of the only distribution, names none. */
export type SavedInvalidation = Omit<Invalidation, "distribution"> &
  Partial<Pick<Invalidation, "distribution">>;

/** The invalidations of all distributions. */
export interface AllInvalidations {
  /** Always the same for a distribution; limits and caller references are its own. */
  of(distribution: string): Invalidations;
  close(): Promise<void>;
}

type Dependencies = Omit<
  Parameters<typeof createInvalidations>[0],
  "distribution" | "saved" | "takeEffect"
> & {
  readonly saved: readonly SavedInvalidation[];
  /** The distribution of those that name none. */
  readonly ownId: string;
  /** Gets paths, and tags as `#tag`. */
  readonly takeEffect: (distribution: string, items: readonly string[]) => void;
};

/** Takes up where the saved ones end, those in progress included. */
export function createAllInvalidations(dependencies: Dependencies): AllInvalidations {
  const { saved, ownId, takeEffect, ...shared } = dependencies;
  const known = new Map<string, Invalidations>();
  const named = saved.map((each) => ({ ...each, distribution: each.distribution ?? ownId }));

  function of(distribution: string): Invalidations {
    const found = known.get(distribution);
    if (found !== undefined) return found;
    const invalidations = createInvalidations({
      ...shared,
      distribution,
      saved: named.filter((each) => each.distribution === distribution),
      takeEffect: (items) => takeEffect(distribution, items),
    });
    known.set(distribution, invalidations);
    return invalidations;
  }

  for (const { distribution } of named) of(distribution);
  return {
    of,
    async close() {
      await Promise.all([...known.values()].map((each) => each.close()));
    },
  };
}
