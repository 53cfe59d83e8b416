import type { Writable } from "node:stream";

export type OutputWatch = {
  /** What kept output from being written, once all of it was tried; undefined where nothing did. */
  fault(): Promise<Error | undefined>;
};

/**
 * Keeps the process at work when its output cannot be written: a deploy must not end half-way because
 * nobody reads what it says. A reader that went away (`slipway plan | head -1`) is no fault at all.
 */
export function watchOutput(...streams: readonly Writable[]): OutputWatch {
  let first: Error | undefined;
  for (const stream of streams) {
    stream.on("error", (error) => {
      if (!isUnread(error)) first ??= error;
    });
  }
  return {
    async fault() {
      // The error of the last write comes after the code that wrote.
      await new Promise((resolve) => setImmediate(resolve));
      return first;
    },
  };
}

/** What follows when the pipe of a reader has gone is the same story. */
const UNREAD = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

function isUnread(error: Error): boolean {
  return "code" in error && UNREAD.has(String(error.code));
}
