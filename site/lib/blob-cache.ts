import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileStamp, isSameStamp, stampOf } from "./file-stamp.ts";

/**
 * Files that cost much to make, kept from build to build below one folder. A blob's name says all that
 * its bytes depend on. The file is called `<name>~<16 hex digits of its sha256>`, so whoever finds it
 * can see whether it is whole.
 */
export type BlobCache = {
  /**
   * The file that holds a blob; undefined when it has to be made. A file whose bytes are
   * not what its name says is removed.
   */
  find(name: string): Blob | undefined;
  /** Keeps a blob. It is there whole or not at all, also when the process dies. */
  put(name: string, bytes: Uint8Array): Promise<Blob>;
  /**
   * Ends a run: remembers which files were seen whole, and removes what this run did not use when
   * that is more than half of everything and `LEAST_PRUNED` files.
   */
  close(): void;
};

/** A finished file, and its size in bytes. It is not to be written to. */
export type Blob = { readonly from: string; readonly size: number };

const STAMPS = "stamps.json";

/** Switching between branches should not throw away what the other one needs. */
const LEAST_PRUNED = 200;

/** Opens the cache below a folder, which need not exist. What a killed run left is swept away. */
export function openBlobCache(folder: string): BlobCache {
  const files = listBlobs(folder);
  const known = readStamps(folder);
  const stamps = new Map<string, FileStamp>();
  const used = new Set<string>();

  function use(name: string, file: string, stamp: FileStamp): Blob {
    files.set(name, file);
    stamps.set(file, stamp);
    used.add(name);
    return { from: join(folder, file), size: stamp[0] };
  }

  return {
    find(name) {
      const file = files.get(name);
      if (file === undefined) return undefined;
      const path = join(folder, file);
      const stamp = stampOf(path);
      if (stamp && (isSameStamp(stamp, stamps.get(file) ?? known[file]) || isWhole(path, file))) {
        return use(name, file, stamp);
      }
      rmSync(path, { force: true });
      files.delete(name);
      return undefined;
    },
    async put(name, bytes) {
      await mkdir(folder, { recursive: true });
      const file = `${name}~${digestOf(bytes)}`;
      const path = join(folder, file);
      const unfinished = `${path}.tmp-${process.pid}`;
      try {
        await writeFile(unfinished, bytes);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      return use(name, file, stampOf(path) ?? [bytes.byteLength, 0, 0]);
    },
    close() {
      const unused = [...files].filter(([name]) => !used.has(name));
      const isMuch = unused.length > LEAST_PRUNED && unused.length > used.size;
      if (isMuch) for (const [, file] of unused) rmSync(join(folder, file), { force: true });
      const kept = isMuch ? [] : unused.map(([, file]) => [file, known[file]] as const);
      const all = Object.fromEntries(
        [...stamps, ...kept.filter(([, stamp]) => stamp !== undefined)].sort(([a], [b]) =>
          a < b ? -1 : 1,
        ),
      );
      if (JSON.stringify(all) !== JSON.stringify(known)) writeStamps(folder, all);
    },
  };
}

type Stamps = Readonly<Record<string, FileStamp | undefined>>;

function listBlobs(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of namesIn(folder)) {
    const blob = /^(.+)~[0-9a-f]{16}(\.tmp-\d+)?$/.exec(file);
    if (!blob?.[1]) continue;
    if (blob[2] === undefined) files.set(blob[1], file);
    else rmSync(join(folder, file), { force: true });
  }
  return files;
}

/** Without stamps every blob is read once and proven; a damaged list is as good as none. */
function readStamps(folder: string): Stamps {
  try {
    const stamps: unknown = JSON.parse(readFileSync(join(folder, STAMPS), "utf8"));
    return typeof stamps === "object" && stamps !== null ? (stamps as Stamps) : {};
  } catch {
    return {};
  }
}

function writeStamps(folder: string, stamps: Stamps): void {
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `${STAMPS}.${process.pid}`);
  writeFileSync(unfinished, JSON.stringify(stamps));
  renameSync(unfinished, join(folder, STAMPS));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isWhole(path: string, file: string): boolean {
  return file.endsWith(`~${digestOf(readFileSync(path))}`);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
