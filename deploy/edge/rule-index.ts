import type { RulePattern } from "./pattern.ts";
import type { QueryCondition } from "./rules.ts";

/**
 * Finds the rules that may answer a path without asking each of them: ten thousand rules are checked
 * against each other at every build. A tree over the segments; the numbers are indices of rules.
 */
export type RuleIndex = {
  readonly literals: Map<string, RuleIndex>;
  placeholder: RuleIndex | undefined;
  readonly exact: Leaf;
  readonly splat: Leaf;
};

/** By one condition of each rule, "" where it has none; ascending. */
type Leaf = Map<string, number[]>;

/** What an index needs to know of a rule. */
type Indexed = { readonly from: RulePattern; readonly query: readonly QueryCondition[] };

export function indexRules(rules: readonly Indexed[]): RuleIndex {
  const root = newNode();
  for (const [i, { from, query }] of rules.entries()) {
    let node = root;
    for (const segment of from.segments) {
      node = segment.kind === "literal" ? literalChild(node, segment.text) : placeholderChild(node);
    }
    const leaf = from.splat ? node.splat : node.exact;
    const [key = ""] = query.map(conditionKey);
    const list = leaf.get(key);
    if (list === undefined) leaf.set(key, [i]);
    else list.push(i);
  }
  return root;
}

/** What is asked of an index: a pattern (a path is one of literals), and what is known of the query. */
export type IndexQuestion = {
  readonly from: RulePattern;
  /** Undefined: whatever the query, rules with conditions count too. */
  readonly query: readonly QueryCondition[] | undefined;
};

/**
 * The first rule that matches whatever the question's pattern matches and that is accepted. Conditions
 * on the query only narrow the search: `accepts` decides about them.
 */
export function firstRule(
  index: RuleIndex,
  { from, query }: IndexQuestion,
  accepts: (rule: number) => boolean,
): number | undefined {
  const leaves = leavesOver(index, from);
  const keys = query === undefined ? undefined : ["", ...query.flatMap(satisfiedKeys)];
  const lists = leaves.flatMap((leaf) =>
    keys === undefined ? [...leaf.values()] : keys.flatMap((key) => wrap(leaf.get(key))),
  );
  for (const rule of merged(lists)) if (accepts(rule)) return rule;
  return undefined;
}

/** A path as a pattern that matches nothing else. */
export function literalPattern(segments: readonly string[]): RulePattern {
  return { segments: segments.map((text) => ({ kind: "literal", text })), splat: false };
}

/** The leaves of all patterns that match whatever this one matches. */
function leavesOver(index: RuleIndex, { segments, splat }: RulePattern): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let nodes: readonly RuleIndex[] = [index];
  for (const segment of segments) {
    leaves.push(...nodes.map((node) => node.splat));
    nodes = nodes.flatMap((node) => [
      ...(segment.kind === "literal" ? wrap(node.literals.get(segment.text)) : []),
      ...wrap(node.placeholder),
    ]);
  }
  for (const node of nodes) leaves.push(node.splat, ...(splat ? [] : [node.exact]));
  return leaves;
}

function wrap<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** The numbers of ascending lists, ascending. */
function* merged(lists: readonly (readonly number[])[]): Generator<number> {
  const heads = lists.map((list) => ({ list, at: 0 }));
  for (;;) {
    let least: { readonly list: readonly number[]; at: number } | undefined;
    for (const head of heads) {
      if (headOf(head) < (least === undefined ? Number.POSITIVE_INFINITY : headOf(least))) {
        least = head;
      }
    }
    if (least === undefined) return;
    yield headOf(least);
    least.at += 1;
  }
}

function headOf({ list, at }: { readonly list: readonly number[]; readonly at: number }): number {
  return list[at] ?? Number.POSITIVE_INFINITY;
}

function conditionKey(condition: QueryCondition): string {
  return condition.kind === "equals"
    ? `${condition.name}=${condition.value}`
    : `${condition.name}:`;
}

/** The keys of conditions that hold wherever this one holds. */
function satisfiedKeys(condition: QueryCondition): readonly string[] {
  const bound = `${condition.name}:`;
  if (condition.kind === "bind") return [bound];
  return condition.value === "" ? [conditionKey(condition)] : [conditionKey(condition), bound];
}

function newNode(): RuleIndex {
  return { literals: new Map(), placeholder: undefined, exact: new Map(), splat: new Map() };
}

function literalChild(node: RuleIndex, text: string): RuleIndex {
  const found = node.literals.get(text);
  if (found !== undefined) return found;
  const child = newNode();
  node.literals.set(text, child);
  return child;
}

function placeholderChild(node: RuleIndex): RuleIndex {
  node.placeholder ??= newNode();
  return node.placeholder;
}
