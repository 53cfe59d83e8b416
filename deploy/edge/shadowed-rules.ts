import { firstRule } from "./rule-index.ts";
import { type RuleProblem, sourceText } from "./rule-problem.ts";
import type { RuleSet } from "./rule-walk.ts";
import type { QueryCondition, RedirectRule } from "./rules.ts";
import { addressAt } from "./site-pages.ts";

/**
 * The rules that can never answer: an earlier one always does, or the site has a file there and the
 * rule is without force.
 */
export function findShadowed(set: RuleSet): readonly RuleProblem[] {
  return set.rules.flatMap((rule, i) => {
    const reason = findPage(rule, set) ?? findEarlier(rule, i, set);
    return reason === undefined ? [] : [{ ...rule.source, reason }];
  });
}

function findPage(rule: RedirectRule, { site }: RuleSet): string | undefined {
  const address = onlyAddress(rule);
  if (rule.force || address === undefined || !site.addresses.has(address)) return undefined;
  return `the site has ${address} itself, which comes first, so the rule never applies: delete one of the two, or write ! behind the status (\`301!\`)`;
}

/** The one address that a rule without placeholders answers. */
function onlyAddress({ from }: RedirectRule): string | undefined {
  const texts = from.segments.flatMap((one) => (one.kind === "literal" ? [one.text] : []));
  if (from.splat || texts.length < from.segments.length) return undefined;
  return addressAt(`/${texts.join("/")}`)?.canonical;
}

function findEarlier(rule: RedirectRule, at: number, set: RuleSet): string | undefined {
  const first = firstRule(set.index, rule, (candidate) => {
    const earlier = set.rules[candidate];
    return candidate >= at || (earlier !== undefined && alwaysFirst(earlier, rule, set));
  });
  const earlier = first === undefined || first >= at ? undefined : set.rules[first];
  if (earlier === undefined) return undefined;
  return `${sourceText(earlier.source)} answers first wherever this rule would, so it never applies: delete one of the two, or put this one above it`;
}

function alwaysFirst(earlier: RedirectRule, later: RedirectRule, { site }: RuleSet): boolean {
  if (!earlier.query.every((one) => later.query.some((other) => implies(other, one)))) return false;
  if (earlier.force || !later.force) return true;
  // Without force it leaves to the later one just the addresses of the site.
  const address = onlyAddress(later);
  return address !== undefined && !site.addresses.has(address);
}

function implies(stricter: QueryCondition, wider: QueryCondition): boolean {
  if (stricter.name !== wider.name) return false;
  if (wider.kind === "equals") return stricter.kind === "equals" && stricter.value === wider.value;
  return stricter.kind === "bind" || stricter.value !== "";
}
