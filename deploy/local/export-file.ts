import { open } from "node:fs/promises";
import path from "node:path";
import { SlipwayError } from "../core/errors.ts";

/** A new file that lines are written to, for its owner's eyes only. */
export type ExportFile = {
  /** As it was named. */
  readonly name: string;
  write(line: string): Promise<void>;
  /** Brings all of it to the disk, and ends the file. */
  sync(): Promise<void>;
};

/** Lines are gathered up to this size: a call of the system for each would be slow. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Makes the file, relative to the project's root. Throws a SlipwayError when there is one of that name, and
 * when it cannot be written, now or later.
 */
export async function openExportFile(root: string, name: string): Promise<ExportFile> {
  const file = await attempt(name, () => open(path.resolve(root, name), "wx", 0o600));
  let waiting = "";
  const flush = async () => {
    const text = waiting;
    waiting = "";
    if (text !== "") await attempt(name, () => file.appendFile(text));
  };
  return {
    name,
    async write(line) {
      waiting += line;
      if (waiting.length >= CHUNK_CHARACTERS) await flush();
    },
    async sync() {
      await flush();
      await attempt(name, () => file.sync());
      await attempt(name, () => file.close());
    },
  };
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = exists
      ? {
          what: `The export ${name} is not written`,
          why: "there is a file of that name, and an export never replaces one",
          next: "Choose another name, or move that file away.",
        }
      : {
          what: `The export ${name} cannot be written`,
          why,
          next: "Nothing was removed from the queue. Choose a folder that exists, with room, that is yours.",
        };
    throw new SlipwayError("usage", text, { cause });
  }
}
