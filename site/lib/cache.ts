import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Work that was done before, by what it was done on. Every method returns when it is done. */
export type Cache = {
  /** The bytes kept for a key; undefined when there are none, or none that can be trusted. */
  get(key: string): Buffer | undefined;
  /** Keeps bytes for a key. Never throws: without a place to write, the next run does the work again. */
  set(key: string, bytes: Uint8Array | string): void;
  /** Call once after a whole build: counts it, and removes what none of the last builds has used. */
  prune(): void;
};

export type CacheOptions = {
  /** The folder that holds all caches. */
  readonly root?: string;
  /** Told once, in a sentence, when nothing can be kept. */
  readonly notice?: (text: string) => void;
};

/** Where everything is kept, seen from the project root. */
export const ROOT = ".cache";

/** A branch that is built now and then finds its work again. */
const KEPT_BUILDS = 20;

const INDEX = "index.json";

/**
 * A persistent cache: one file an entry below `.cache/<name>/`, safe to delete at any time and to share
 * between builds that run at once. `version` names everything beside the key that a value depends on:
 * entries of another version are not found. Files are put in place whole, and each carries a digest of
 * its key and its bytes, so that a torn, damaged or misplaced one counts as missing.
 */
export function openCache(name: string, version: string, options: CacheOptions = {}): Cache {
  const folder = join(options.root ?? ROOT, name);
  const used = new Set<string>();
  let writable = makeFolder(folder, options);
  let temporary = 0;

  function write(path: string, bytes: Uint8Array | string): void {
    if (!writable) return;
    temporary += 1;
    const next = `${path}.tmp-${process.pid}-${temporary}`;
    try {
      writeFileSync(next, bytes);
      renameSync(next, path);
    } catch (error) {
      writable = false;
      rmSync(next, { force: true });
      options.notice?.(cannotKeep(folder, error));
    }
  }

  return {
    get(key) {
      const entry = entryName(version, key);
      const bytes = readEntry(join(folder, entry), entry);
      if (bytes) used.add(entry);
      return bytes;
    },
    set(key, bytes) {
      const entry = entryName(version, key);
      used.add(entry);
      write(join(folder, entry), withDigest(entry, Buffer.from(bytes)));
    },
    prune() {
      if (!writable) return;
      const { builds, lastUse } = readIndex(folder);
      const now = builds + 1;
      const kept = new Map<string, number>();
      for (const file of readdirSync(folder)) {
        if (file === INDEX) continue;
        const last = used.has(file) ? now : (lastUse.get(file) ?? builds);
        if (now - last < KEPT_BUILDS) kept.set(file, last);
        else rmSync(join(folder, file), { force: true });
      }
      write(
        join(folder, INDEX),
        JSON.stringify({ builds: now, lastUse: Object.fromEntries(kept) }),
      );
    },
  };
}

const DIGEST_BYTES = 16;

function digest(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest().subarray(0, DIGEST_BYTES);
}

function entryName(version: string, key: string): string {
  return digest(version, key).toString("hex");
}

function withDigest(entry: string, bytes: Buffer): Buffer {
  return Buffer.concat([digest(entry, bytes), bytes]);
}

function readEntry(path: string, entry: string): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return undefined;
  }
  const bytes = file.subarray(DIGEST_BYTES);
  return digest(entry, bytes).equals(file.subarray(0, DIGEST_BYTES)) ? bytes : undefined;
}

type Index = { readonly builds: number; readonly lastUse: ReadonlyMap<string, number> };

/** Two builds at once can lose each other's marks. An entry then goes earlier, and is made again. */
function readIndex(folder: string): Index {
  try {
    const { builds, lastUse } = JSON.parse(readFileSync(join(folder, INDEX), "utf8"));
    if (!Number.isSafeInteger(builds)) throw new TypeError("no count of builds");
    const marks = Object.entries(lastUse).filter(([, last]) => Number.isSafeInteger(last));
    return { builds, lastUse: new Map(marks as [string, number][]) };
  } catch {
    return { builds: 0, lastUse: new Map() };
  }
}

function makeFolder(folder: string, options: CacheOptions): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch (error) {
    options.notice?.(cannotKeep(folder, error));
    return false;
  }
}

function cannotKeep(folder: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return `Nothing can be kept in ${folder}/ (${code}): the next build does the same work again.`;
}
