/** The guards by name; `--allow-NAME` lifts one of them, and only that one. */
export const GUARD_RULES = [
  "empty-site",
  "no-index-page",
  "other-site",
  "preview-build",
  "case-twins",
  "unreachable-key",
  "missing-asset",
  "too-many-removals",
  "removed-urls",
  "older-commit",
] as const;

export type GuardRule = (typeof GUARD_RULES)[number];

/**
 * What a rollback never meets: going back is what is asked for, so the commit is older and URLs go away
 * on purpose, and the names and what they name were all live before.
 */
const LIFTED_BY_ROLLBACK: ReadonlySet<GuardRule> = new Set([
  "case-twins",
  "unreachable-key",
  "missing-asset",
  "too-many-removals",
  "removed-urls",
  "older-commit",
]);

/** The guards that a rollback meets as well. */
export const ROLLBACK_GUARDS: readonly GuardRule[] = GUARD_RULES.filter(
  (rule) => !LIFTED_BY_ROLLBACK.has(rule),
);
