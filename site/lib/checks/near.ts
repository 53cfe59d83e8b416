/** The work grows with the square of the length, and nobody mistypes a longer one. */
const LONGEST = 200;

/**
 * The word that was probably meant: the one with the fewest letters different, where those are few for
 * the word's length. Of several alike the first one. Undefined when none is near.
 */
export function nearest(wanted: string, known: Iterable<string>): string | undefined {
  if (wanted.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.min(3, Math.floor(wanted.length / 3)) + 1;
  for (const word of known) {
    if (Math.abs(word.length - wanted.length) >= least) continue;
    const distance = lettersBetween(wanted.toLowerCase(), word.toLowerCase());
    if (distance >= least) continue;
    least = distance;
    best = word;
  }
  return best;
}

/** Letters to add, take away, change or swap with their neighbour (optimal string alignment). */
export function lettersBetween(a: string, b: string): number {
  let older: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const least = Math.min(
        (before[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (before[j - 1] ?? 0) + cost,
      );
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(isSwap ? Math.min(least, (older[j - 2] ?? 0) + 1) : least);
    }
    older = before;
    before = row;
  }
  return before[b.length] ?? 0;
}
