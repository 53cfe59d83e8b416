import type { RecordFiles } from "./record-files.ts";
import type { Revision } from "./revision.ts";

/** A key value store. Its description and its entries change apart, each with an ETag of its own. */
export type KeyValueStore = Revision & {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly contents: StoreContents;
};

/** Never changed in place: who reads one sees one state of the store. */
export type StoreContents = Revision & {
  readonly entries: ReadonlyMap<string, string>;
  /** Bytes of all keys and values. */
  readonly bytes: number;
};

/** CF-DG "Quotas on key value stores". */
const MAX_KEY_BYTES = 512;
const MAX_VALUE_BYTES = 1_024;
const MAX_STORE_BYTES = 5 * 1_024 * 1_024;
/** The other limit of an update, 3 MB, cannot be reached: 50 of the longest keys and values are 75 KB. */
export const MAX_UPDATE_KEYS = 50;

export type EntryChanges = {
  readonly puts: readonly (readonly [key: string, value: string])[];
  readonly deletes: readonly string[];
};

export type ChangedEntries =
  | {
      readonly kind: "changed";
      readonly entries: ReadonlyMap<string, string>;
      readonly bytes: number;
    }
  /** Nothing of the changes is done. */
  | { readonly kind: "invalid" | "over-quota" | "no-such-key"; readonly message: string };

/** All of the changes in a copy of the entries, or the first reason against one of them. */
export function changeEntries(
  entries: ReadonlyMap<string, string>,
  { puts, deletes }: EntryChanges,
): ChangedEntries {
  const keys = [...puts.map(([key]) => key), ...deletes];
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    return { kind: "invalid", message: `The key "${twice}" is named twice.` };
  }
  for (const [key, value] of puts) {
    const message = tooLong(key, value);
    if (message !== undefined) return { kind: "over-quota", message };
  }
  const changed = new Map(entries);
  for (const key of deletes) {
    if (!changed.delete(key)) return { kind: "no-such-key", message: `There is no key "${key}".` };
  }
  for (const [key, value] of puts) changed.set(key, value);
  const bytes = bytesOf(changed);
  if (bytes > MAX_STORE_BYTES) {
    const message = `The store would have ${bytes} bytes; the most is ${MAX_STORE_BYTES}.`;
    return { kind: "over-quota", message };
  }
  return { kind: "changed", entries: changed, bytes };
}

export function bytesOf(entries: Iterable<readonly [string, string]>): number {
  let bytes = 0;
  for (const [key, value] of entries) bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  return bytes;
}

function tooLong(key: string, value: string): string | undefined {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES) {
    return `A key has ${keyBytes} bytes; it may have 1 to ${MAX_KEY_BYTES}.`;
  }
  const valueBytes = Buffer.byteLength(value);
  if (valueBytes <= MAX_VALUE_BYTES) return undefined;
  return `The value of "${key}" has ${valueBytes} bytes; the most is ${MAX_VALUE_BYTES}.`;
}

/** A store as it lies on disk. */
export type SavedStore = Omit<KeyValueStore, "contents"> & {
  readonly contents: Revision & { readonly entries: readonly (readonly [string, string])[] };
};

export function loadStore({ contents, ...store }: SavedStore): KeyValueStore {
  const bytes = bytesOf(contents.entries);
  return { ...store, contents: { ...contents, entries: new Map(contents.entries), bytes } };
}

/** Files that hold the stores, for stores as they are in memory. */
export function storeFiles(files: RecordFiles<SavedStore>): RecordFiles<KeyValueStore> {
  return {
    save({ contents: { entries, etag, changedAt }, ...store }) {
      return files.save({ ...store, contents: { etag, changedAt, entries: [...entries] } });
    },
    remove: (id) => files.remove(id),
  };
}
