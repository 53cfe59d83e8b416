import { constants } from "node:fs";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SlipwayError } from "../../../core/errors.ts";
import { explainDiskError } from "./disk-errors.ts";
import { type Durability, replaceFile, syncFile, syncFolder, writeAll } from "./durable-files.ts";
import { encodeLine, HEADING, readJournal } from "./journal-format.ts";
import type { Commit } from "./model.ts";

/** The file that decides what is stored. Only appended to while it is open. */
export interface Journal {
  /**
   * Returns when the commits are durable, all of them or, if it throws, none. Calls must not overlap.
   * After a failed fsync nobody knows what the disk holds, so every later call throws too.
   */
  append(commits: readonly Commit[]): Promise<void>;
  /** True after such a failure: the last commits may be on the disk although `append` threw. */
  readonly isUncertain: boolean;
  close(): Promise<void>;
}

const FILE = "journal.ndjson";
const SNAPSHOT_LINE = 500;

/** All commits of the journal in the folder; undefined if there is no journal yet. A torn tail is cut. */
export async function loadJournal(
  folder: string,
): Promise<{ readonly commits: readonly Commit[]; readonly end: number } | undefined> {
  const path = join(folder, FILE);
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw explainDiskError(error, `read ${path}`);
  });
  if (bytes === undefined) return undefined;
  const reading = readJournal(bytes);
  switch (reading.kind) {
    case "whole":
      return { commits: reading.commits, end: reading.end };
    case "damaged":
      throw unreadable(path, `line ${reading.line} does not match its checksum`);
    case "foreign":
      throw unreadable(path, "it does not begin like a journal of this version");
  }
}

/** Replaces the journal by one that holds just these commits; the old one stays if this fails. */
export async function rewriteJournal(
  folder: string,
  commits: Iterable<Commit>,
  durability: Durability,
): Promise<void> {
  const path = join(folder, FILE);
  try {
    await replaceFile(path, snapshotLines(commits), durability);
    await syncFolder(dirname(path), durability);
  } catch (error) {
    throw explainDiskError(error, `write ${path}`);
  }
}

/** Opens the journal for appending after its first `end` bytes; the rest is cut off. */
export async function openJournal(
  folder: string,
  end: number | undefined,
  durability: Durability,
): Promise<Journal> {
  const path = join(folder, FILE);
  const handle = await open(path, constants.O_WRONLY | constants.O_APPEND);
  let length = end ?? (await handle.stat()).size;
  let broken: SlipwayError | undefined;
  await cut(handle, length, durability);

  async function undo(): Promise<void> {
    try {
      await cut(handle, length, durability);
    } catch (error) {
      broken = explainDiskError(error, `repair ${path}`);
    }
  }

  return {
    async append(commits) {
      if (broken !== undefined) throw broken;
      const bytes = Buffer.from(encodeLine(commits));
      try {
        await writeAll(handle, bytes);
      } catch (error) {
        await undo();
        throw explainDiskError(error, `write ${path}`);
      }
      try {
        await syncFile(handle, durability);
      } catch (error) {
        broken = explainDiskError(error, `make ${path} durable`);
        throw broken;
      }
      length += bytes.length;
    },
    get isUncertain() {
      return broken !== undefined;
    },
    close: () => handle.close(),
  };
}

/** Removes what an interrupted rewrite left behind. */
export async function removeUnfinishedRewrite(folder: string): Promise<void> {
  await rm(join(folder, `${FILE}.new`), { force: true });
}

async function cut(handle: FileHandle, length: number, durability: Durability): Promise<void> {
  const { size } = await handle.stat();
  if (size === length) return;
  await handle.truncate(length);
  await syncFile(handle, durability);
}

function* snapshotLines(commits: Iterable<Commit>): Iterable<string> {
  yield HEADING;
  let group: Commit[] = [];
  for (const commit of commits) {
    group.push(commit);
    if (group.length === SNAPSHOT_LINE) {
      yield encodeLine(group);
      group = [];
    }
  }
  if (group.length > 0) yield encodeLine(group);
}

function unreadable(path: string, why: string): SlipwayError {
  return new SlipwayError("internal", {
    what: `The local edge cannot read its journal ${path}`,
    why,
    next: "Nothing was changed. Restore the file from a copy, or move the whole folder away to start empty.",
  });
}
