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
