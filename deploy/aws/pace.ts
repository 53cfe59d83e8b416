import { afterSuccess, afterThrottle, START } from "./adaptive-limit.ts";

/** What each HTTP attempt came to; the SDK's retries hide that from whoever sent the request. */
export type AttemptObserver = {
  /** An attempt goes out. Gives the round that it belongs to. */
  began(): number;
  succeeded(): void;
  throttled(round: number): void;
};

/** How many writes are under way at once: as many as the server takes at the moment. */
export type Pace = AttemptObserver & {
  /** Runs the task as soon as there is a place for it; first come, first served. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
};

/** A pace that begins at `INITIAL_LIMIT` and follows the attempts that it is told of. */
export function createPace(): Pace {
  const waiting: (() => void)[] = [];
  let state = START;
  let running = 0;

  const admit = () => {
    while (running < Math.floor(state.limit)) {
      const start = waiting.shift();
      if (start === undefined) return;
      running += 1;
      start();
    }
  };

  return {
    async run(task) {
      await new Promise<void>((start) => {
        waiting.push(start);
        admit();
      });
      try {
        return await task();
      } finally {
        running -= 1;
        admit();
      }
    },
    began: () => state.round,
    succeeded() {
      state = afterSuccess(state);
      admit();
    },
    throttled(round) {
      state = afterThrottle(state, round);
    },
  };
}
