/** One page of a list that is too long for one: what stands on it, and where its neighbours are. */
export type ListPage<Item> = {
  readonly items: readonly Item[];
  /** From 1. */
  readonly number: number;
  readonly pages: number;
  /** The place of its first and its last item in the whole list, from 1; 0 in an empty one. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
  readonly url: string;
  readonly newer: string | undefined;
  readonly older: string | undefined;
};

/**
 * A list cut into pages of `size` items, at least one page. The first has the address `base`, the others
 * their number below it: `/blog/`, `/blog/2/`.
 */
export function listPages<Item>(
  items: readonly Item[],
  { base, size }: { readonly base: string; readonly size: number },
): readonly ListPage<Item>[] {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const urlOf = (number: number) => (number === 1 ? base : `${base}${number}/`);
  return Array.from({ length: pages }, (_, index) => {
    const number = index + 1;
    const shown = items.slice(index * size, number * size);
    return {
      items: shown,
      number,
      pages,
      first: shown.length === 0 ? 0 : index * size + 1,
      last: index * size + shown.length,
      total: items.length,
      url: urlOf(number),
      newer: number > 1 ? urlOf(number - 1) : undefined,
      older: number < pages ? urlOf(number + 1) : undefined,
    };
  });
}
