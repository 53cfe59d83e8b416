const NAMED = 10;

/** The first ten, and how many more there are. */
export function listing(items: readonly string[]): string {
  const named = items.slice(0, NAMED).join(", ");
  return items.length > NAMED ? `${named} and ${items.length - NAMED} more` : named;
}
