import { findNameProblem, findValueProblem } from "./header-field.ts";
import { parsePattern } from "./pattern.ts";
import type { PathHeaders, RuleSource } from "./rules.ts";

/** A line under a path, taken apart but not yet understood. */
export type WrittenHeader =
  | { readonly kind: "set"; readonly name: string; readonly value: string }
  | { readonly kind: "remove"; readonly name: string };

/** What is wrong with a block; `at` is the index of the line under the path, or undefined for the path. */
export type BlockProblem = { readonly at: number | undefined; readonly reason: string };

export type ReadBlock = {
  /** Undefined where the path is wrong. What is wrong with single lines is left out of it. */
  readonly block: PathHeaders | undefined;
  readonly problems: readonly BlockProblem[];
};

/**
 * Makes a block of a path and the lines under it. A name that is set twice is joined with ", ". What
 * is taken away is taken away before anything is set, whatever the order of the lines.
 */
export function readBlock(
  path: string,
  lines: readonly WrittenHeader[],
  source: RuleSource,
): ReadBlock {
  const from = parsePattern(path);
  const bound = from.kind === "problem" ? [] : boundBy(from.pattern);
  const problems: BlockProblem[] = [];
  if (from.kind === "problem") problems.push({ at: undefined, reason: from.reason });
  const good: WrittenHeader[] = [];
  for (const [at, line] of lines.entries()) {
    const reason = findHeaderProblem(line, bound);
    if (reason === undefined) good.push(line);
    else problems.push({ at, reason });
  }
  if (from.kind === "problem") return { block: undefined, problems };
  return { block: { from: from.pattern, ...join(good), source }, problems };
}

function boundBy(pattern: PathHeaders["from"]): readonly string[] {
  const names = pattern.segments.flatMap((one) => (one.kind === "placeholder" ? [one.name] : []));
  return pattern.splat ? [...names, "splat"] : names;
}

function findHeaderProblem(line: WrittenHeader, bound: readonly string[]): string | undefined {
  switch (line.kind) {
    case "set":
      return findNameProblem(line.name) ?? findValueProblem(line.name, line.value, bound);
    case "remove":
      return findNameProblem(line.name);
  }
}

function join(lines: readonly WrittenHeader[]): Pick<PathHeaders, "set" | "remove"> {
  const values = new Map<string, string>();
  const removed = new Set<string>();
  for (const line of lines) {
    const name = line.name.toLowerCase();
    if (line.kind === "remove") removed.add(name);
    else values.set(name, joinValues(values.get(name), line.value));
  }
  return { set: [...values].map(([name, value]) => ({ name, value })), remove: [...removed] };
}

/** Two values of one header in one line (RFC 9110 5.3). */
export function joinValues(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`;
}
