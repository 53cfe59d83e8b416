import { keyOf } from "./address.ts";
import { boundNames, usesNames } from "./redirect-rule.ts";
import { firstRule, literalPattern } from "./rule-index.ts";
import type { RuleProblem } from "./rule-problem.ts";
import type { RuleSet } from "./rule-walk.ts";
import type { RedirectRule } from "./rules.ts";
import { addressAt, type SitePages } from "./site-pages.ts";

/** Rules that show a page that the site does not have. Pages that a placeholder names are not known. */
export function findMissingPages({ rules, site }: RuleSet): readonly RuleProblem[] {
  return rules.flatMap((rule) => {
    const key = pageKey(rule);
    if (key === undefined || site.keys.has(key)) return [];
    const reason = `it shows a page that the site does not have (${key}): add that page, or name another`;
    return [{ ...rule.source, reason }];
  });
}

/** The key of the one page that a rule shows; undefined where it redirects, or shows one of many. */
export function pageKey(rule: RedirectRule): string | undefined {
  const { answer } = rule;
  switch (answer.kind) {
    case "redirect":
      return undefined;
    case "rewrite":
      return usesNames(answer.to.path, boundNames(rule)) ? undefined : keyAt(answer.to.path);
    case "gone":
      return answer.page === undefined ? undefined : keyAt(answer.page);
  }
}

function keyAt(path: string): string | undefined {
  const canonical = addressAt(path)?.canonical;
  return canonical === undefined ? undefined : keyOf(canonical);
}

/**
 * Redirects within the site to where it has neither a file nor a rule. Worth a look, not a mistake for
 * sure: behind `/api/*` answers something else.
 */
export function findMissingTargets(set: RuleSet): readonly RuleProblem[] {
  return set.rules.flatMap((rule) => {
    const path = localTarget(rule);
    const address = path === undefined ? undefined : addressAt(path);
    if (address === undefined || isAnswered(address.canonical, address.segments, set)) return [];
    const reason = `it leads to ${address.canonical}, where the site has no page: mend the address, unless something else answers there`;
    return [{ ...rule.source, reason }];
  });
}

function localTarget(rule: RedirectRule): string | undefined {
  if (rule.answer.kind !== "redirect" || rule.answer.to.origin !== "") return undefined;
  const { path } = rule.answer.to;
  return usesNames(path, boundNames(rule)) ? undefined : path;
}

function isAnswered(
  canonical: string,
  segments: readonly string[],
  { index, site }: { readonly index: RuleSet["index"]; readonly site: SitePages },
): boolean {
  if (site.addresses.has(canonical)) return true;
  const question = { from: literalPattern(segments), query: undefined };
  return firstRule(index, question, () => true) !== undefined;
}
