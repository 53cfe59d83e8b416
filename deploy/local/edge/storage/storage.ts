import { mkdir } from "node:fs/promises";
import type { Readable } from "node:stream";
import { SlipwayError } from "../../../core/errors.ts";
import type { ByteRange } from "../origin.ts";
import { type BlobFiles, openBlobFiles } from "./blob-files.ts";
import { explainDiskError } from "./disk-errors.ts";
import type { Durability } from "./durable-files.ts";
import { lockFolder } from "./folder-lock.ts";
import {
  type Journal,
  loadJournal,
  openJournal,
  removeUnfinishedRewrite,
  rewriteJournal,
} from "./journal.ts";
import type { Bucket, Commit, Segment } from "./model.ts";
import { createState, type State } from "./state.ts";
import { createWriter, type Transaction } from "./writer.ts";

/**
 * Buckets and objects in a folder. Bytes go to blobs first; the line in the journal that names them
 * is the moment an object exists. So a process killed at any point leaves the old object or the new
 * one, and what was acknowledged is on the disk.
 */
export interface Storage {
  /** What is stored now; changes only between turns of the event loop. */
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Stores bytes that no commit names yet. Pass the result to `commit`, whatever that decides. */
  stage(source: AsyncIterable<Uint8Array>): Promise<readonly Segment[]>;
  /**
   * Decides and commits in one step: nothing that the transaction touches changes between its
   * decision and its commit. Resolves when the commits are durable and visible. What `decide` throws
   * is passed on, and then nothing is stored. Staged bytes that no commit names are removed.
   */
  commit<T>(transaction: Transaction<T>): Promise<T>;
  /** A stream of the bytes. They stay until it closes, even if their object is removed meanwhile. */
  read(segments: readonly Segment[], range?: ByteRange): Readable;
  /** Keeps bytes from being removed until the result is called. */
  pin(segments: readonly Segment[]): () => void;
  /** Waits for commits under way, then gives the folder free. */
  close(): Promise<void>;
}

export type StorageOptions = {
  readonly directory: string;
  /** "memory" skips every fsync: for tests that store thousands of objects. Default "disk". */
  readonly durability?: Durability;
};

/**
 * Opens the folder, creating it if need be. Throws a SlipwayError, and changes nothing, when another
 * process has it open, it cannot be written, or its journal is damaged.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { directory, durability = "disk" } = options;
  const unlock = await prepare(directory);
  try {
    const files = await openBlobFiles(directory, durability);
    const { state, end } = await recover({ directory, durability, files });
    await files.sweep((blob) => state.references(blob) > 0);
    const journal = await openJournal(directory, end, durability);
    return serve({
      files,
      state,
      journal,
      async close() {
        await journal.close();
        await unlock();
      },
    });
  } catch (error) {
    await unlock();
    throw explainDiskError(error, `open ${directory}`);
  }
}

async function prepare(directory: string): Promise<() => Promise<void>> {
  try {
    await mkdir(directory, { recursive: true });
    return await lockFolder(directory);
  } catch (error) {
    throw explainDiskError(error, `open ${directory}`);
  }
}

/** Rewriting pays when the journal holds this many commits beyond twice what the state needs. */
const REWRITE_SLACK = 1000;

type Recovery = {
  readonly directory: string;
  readonly durability: Durability;
  readonly files: BlobFiles;
};

async function recover({
  directory,
  durability,
  files,
}: Recovery): Promise<{ readonly state: State; readonly end: number | undefined }> {
  await removeUnfinishedRewrite(directory);
  const state = createState();
  const loaded = await loadJournal(directory);
  if (loaded === undefined) {
    if (!(await files.isEmpty())) throw journalMissing(directory);
    await rewriteJournal(directory, [], durability);
    return { state, end: undefined };
  }
  replay(state, loaded.commits);
  const needed = [...state.snapshot()];
  if (loaded.commits.length <= 2 * needed.length + REWRITE_SLACK) return { state, end: loaded.end };
  await rewriteJournal(directory, needed, durability);
  return { state, end: undefined };
}

function journalMissing(directory: string): SlipwayError {
  return new SlipwayError("internal", {
    what: `The local edge's folder ${directory} has objects but no journal`,
    why: "without the journal nobody knows which object is which",
    next: "Nothing was changed. Restore the journal from a copy, or move the folder away to start empty.",
  });
}

function replay(state: State, commits: readonly Commit[]): void {
  try {
    for (const commit of commits) state.apply(commit);
  } catch (error) {
    throw new SlipwayError(
      "internal",
      {
        what: "The local edge cannot use its journal",
        why: error instanceof Error ? error.message : String(error),
        next: "Nothing was changed. Restore the folder from a copy, or move it away to start empty.",
      },
      { cause: error },
    );
  }
}

type Parts = {
  readonly files: BlobFiles;
  readonly state: State;
  readonly journal: Journal;
  readonly close: () => Promise<void>;
};

function serve({ files, state, journal, close }: Parts): Storage {
  const pins = new Map<string, number>();

  function collect(blobs: Iterable<string>): void {
    for (const blob of blobs) {
      if (state.references(blob) > 0 || pins.has(blob)) continue;
      // A file that cannot be removed now is removed on the next opening.
      files.remove(blob).catch(() => undefined);
    }
  }

  function pin(segments: readonly Segment[]): () => void {
    for (const { blob } of segments) pins.set(blob, (pins.get(blob) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      for (const { blob } of segments) unpin(blob);
    };
  }

  function unpin(blob: string): void {
    const left = (pins.get(blob) ?? 0) - 1;
    if (left > 0) pins.set(blob, left);
    else {
      pins.delete(blob);
      collect([blob]);
    }
  }

  const writer = createWriter({
    state,
    async persist(commits, staged) {
      await files.settle(staged);
      await journal.append(commits);
    },
    isUncertain: () => journal.isUncertain,
    collect,
  });

  return {
    buckets: state.buckets,
    stage: (source) => files.write(source),
    commit: (transaction) => writer.commit(transaction),
    pin,
    read(segments, range) {
      const release = pin(segments);
      return files.read(segments, range).once("close", release);
    },
    async close() {
      await writer.finish();
      await close();
    },
  };
}
