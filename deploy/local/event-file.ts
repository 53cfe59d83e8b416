import { appendFileSync, closeSync, openSync } from "node:fs";
import path from "node:path";
import { SlipwayError } from "../core/errors.ts";

/** A file that lines are added to, for another program to follow. */
export type EventFile = {
  /** Adds a line at once. Never throws: a full disk does not stop a deploy, it ends the log. */
  append(line: string): void;
  close(): void;
};

/**
 * Opens the file, relative to the project's root, at its end; one that is not there is made. Throws a
 * SlipwayError when it cannot be opened. `onFault` hears once that the log ended early, and why.
 */
export function openEventFile(
  root: string,
  name: string,
  onFault: (why: string) => void,
): EventFile {
  const file = open(path.resolve(root, name), name);
  let broken = false;
  return {
    append(line) {
      if (broken) return;
      try {
        // One write a line: a reader sees whole lines, also after this process was killed.
        appendFileSync(file, `${line}\n`);
      } catch (error) {
        broken = true;
        onFault(error instanceof Error ? error.message : String(error));
      }
    },
    close: () => closeSync(file),
  };
}

function open(file: string, name: string): number {
  try {
    return openSync(file, "a");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const next =
      "Check --events (or SLIPWAY_EVENTS): its folder must exist, and be yours to write.";
    throw new SlipwayError(
      "usage",
      { what: `The events cannot be written to ${name}`, why, next },
      { cause },
    );
  }
}
