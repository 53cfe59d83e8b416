import { compareUtf8 } from "../storage/byte-order.ts";

/** A listing's rows: an item under its key, or a common prefix that stands for many. */
export type Row<T> =
  | { readonly kind: "item"; readonly key: string; readonly item: T }
  | { readonly kind: "prefix"; readonly prefix: string };

export type Page<T> = { readonly rows: readonly Row<T>[]; readonly isTruncated: boolean };

export type PageRequest = {
  readonly prefix: string;
  /** Empty: nothing is folded. */
  readonly delimiter: string;
  /** Rows start behind this key; "" for the beginning. */
  readonly after: string;
  /** The key `after` itself may still have items to show. */
  readonly includesAfter?: boolean;
  readonly most: number;
};

type SortedKeys<E> = { from(isBefore: (key: string) => boolean): Iterable<E> };

/**
 * One page of a listing in byte order (S3-API ListObjectsV2). Keys that share a prefix up to the
 * delimiter are one row, and are skipped in one step, so a page costs what it shows. `itemsOf` gives
 * what a key shows, which may be nothing.
 */
export function listPage<E extends { readonly key: string }, T>(
  keys: SortedKeys<E>,
  request: PageRequest,
  itemsOf: (entry: E) => readonly T[],
): Page<T> {
  const rows: Row<T>[] = [];
  if (request.most === 0) return { rows, isTruncated: false };
  for (const row of allRows(keys, request, itemsOf)) {
    if (rows.length === request.most) return { rows, isTruncated: true };
    rows.push(row);
  }
  return { rows, isTruncated: false };
}

function* allRows<E extends { readonly key: string }, T>(
  keys: SortedKeys<E>,
  request: PageRequest,
  itemsOf: (entry: E) => readonly T[],
): Iterable<Row<T>> {
  let isBefore = firstStart(request);
  for (;;) {
    const folded = yield* rowsUpToPrefix(keys.from(isBefore), request, itemsOf);
    if (folded === undefined) return;
    if (compareUtf8(folded, request.after) > 0) yield { kind: "prefix", prefix: folded };
    isBefore = (key) => key.startsWith(folded) || compareUtf8(key, folded) < 0;
  }
}

/** Yields items until a key belongs to a common prefix, which it returns. */
function* rowsUpToPrefix<E extends { readonly key: string }, T>(
  entries: Iterable<E>,
  { prefix, delimiter }: PageRequest,
  itemsOf: (entry: E) => readonly T[],
): Generator<Row<T>, string | undefined> {
  for (const entry of entries) {
    if (!entry.key.startsWith(prefix)) return undefined;
    const items = itemsOf(entry);
    const folded = items.length === 0 ? undefined : commonPrefix(entry.key, prefix, delimiter);
    if (folded !== undefined) return folded;
    for (const item of items) yield { kind: "item", key: entry.key, item };
  }
  return undefined;
}

/** The key or prefix of the last row, where the next page goes on. */
export function lastName<T>(page: Page<T>): string {
  const row = page.rows.at(-1);
  if (row === undefined) return "";
  return row.kind === "item" ? row.key : row.prefix;
}

function firstStart({ prefix, after, includesAfter }: PageRequest): (key: string) => boolean {
  return (key) => {
    if (compareUtf8(key, prefix) < 0) return true;
    if (after === "") return false;
    const order = compareUtf8(key, after);
    return order < 0 || (order === 0 && includesAfter !== true);
  };
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
