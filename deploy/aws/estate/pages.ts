/** Asks for page after page; `next` is where the following one begins, undefined or empty after the last. */
export async function allPages<Item>(
  ask: (
    marker: string | undefined,
  ) => Promise<{ readonly items: readonly Item[] | undefined; readonly next: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let marker: string | undefined;
  do {
    const { items = [], next } = await ask(marker);
    all.push(...items);
    marker = next || undefined;
  } while (marker !== undefined);
  return all;
}
