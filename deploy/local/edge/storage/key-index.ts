import { compareUtf8 } from "./byte-order.ts";

/**
 * Keys in UTF-8 byte order. A sorted list cut into chunks, so that an insertion moves a few hundred
 * entries at most, and a page starts after two binary searches, however many keys there are.
 */
export interface KeyIndex<T> {
  readonly size: number;
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  /**
   * The entries from the first one for which `isBefore` is false. `isBefore` must be true for a
   * leading run of keys and false for all that follow. Not to be used across a change of the index.
   */
  from(isBefore: (key: string) => boolean): Iterable<T>;
  values(): Iterable<T>;
}

const CHUNK = 512;

type Chunk = string[];

/** An empty index. */
export function createKeyIndex<T>(): KeyIndex<T> {
  const entries = new Map<string, T>();
  const chunks: Chunk[] = [];

  function insert(key: string): void {
    const at = Math.max(0, chunkBefore(chunks, key));
    const chunk = chunks[at];
    if (chunk === undefined) {
      chunks.push([key]);
      return;
    }
    chunk.splice(
      firstIndex(chunk, (other) => compareUtf8(other, key) < 0),
      0,
      key,
    );
    if (chunk.length > CHUNK) chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2));
  }

  function remove(key: string): void {
    const at = chunkBefore(chunks, key);
    const chunk = chunks[at];
    if (chunk === undefined) return;
    chunk.splice(
      firstIndex(chunk, (other) => compareUtf8(other, key) < 0),
      1,
    );
    if (chunk.length === 0) chunks.splice(at, 1);
  }

  function* from(isBefore: (key: string) => boolean): Iterable<T> {
    const first = Math.max(
      0,
      firstIndex(chunks, (chunk) => chunk[0] !== undefined && isBefore(chunk[0])) - 1,
    );
    for (let at = first; at < chunks.length; at += 1) {
      const chunk = chunks[at] ?? [];
      for (let i = at === first ? firstIndex(chunk, isBefore) : 0; i < chunk.length; i += 1) {
        yield entries.get(chunk[i] as string) as T;
      }
    }
  }

  return {
    get size() {
      return entries.size;
    },
    get: (key) => entries.get(key),
    set(key, value) {
      if (!entries.has(key)) insert(key);
      entries.set(key, value);
    },
    delete(key) {
      if (entries.delete(key)) remove(key);
    },
    from,
    values: () => from(() => false),
  };
}

/** The last chunk that starts at or before the key, or -1. */
function chunkBefore(chunks: readonly Chunk[], key: string): number {
  return firstIndex(chunks, (chunk) => compareUtf8(chunk[0] ?? "", key) <= 0) - 1;
}

function firstIndex<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
