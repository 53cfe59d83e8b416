import { createHash } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { CopiedFile, OutputFile, TextFile } from "./assets.ts";
import { type FileStamp, isSameStamp, stampOf } from "./file-stamp.ts";

/**
 * The site that was built last, file by file. It shares its files with the output by links, so it takes no
 * room of its own; whoever writes to a file of the output writes to both, and such a file is not used again.
 */
export type KeptSite<Report> = {
  /** All of it with what was said of it; undefined when it was built from other inputs or is not whole. */
  whole(
    inputs: string,
  ): { readonly files: readonly CopiedFile[]; readonly report: Report } | undefined;
  /** The file of that place and id, as it lies ready; undefined when it has to be written. */
  find(file: TextFile): CopiedFile | undefined;
  /**
   * Keeps what was just written to `output` in the place of what was kept before. Keeps nothing where there
   * are no links or no room: the next build then does the work again.
   */
  keep(site: WrittenSite<Report>): void;
};

export type WrittenSite<Report> = {
  /** Undefined where nobody knows them: single files are used again, never the whole. */
  readonly inputs: string | undefined;
  readonly output: string;
  readonly files: readonly (OutputFile | TextFile | CopiedFile)[];
  readonly report: Report;
};

/** Where a file of the site lies, below the folder that keeps it or in a cache of its own. */
type Entry = readonly [path: string, from: string, stamp: FileStamp];

type Index<Report> = {
  readonly inputs: string | undefined;
  readonly files: readonly Entry[];
  readonly report: Report;
};

const INDEX = "index.json";

/** Opens the site that is kept in a folder, which need not be there. */
export function openKept<Report>(folder: string): KeptSite<Report> {
  const index = readIndex<Report>(folder);
  const known = new Map(index?.files.map(([path, from, stamp]) => [path, { from, stamp }]));
  const placeOf = (file: OutputFile | TextFile) => join(folder, nameOf(file));
  return {
    whole(inputs) {
      if (index?.inputs !== inputs) return undefined;
      const isWhole = index.files.every(([, from, stamp]) => isSameStamp(stampOf(from), stamp));
      if (!isWhole) return undefined;
      const files = index.files.map(([path, from, [size]]) => ({ path, from, size }));
      return { files, report: index.report };
    },
    find(file) {
      const { path } = file;
      const entry = known.get(path);
      if (entry?.from !== placeOf(file)) return undefined;
      const { from, stamp } = entry;
      return isSameStamp(stampOf(from), stamp) ? { path, from, size: stamp[0] } : undefined;
    },
    keep({ inputs, output, files, report }) {
      try {
        mkdirSync(folder, { recursive: true });
        const entries = files.map((file): Entry => {
          const from = "from" in file ? file.from : placeOf(file);
          if (!("from" in file)) relink(join(output, file.path), from);
          const stamp = stampOf(from);
          if (!stamp) throw new Error(`${from} is gone`);
          return [file.path, from, stamp];
        });
        writeIndex(folder, { inputs, files: entries, report });
        const used = new Set([INDEX, ...entries.map(([, from]) => from.slice(folder.length + 1))]);
        for (const other of readdirSync(folder)) {
          if (!used.has(other)) rmSync(join(folder, other), { force: true });
        }
      } catch {
        // What is there now is told from what the index says by the stamps.
      }
    },
  };
}

/** By its place too: two files alike in everything else are two files. */
function nameOf(file: OutputFile | TextFile): string {
  const hash = createHash("sha256").update(file.path).update("\0");
  return hash
    .update("bytes" in file ? file.bytes : file.id)
    .digest("hex")
    .slice(0, 32);
}

/** In the middle of two builds at once, one may find what the other made: both are the same bytes. */
function relink(from: string, to: string): void {
  rmSync(to, { force: true });
  linkSync(from, to);
}

function readIndex<Report>(folder: string): Index<Report> | undefined {
  try {
    const index = JSON.parse(readFileSync(join(folder, INDEX), "utf8")) as Index<Report>;
    return Array.isArray(index.files) ? index : undefined;
  } catch {
    return undefined;
  }
}

function writeIndex(folder: string, index: Index<unknown>): void {
  const unfinished = join(folder, `${INDEX}.${process.pid}`);
  writeFileSync(unfinished, JSON.stringify(index));
  renameSync(unfinished, join(folder, INDEX));
}
