/** How much a release may take away before somebody has to say so. */
export type RemovalCap = {
  /** Refused above this many … */
  readonly count: number;
  /** … if they are also more than this share of what is live, 0 to 1. */
  readonly share: number;
};

/** What the guards measure against. */
export type GuardLimits = {
  readonly removals: RemovalCap;
  readonly removedUrls: "report" | "refuse";
  /** Globs over keys: paths of the site's address that something else answers. */
  readonly elsewhere: readonly string[];
};

/**
 * Five pages may always go. Beyond that a fifth of the site is more than an edit takes away, and about
 * what a build loses when one of its collections comes out empty.
 */
export const DEFAULT_LIMITS: GuardLimits = {
  removals: { count: 5, share: 0.2 },
  removedUrls: "report",
  elsewhere: ["api/**"],
};
