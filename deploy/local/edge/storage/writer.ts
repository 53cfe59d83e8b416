import type { Bucket, Commit, Segment } from "./model.ts";
import type { State } from "./state.ts";

/** One decision with its consequences. */
export type Transaction<T> = {
  /**
   * The names of what the decision depends on and changes. Transactions that share one follow each
   * other; all others may become durable together. "everything" runs alone.
   */
  readonly touches: readonly string[] | "everything";
  /** Bytes that the commits may name. */
  readonly staged?: readonly Segment[];
  /** Sees only what is durable. Must not wait, and must not change anything. */
  readonly decide: (buckets: ReadonlyMap<string, Bucket>) => Decision<T>;
};

export type Decision<T> = { readonly commits: readonly Commit[]; readonly result: T };

type Waiting = {
  readonly touches: readonly string[] | "everything";
  readonly staged: readonly Segment[];
  readonly decide: () => readonly Commit[];
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;
};

type Accepted = { readonly waiting: Waiting; readonly commits: readonly Commit[] };

type Dependencies = {
  readonly state: State;
  readonly persist: (commits: readonly Commit[], staged: readonly Segment[]) => Promise<void>;
  /** Whether commits that could not be persisted may be on the disk all the same. */
  readonly isUncertain: () => boolean;
  readonly collect: (blobs: Iterable<string>) => void;
};

/**
 * Group commit. While one group is being made durable, transactions queue; the next group is the
 * longest run of them, in order of arrival, that do not touch the same things. The state in memory
 * changes only after the group is durable, so a failed write needs no undoing.
 */
export function createWriter({ state, persist, isUncertain, collect }: Dependencies) {
  const queue: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    // Wait for the end of this turn, so that writes that arrive together share a group.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) await commitGroup(takeGroup(queue));
    running = undefined;
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    const accepted = group.flatMap(decide);
    const commits = accepted.flatMap((one) => one.commits);
    const staged = accepted.flatMap((one) => one.waiting.staged);
    try {
      if (commits.length > 0) await persist(commits, staged);
    } catch (error) {
      if (!isUncertain()) collect(blobsOf(staged));
      for (const { waiting } of accepted) waiting.fail(error);
      return;
    }
    const freed = commits.flatMap((commit) => state.apply(commit));
    collect(new Set([...freed, ...blobsOf(staged)]));
    for (const { waiting } of accepted) waiting.succeed();
  }

  function decide(waiting: Waiting): readonly Accepted[] {
    try {
      return [{ waiting, commits: waiting.decide() }];
    } catch (error) {
      collect(blobsOf(waiting.staged));
      waiting.fail(error);
      return [];
    }
  }

  return {
    commit<T>(transaction: Transaction<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let result: T;
        queue.push({
          touches: transaction.touches,
          staged: transaction.staged ?? [],
          decide() {
            const decision = transaction.decide(state.buckets);
            result = decision.result;
            return decision.commits;
          },
          succeed: () => resolve(result),
          fail: reject,
        });
        running ??= drain();
      });
    },
    /** Resolves when nothing waits any more. */
    async finish(): Promise<void> {
      await running;
    },
  };
}

function takeGroup(queue: Waiting[]): readonly Waiting[] {
  const touched = new Set<string>();
  let count = 0;
  for (const { touches } of queue) {
    if (touches === "everything") {
      if (count === 0) count = 1;
      break;
    }
    if (touches.some((name) => touched.has(name))) break;
    for (const name of touches) touched.add(name);
    count += 1;
  }
  return queue.splice(0, count);
}

function blobsOf(segments: readonly Segment[]): readonly string[] {
  return segments.map(({ blob }) => blob);
}
