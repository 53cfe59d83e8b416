import { randomBytes } from "node:crypto";
import { isWildcardPath } from "../../../edge/invalidation-match.ts";
import type { Clock } from "../../../ports.ts";
import { ApiError } from "./api-error.ts";
import { type InvalidationBatch, MAX_PATHS } from "./invalidation-batch.ts";
import type { RecordFiles } from "./record-files.ts";

export type Invalidation = {
  readonly id: string;
  readonly distribution: string;
  /** Counts up with each one, because two may be created in the same millisecond. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly status: "InProgress" | "Completed";
  /** As they were sent; one that begins with `#` is a cache tag. */
  readonly paths: readonly string[];
  readonly callerReference: string;
};

/** The invalidations of one distribution. */
export interface Invalidations {
  /** Newest first. */
  list(): readonly Invalidation[];
  get(id: string): Invalidation | undefined;
  /**
   * Records the batch, and has it take effect after the delay. The same reference with the same
   * paths gives the earlier one again. Throws an ApiError for a reference that was used with other
   * paths, and for more paths in progress than CloudFront allows.
   */
  create(batch: InvalidationBatch): Promise<Invalidation>;
  /** Nothing takes effect any more; what is in progress completes after the next start. */
  close(): Promise<void>;
}

/** CF-DG "Concurrent invalidation request maximum": counted apart from MAX_PATHS. */
const MAX_WILDCARDS = 15;
/** Completed invalidations beyond these are forgotten, oldest first. */
const MAX_KEPT = 1_000;

/**
 * Takes up where the saved ones end. An invalidation takes effect on the cache in the same step in
 * which it becomes Completed, so nobody sees one without the other. One that a crash interrupted
 * begins its delay again; the cache, being memory, had forgotten everything anyway.
 */
export function createInvalidations(dependencies: {
  readonly distribution: string;
  readonly saved: readonly Invalidation[];
  readonly files: RecordFiles<Invalidation>;
  readonly clock: Clock;
  readonly delayMs: number;
  /** Gets paths, and tags as `#tag`. */
  readonly takeEffect: (items: readonly string[]) => void;
  readonly onFault?: ((error: unknown) => void) | undefined;
}): Invalidations {
  const { distribution, files, clock, delayMs, takeEffect, onFault } = dependencies;
  const byId = new Map<string, Invalidation>();
  const creating = new Map<string, Promise<Invalidation>>();
  const completing = new Set<Promise<void>>();
  let sequence = 0;
  let closed = false;

  for (const invalidation of dependencies.saved.toSorted((a, b) => a.sequence - b.sequence)) {
    sequence = invalidation.sequence;
    byId.set(invalidation.id, invalidation);
    if (invalidation.status === "InProgress") schedule(invalidation);
  }

  function schedule(invalidation: Invalidation): void {
    clock
      .sleep(delayMs)
      .then(() => {
        if (closed) return undefined;
        const completion = complete(invalidation).finally(() => completing.delete(completion));
        completing.add(completion);
        return completion;
      })
      .catch((error: unknown) => onFault?.(error));
  }

  async function complete(invalidation: Invalidation): Promise<void> {
    const completed: Invalidation = { ...invalidation, status: "Completed" };
    takeEffect(invalidation.paths);
    byId.set(invalidation.id, completed);
    await files.save(completed);
    await forgetOldest();
  }

  async function forgetOldest(): Promise<void> {
    const oldest = [...byId.values()].find(({ status }) => status === "Completed");
    if (byId.size <= MAX_KEPT || oldest === undefined) return;
    byId.delete(oldest.id);
    await files.remove(oldest.id);
  }

  async function record(batch: InvalidationBatch): Promise<Invalidation> {
    checkLimits(batch.paths);
    const invalidation: Invalidation = {
      id: createId(),
      distribution,
      sequence: ++sequence,
      createdAt: clock.now().getTime(),
      status: "InProgress",
      ...batch,
    };
    // Listed before it is safe on disk, so that the limits count it; nobody has its name yet.
    byId.set(invalidation.id, invalidation);
    try {
      await files.save(invalidation);
    } catch (error) {
      byId.delete(invalidation.id);
      throw error;
    }
    schedule(invalidation);
    return invalidation;
  }

  function checkLimits(paths: readonly string[]): void {
    const running = [...byId.values()]
      .filter(({ status }) => status === "InProgress")
      .flatMap((invalidation) => invalidation.paths);
    const all = [...running, ...paths];
    const wildcards = all.filter(isWildcardPath).length;
    if (wildcards <= MAX_WILDCARDS && all.length - wildcards <= MAX_PATHS) return;
    throw new ApiError(
      400,
      "TooManyInvalidationsInProgress",
      "Processing your request will cause you to exceed the maximum number of in-progress " +
        `invalidations: ${MAX_PATHS} paths and ${MAX_WILDCARDS} wildcard paths.`,
    );
  }

  function findEarlier(batch: InvalidationBatch): Promise<Invalidation> | undefined {
    const recorded = [...byId.values()].find(
      ({ callerReference }) => callerReference === batch.callerReference,
    );
    const pending = creating.get(batch.callerReference);
    return pending ?? (recorded === undefined ? undefined : Promise.resolve(recorded));
  }

  return {
    list: () => [...byId.values()].reverse(),
    get: (id) => byId.get(id),
    async create(batch) {
      const earlier = findEarlier(batch);
      if (earlier !== undefined) return sameAs(await earlier, batch);
      const recording = record(batch);
      creating.set(batch.callerReference, recording);
      try {
        return await recording;
      } finally {
        creating.delete(batch.callerReference);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled([...completing, ...creating.values()]);
    },
  };
}

function sameAs(earlier: Invalidation, batch: InvalidationBatch): Invalidation {
  const same = (paths: readonly string[]) => JSON.stringify(paths.toSorted());
  if (same(earlier.paths) === same(batch.paths)) return earlier;
  throw new ApiError(
    400,
    "InvalidationBatchAlreadyExists",
    "The CallerReference was used before, with other paths.",
  );
}

/** As CloudFront's look: `I` and upper-case letters and digits. */
function createId(): string {
  return `I${randomBytes(16).toString("hex").toUpperCase().slice(0, 24)}`;
}
