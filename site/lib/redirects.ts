import { type Alias, comparable } from "./aliases.ts";
import type { Problem } from "./problem.ts";

/** What the finished site says about where addresses lead. */
export type RedirectSources = {
  /** The text of the hand-kept rules, and where it is. */
  readonly written: string;
  readonly file: string;
  readonly aliases: readonly Alias[];
  /** The addresses of what was made of a content file: none for a post that waits. */
  readonly addressesOf: (file: string) => readonly string[];
  /** The address of every file of the site. */
  readonly addresses: readonly string[];
};

/** `text` is empty where the site has no rules. */
export type Redirects = { readonly text: string; readonly problems: readonly Problem[] };

/**
 * The rules of the site: one for each alias, in the order of the aliases, and then those kept by hand,
 * as they stand. So an old address of a page wins over a rule for everything around it.
 */
export function makeRedirects(sources: RedirectSources): Redirects {
  const rules = readRules(sources.written);
  const { lines, problems } = readMoves(sources, rules);
  const text = [
    ...(lines.length > 0
      ? ["# Old addresses that pages name in their front matter.", ...lines]
      : []),
    ...(lines.length > 0 && rules.length > 0 ? [""] : []),
    ...(rules.length > 0 ? [`# From ${sources.file}.`, sources.written.trimEnd()] : []),
  ].join("\n");
  return {
    text: text === "" ? "" : `${text}\n`,
    problems: [...problems, ...checkTargets(sources, rules)],
  };
}

type Rule = { readonly line: number; readonly words: readonly string[] };

/** Only what the site itself must know of a rule: a deploy reads every word. */
function readRules(text: string): readonly Rule[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const words = line
      .replace(/(^|\s)#.*$/, "")
      .split(/\s+/)
      .filter((word) => word !== "");
    return words.length > 0 ? [{ line: i + 1, words }] : [];
  });
}

function readMoves(sources: RedirectSources, rules: readonly Rule[]) {
  const taken = new Map(sources.addresses.map((path) => [comparable(path), "a page of this site"]));
  for (const { line, words } of rules) {
    const [from = "", next = ""] = words;
    const where = `a rule in ${sources.file}:${line}`;
    if (!next.includes("=")) taken.set(comparable(from), where);
  }
  const lines: string[] = [];
  const problems: Problem[] = [];
  for (const alias of sources.aliases) {
    const targets = sources.addressesOf(alias.file);
    const [target] = targets;
    if (target === undefined) continue;
    const other = taken.get(comparable(alias.path));
    const { file, line, path } = alias;
    const problem = { file, line, field: "aliases" };
    if (targets.length > 1) {
      problems.push({ ...problem, message: "stand in a template of several pages", fix: INSTEAD });
    } else if (other !== undefined) {
      const message = `has "${path}", which is the address of ${other}`;
      problems.push({ ...problem, message, fix: "Remove one of them." });
    } else {
      taken.set(comparable(path), `an old page too, in ${file}:${line}`);
      lines.push(`${path}  ${encodeURI(target)}  301`);
    }
  }
  return { lines, problems };
}

const INSTEAD = "Write a rule in site/rules/_redirects.";

/** Rules that lead to one page of this site, which is not there. */
function checkTargets({ file, addresses }: RedirectSources, rules: readonly Rule[]) {
  const known = new Set(addresses);
  return rules.flatMap(({ line, words }): readonly Problem[] => {
    const target = words.slice(1).find((word) => word.startsWith("/"));
    if (target === undefined || target.startsWith("//") || target.includes(":")) return [];
    const path = target.replace(/[?#].*$/, "");
    if (known.has(path)) return [];
    const slashed = known.has(`${path}/`);
    const message = slashed ? "has no slash at its end" : "leads to nothing in the site";
    const fix = slashed ? `Write ${path}/.` : "Correct it, or add what it names.";
    return [{ file, line, field: `"${target}"`, message, fix }];
  });
}
