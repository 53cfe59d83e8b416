import { invalidArgument } from "./api-error.ts";
import type { XmlTree } from "./xml.ts";

/** One page of a list, as the API's list operations give it. */
export type Page<T> = {
  readonly marker: string;
  readonly nextMarker: string | undefined;
  readonly maxItems: number;
  readonly items: readonly T[];
};

/** BC cloudfront: MaxItems is 100 unless asked for, and never more. */
const MOST_ITEMS = 100;

/**
 * The items after the one that the query's Marker names, at most MaxItems of them. NextMarker is the
 * name of the page's last item (BC cloudfront ListInvalidations). Throws an ApiError for a marker
 * that names no item and a number that is none.
 */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  nameOf: (item: T) => string,
): Page<T> {
  const marker = query.get("Marker") ?? "";
  const maxItems = readMaxItems(query.get("MaxItems"));
  const start = marker === "" ? 0 : items.findIndex((item) => nameOf(item) === marker) + 1;
  if (marker !== "" && start === 0) throw invalidArgument("The marker names no item of the list.");
  const page = items.slice(start, start + maxItems);
  const last = page.at(-1);
  const isTruncated = start + page.length < items.length;
  const nextMarker = isTruncated && last !== undefined ? nameOf(last) : undefined;
  return { marker, maxItems, items: page, nextMarker };
}

/** The page as older lists are written, with Marker and IsTruncated. */
export function fullList<T>(page: Page<T>, name: string, tree: (item: T) => XmlTree): XmlTree {
  return {
    Marker: page.marker,
    ...nextMarker(page),
    MaxItems: page.maxItems,
    IsTruncated: page.nextMarker !== undefined,
    ...itemsTree(page, name, tree),
  };
}

/** The page as the lists of functions, stores and policies are written. */
export function shortList<T>(page: Page<T>, name: string, tree: (item: T) => XmlTree): XmlTree {
  return { ...nextMarker(page), MaxItems: page.maxItems, ...itemsTree(page, name, tree) };
}

function nextMarker(page: Page<unknown>): XmlTree {
  return page.nextMarker === undefined ? {} : { NextMarker: page.nextMarker };
}

function itemsTree<T>({ items }: Page<T>, name: string, tree: (item: T) => XmlTree): XmlTree {
  return {
    Quantity: items.length,
    ...(items.length === 0 ? {} : { Items: { [name]: items.map(tree) } }),
  };
}

function readMaxItems(text: string | null): number {
  if (text === null || text === "") return MOST_ITEMS;
  if (!/^[1-9]\d*$/.test(text)) throw invalidArgument("MaxItems must be a positive number.");
  return Math.min(Number(text), MOST_ITEMS);
}
