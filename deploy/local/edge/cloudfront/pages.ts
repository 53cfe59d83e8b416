import { invalidArgument } from "./api-error.ts";

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
export function pageOf<T extends { readonly id: string }>(
  items: readonly T[],
  query: URLSearchParams,
): Page<T> {
  const marker = query.get("Marker") ?? "";
  const maxItems = readMaxItems(query.get("MaxItems"));
  const start = marker === "" ? 0 : items.findIndex(({ id }) => id === marker) + 1;
  if (marker !== "" && start === 0) throw invalidArgument("The marker names no item of the list.");
  const page = items.slice(start, start + maxItems);
  const isTruncated = start + page.length < items.length;
  return { marker, maxItems, items: page, nextMarker: isTruncated ? page.at(-1)?.id : undefined };
}

function readMaxItems(text: string | null): number {
  if (text === null || text === "") return MOST_ITEMS;
  if (!/^[1-9]\d*$/.test(text)) throw invalidArgument("MaxItems must be a positive number.");
  return Math.min(Number(text), MOST_ITEMS);
}
