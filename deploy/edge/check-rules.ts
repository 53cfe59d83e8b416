import { findEndless } from "./endless-rules.ts";
import { findMissingPages, findMissingTargets } from "./missing-targets.ts";
import type { RuleProblem } from "./rule-problem.ts";
import type { RuleSet } from "./rule-walk.ts";
import { findShadowed } from "./shadowed-rules.ts";

export type CheckedRules = {
  /** Rules that would do harm or nothing. */
  readonly problems: readonly RuleProblem[];
  /** Rules that are worth a look. */
  readonly notices: readonly RuleProblem[];
};

/**
 * What no rule shows by itself, but rules show together, and beside the site: loops, chains that are
 * too long, rules that never apply, pages that are missing. Takes about as long as there are rules.
 */
export function checkRules(set: RuleSet): CheckedRules {
  return {
    problems: [...findShadowed(set), ...findEndless(set), ...findMissingPages(set)],
    notices: findMissingTargets(set),
  };
}
