/** How many slips of the hand a word of some length may have and still be meant. */
export function forgivenSlips(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}

/**
 * How many letters have to be put in, left out, changed or swapped with their neighbour to make one word
 * of the other; `most + 1` where it is more than `most`. (Optimal string alignment, row by row.)
 */
export function slipsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  let row: number[] = [];
  for (let i = 1; i <= a.length; i += 1) {
    if (fillRow(row, i, { a, b, above, before }) > most) return most + 1;
    [before, above, row] = [above, row, before];
  }
  return Math.min(cell(above, b.length), most + 1);
}

type Table = {
  readonly a: string;
  readonly b: string;
  /** The row over the one to fill, and the row over that. */
  readonly above: readonly number[];
  readonly before: readonly number[];
};

/** Fills the row for the first `i` letters of `a`, and gives its least value. */
function fillRow(row: number[], i: number, { a, b, above, before }: Table): number {
  row[0] = i;
  let least = i;
  for (let j = 1; j <= b.length; j += 1) {
    const changed = cell(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
    let slips = Math.min(changed, cell(above, j) + 1, cell(row, j - 1) + 1);
    const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    if (isSwapped) slips = Math.min(slips, cell(before, j - 2) + 1);
    row[j] = slips;
    if (slips < least) least = slips;
  }
  return least;
}

function cell(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
