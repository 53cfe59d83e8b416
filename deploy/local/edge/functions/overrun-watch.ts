/** Often enough that code which fills the memory is ended before it could take the whole process along. */
const INTERVAL_MS = 50;

const MEGABYTE = 1024 * 1024;

/** The run that the thread is busy with. */
export type CurrentRun = {
  readonly id: number;
  /** When it began, by performance.now(). */
  readonly since: number;
};

export type OverrunLimits = {
  readonly timeLimitMs: number;
  /** What the process may grow by while one run goes on. */
  readonly memoryLimitMb: number;
};

export type OverrunWatch = {
  /** To be called when there is a run; it looks until there is none. Keeps no process alive. */
  begin(): void;
  end(): void;
};

/**
 * Looks from the edge's own thread at what another one runs, and tells when that takes too much. V8
 * ends its whole process where a thread's heap is full in the middle of one large allocation, so a
 * heap's own limit is not enough.
 */
export function createOverrunWatch(
  { timeLimitMs, memoryLimitMb }: OverrunLimits,
  {
    current,
    onOverrun,
  }: {
    readonly current: () => CurrentRun | undefined;
    readonly onOverrun: (message: string) => void;
  },
): OverrunWatch {
  let timer: NodeJS.Timeout | undefined;
  let seen: { readonly id: number; readonly memory: number } | undefined;

  function begin(): void {
    // What was answered while the edge's own thread was busy is heard before an immediate.
    timer ??= setTimeout(() => setImmediate(look), Math.min(INTERVAL_MS, timeLimitMs)).unref();
  }

  function look(): void {
    timer = undefined;
    const run = current();
    if (run === undefined) return;
    const overrun = findOverrun(run);
    if (overrun !== undefined) onOverrun(overrun);
    begin();
  }

  function findOverrun({ id, since }: CurrentRun): string | undefined {
    if (performance.now() - since >= timeLimitMs)
      return `the run was ended after ${timeLimitMs} ms`;
    if (seen?.id !== id) {
      seen = { id, memory: process.memoryUsage.rss() };
      return undefined;
    }
    const grown = process.memoryUsage.rss() - seen.memory;
    if (grown < memoryLimitMb * MEGABYTE) return undefined;
    return `the run was ended because it took more than ${memoryLimitMb} MB of memory`;
  }

  return {
    begin,
    end() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
