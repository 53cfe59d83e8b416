/** One place where a text became another: what stood there, and what stands there now. */
export type Edit = { readonly removed: string; readonly added: string };

/** A stretch of either list between two places where they agree. */
type Gap = {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
};

/**
 * How `before` became `after`, in order; empty when they are equal. Lines first, then words and tags
 * within the lines that differ, so that one changed word in a long line is one short edit. Takes time
 * in proportion to the texts, also when they have nothing in common.
 */
export function editsBetween(before: string, after: string): readonly Edit[] {
  if (before === after) return [];
  const [a, b] = [linesOf(before), linesOf(after)];
  return gapsBetween(a, b).flatMap(({ from, to }) =>
    editsInLines(a.slice(from[0], to[0]).join(""), b.slice(from[1], to[1]).join("")),
  );
}

function editsInLines(before: string, after: string): readonly Edit[] {
  const [a, b] = [tokensOf(before), tokensOf(after)];
  return gapsBetween(a, b).map((gap) => editIn(gap, a, b));
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Tags, words and the white space between them; together they are the whole text. */
function tokensOf(text: string): readonly string[] {
  return text.match(/<[^<>]*>|\s+|[^\s<]+|</g) ?? [];
}

/** With the word before it where there is one: "© 2025" says more than "2025". */
function editIn({ from, to }: Gap, a: readonly string[], b: readonly string[]): Edit {
  const isReplacement = from[0] < to[0] && from[1] < to[1];
  const lead = isReplacement ? wordBefore(from, a, b) : 0;
  const removed = a.slice(from[0] - lead, to[0]).join("");
  const added = b.slice(from[1] - lead, to[1]).join("");
  const trimmed = { removed: removed.trim(), added: added.trim() };
  return trimmed.removed === trimmed.added ? { removed, added } : trimmed;
}

/** How many tokens back the word begins that both sides have before the gap, in the same run of text. */
function wordBefore(
  [inA, inB]: readonly [number, number],
  a: readonly string[],
  b: readonly string[],
): number {
  const lead = a[inA - 1]?.trim() === "" ? 2 : 1;
  const word = a[inA - lead];
  const isShared = word !== undefined && word === b[inB - lead] && a[inA - 1] === b[inB - 1];
  return isShared && !word.startsWith("<") && word.trim() !== "" ? lead : 0;
}

/**
 * The gaps between the places where two lists agree, in order. What is unique in both is where they are
 * held together (patience diff, Bram Cohen): no quadratic table, and no agreement on mere braces.
 */
function gapsBetween(a: readonly string[], b: readonly string[]): readonly Gap[] {
  const gaps: Gap[] = [];
  const open: Gap[] = [{ from: [0, 0], to: [a.length, b.length] }];
  for (let gap = open.pop(); gap !== undefined; gap = open.pop()) {
    const shrunk = withoutEqualEnds(gap, a, b);
    if (shrunk.from[0] === shrunk.to[0] && shrunk.from[1] === shrunk.to[1]) continue;
    const anchors = anchorsIn(shrunk, a, b);
    if (anchors.length === 0) gaps.push(shrunk);
    else open.push(...between(shrunk, anchors).reverse());
  }
  return gaps;
}

function withoutEqualEnds({ from, to }: Gap, a: readonly string[], b: readonly string[]): Gap {
  let [startA, startB] = from;
  let [endA, endB] = to;
  while (startA < endA && startB < endB && a[startA] === b[startB]) {
    startA += 1;
    startB += 1;
  }
  while (endA > startA && endB > startB && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  return { from: [startA, startB], to: [endA, endB] };
}

type Anchor = readonly [number, number];

/** What occurs once in either side of the gap, as many of them as keep their order. */
function anchorsIn({ from, to }: Gap, a: readonly string[], b: readonly string[]): Anchor[] {
  const inB = placesOfUnique(b, from[1], to[1]);
  const pairs: Anchor[] = [];
  for (const [token, place] of placesOfUnique(a, from[0], to[0])) {
    const other = inB.get(token);
    if (other !== undefined && token.trim() !== "") pairs.push([place, other]);
  }
  return longestRising(pairs.sort(([x], [y]) => x - y));
}

function placesOfUnique(list: readonly string[], from: number, to: number): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (let i = from; i < to; i++) {
    const token = list[i] ?? "";
    if (places.has(token)) repeated.add(token);
    else places.set(token, i);
  }
  for (const token of repeated) places.delete(token);
  return places;
}

/** The longest chain in which the second number rises too. */
function longestRising(pairs: readonly Anchor[]): Anchor[] {
  const tops: number[] = [];
  const previous: number[] = [];
  for (const [i, [, place]] of pairs.entries()) {
    const length = firstNotBelow(tops, place, pairs);
    previous[i] = length === 0 ? -1 : (tops[length - 1] ?? -1);
    tops[length] = i;
  }
  const chain: Anchor[] = [];
  for (let i = tops.at(-1) ?? -1; i >= 0; i = previous[i] ?? -1) {
    const pair = pairs[i];
    if (pair !== undefined) chain.push(pair);
  }
  return chain.reverse();
}

function firstNotBelow(tops: readonly number[], place: number, pairs: readonly Anchor[]): number {
  let [low, high] = [0, tops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const top = pairs[tops[middle] ?? 0]?.[1] ?? 0;
    if (top < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between({ from, to }: Gap, anchors: readonly Anchor[]): Gap[] {
  const starts = [from, ...anchors.map(([inA, inB]): Anchor => [inA + 1, inB + 1])];
  const ends = [...anchors, to];
  return starts.map((start, i) => ({ from: start, to: ends[i] ?? to }));
}
