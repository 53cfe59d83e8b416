import { type Alias, comparable } from "./aliases.ts";
import { checkRedirects } from "./checks/redirect-check.ts";
import type { Problem } from "./problem.ts";
import { aliasRule, type RedirectRule, readRedirectRules } from "./redirect-rules.ts";

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
  /** Pages that are missing for a reason: what is said of a rule that leads to one, null for nothing. */
  readonly missing: ReadonlyMap<string, string | null>;
};

/** `text` is empty where the site has no rules. */
export type Redirects = {
  readonly text: string;
  readonly rules: readonly RedirectRule[];
  readonly problems: readonly Problem[];
};

/**
 * The rules of the site: one for each alias, in the order of the aliases, and then those kept by hand,
 * as they stand. So an old address of a page wins over a rule for everything around it.
 */
export function makeRedirects(sources: RedirectSources): Redirects {
  const { written, file, addresses, missing } = sources;
  const kept = readRedirectRules(file, written);
  const { moves, problems } = readMoves(sources, kept);
  const rules = [...moves, ...kept];
  const lines = moves.map(({ from, to }) => `${from}  ${to}  301`);
  const text = [
    ...(lines.length > 0
      ? ["# Old addresses that pages name in their front matter.", ...lines]
      : []),
    ...(lines.length > 0 && hasText(written) ? [""] : []),
    ...(hasText(written) ? [`# From ${file}.`, written.trimEnd()] : []),
  ].join("\n");
  return {
    text: text === "" ? "" : `${text}\n`,
    rules,
    problems: [...problems, ...checkRedirects({ rules, addresses, missing })],
  };
}

/** Comments alone say nothing to an edge. */
function hasText(written: string): boolean {
  return /^[^\S\n]*[^\s#]/m.test(written);
}

function readMoves(sources: RedirectSources, rules: readonly RedirectRule[]) {
  const taken = new Map(sources.addresses.map((path) => [comparable(path), "a page of this site"]));
  for (const { line, from, query } of rules) {
    if (query.length === 0) taken.set(comparable(from), `a rule in ${sources.file}:${line}`);
  }
  const moves: RedirectRule[] = [];
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
      moves.push(aliasRule(alias, target));
    }
  }
  return { moves, problems };
}

const INSTEAD = "Write a rule in site/rules/_redirects.";
