/**
 * The left side of a rule: `/blog/:year/*`. Segments are decoded; a placeholder stands for exactly one
 * segment, a splat, at the end only, for whatever is left, nothing included. Compared without regard
 * to a slash at the end, because a page has one address and `decide` knows which. Case counts.
 */
export type RulePattern = {
  readonly segments: readonly PatternSegment[];
  readonly splat: boolean;
};

export type PatternSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "placeholder"; readonly name: string };
