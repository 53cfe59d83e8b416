/**
 * The wildcards that are worth a thought, as a tree: each node is the longest common beginning of two
 * or more wanted paths. Any other wildcard covers the same wanted paths as one of these, and no fewer
 * of the others.
 */
export type PathTree = {
  /** What a node's wildcard says before its star. Children come before their parents. */
  readonly prefixes: readonly string[];
  /** Index of the parent; -1 for the root, which is the last node. */
  readonly parents: Int32Array;
  /** Live paths that begin with the prefix although nobody wants them forgotten. */
  readonly overReach: Int32Array;
  /** Wanted paths that hang on the node itself, not on a child: exact ones, and wildcards. */
  readonly exact: Int32Array;
  readonly wildcards: Int32Array;
};

/** Whether the CDN reads the path as a wildcard: it does so by its last character alone. */
export function isWildcard(path: string): boolean {
  return path.endsWith("*");
}

/** What a path says before its star; an exact path says all of it. */
export function stemOf(path: string): string {
  return isWildcard(path) ? path.slice(0, -1) : path;
}

type Branching = {
  /** Of the prefix, which is the beginning of `sample`. */
  readonly length: number;
  readonly sample: string;
  parent: Branching | undefined;
  index: number;
  exact: number;
  wildcards: number;
};

/**
 * The tree over at least two wanted paths: sorted by stem, none covered by another. `others` are the
 * beginnings of live paths that nobody wants forgotten, sorted. Takes time and memory in proportion
 * to their number, apart from one binary search a node.
 */
export function pathTree(wanted: readonly string[], others: readonly string[]): PathTree {
  const nodes = branchingsOf(wanted);
  const reach = reachOf(nodes, others);
  const heirs = heirsOf(nodes, reach);
  const kept = nodes.filter((node) => heirs[node.index] === node.index);
  const places = new Int32Array(nodes.length).fill(-1);
  for (const [place, node] of kept.entries()) places[node.index] = place;
  const placeOf = (node: Branching) => places[heirs[node.index] ?? -1] ?? -1;

  const exact = new Int32Array(kept.length);
  const wildcards = new Int32Array(kept.length);
  for (const node of nodes) {
    const place = placeOf(node);
    exact[place] = (exact[place] ?? 0) + node.exact;
    wildcards[place] = (wildcards[place] ?? 0) + node.wildcards;
  }
  return {
    prefixes: kept.map(({ sample, length }) => sample.slice(0, length)),
    parents: Int32Array.from(kept, ({ parent }) => (parent === undefined ? -1 : placeOf(parent))),
    overReach: Int32Array.from(kept, ({ index }) => reach[index] ?? 0),
    exact,
    wildcards,
  };
}

/** Where two neighbours part, in an order that has children before their parents. */
function branchingsOf(wanted: readonly string[]): readonly Branching[] {
  const stems = wanted.map(stemOf);
  const first = stems[0] ?? "";
  const root = branching(first, commonLength(first, stems.at(-1) ?? ""));
  const open = [root];
  const closed: Branching[] = [];

  /** Closes what is deeper than `length`, and makes sure that a node of that length is open. */
  const descendTo = (length: number, sample: string): void => {
    for (let top = open.at(-1); top !== undefined && top.length > length; top = open.at(-1)) {
      open.pop();
      top.index = closed.push(top) - 1;
      const above = open.at(-1);
      if (above === undefined || above.length < length) open.push(branching(sample, length));
      top.parent = open.at(-1);
    }
    const deepest = open.at(-1);
    if (deepest !== undefined && deepest.length < length) open.push(branching(sample, length));
  };

  for (const [i, path] of wanted.entries()) {
    const stem = stems[i] ?? "";
    const next = stems[i + 1];
    const ahead = next === undefined ? 0 : commonLength(stem, next);
    const deepest = open.at(-1);
    if (deepest !== undefined && deepest.length < ahead) open.push(branching(stem, ahead));
    const home = open.at(-1) ?? root;
    if (isWildcard(path)) home.wildcards += 1;
    else home.exact += 1;
    if (next !== undefined) descendTo(ahead, stem);
  }
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    top.index = closed.push(top) - 1;
    top.parent = open.at(-1);
  }
  return closed;
}

function branching(sample: string, length: number): Branching {
  return { length, sample, parent: undefined, index: -1, exact: 0, wildcards: 0 };
}

/**
 * How much two paths have in common, as far as a wildcard can say it: whole characters, because half
 * an escape is no path, and nothing from a tilde on (see `exactPath` in `invalidation.ts`).
 */
function commonLength(a: string, b: string): number {
  const longest = Math.min(a.length, b.length);
  let end = 0;
  while (end < longest && a.charCodeAt(end) === b.charCodeAt(end) && a[end] !== "~") end += 1;
  if (a[end - 1] === "%") end -= 1;
  else if (a[end - 2] === "%") end -= 2;
  while (continuesCharacter(a, end) || continuesCharacter(b, end)) end -= 3;
  return end;
}

/** Whether the text goes on with an escaped byte that is not the first of its UTF-8 character. */
function continuesCharacter(text: string, at: number): boolean {
  return text[at] === "%" && /[89ABab]/.test(text[at + 1] ?? "") && at >= 3;
}

/** How many of the sorted `others` begin with each node's prefix. */
function reachOf(nodes: readonly Branching[], others: readonly string[]): Int32Array {
  const from = new Int32Array(nodes.length);
  const to = new Int32Array(nodes.length);
  for (const node of [...nodes].reverse()) {
    const { parent, index, sample, length } = node;
    const low = parent === undefined ? 0 : (from[parent.index] ?? 0);
    const high = parent === undefined ? others.length : (to[parent.index] ?? 0);
    const prefix = sample.slice(0, length);
    from[index] = firstNotBefore(others, prefix, low, high);
    // Encoded paths are ASCII, so nothing that begins with the prefix comes after this.
    to[index] = firstNotBefore(others, `${prefix}\x7f`, low, high);
  }
  return to.map((end, index) => end - (from[index] ?? 0));
}

function firstNotBefore(sorted: readonly string[], text: string, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * For each node the node that stands for it: a wildcard that reaches no further than a narrower one
 * covers more for the same price, so the narrower is never the better choice.
 */
function heirsOf(nodes: readonly Branching[], reach: Int32Array): Int32Array {
  const heirs = new Int32Array(nodes.length);
  for (const { index, parent } of [...nodes].reverse()) {
    const replaced = parent !== undefined && reach[parent.index] === reach[index];
    heirs[index] = replaced ? (heirs[parent.index] ?? index) : index;
  }
  return heirs;
}
