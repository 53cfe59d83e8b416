/** Edits that a typo is made of at most. */
const TYPO = 2;

/** The candidate that a name was probably meant to be: the nearest, if it is near enough. */
export function similarName(name: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(name, candidate) }))
    .filter(({ candidate, distance }) => distance > 0 && distance <= limitFor(candidate))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** In a short name two edits make any other: `ab.de` and `cd.de` are no typos of each other. */
function limitFor(name: string): number {
  const longest = Math.max(...name.split(".").map((label) => label.length));
  return longest < 6 ? 1 : TYPO;
}

/** Letters left out, put in, replaced, or swapped with their neighbour (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + cost,
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
