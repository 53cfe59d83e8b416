/**
 * The wanted content of a response headers policy (BC cloudfront ResponseHeadersPolicyConfig), in our
 * words: what every answer of the site carries.
 */
export type HeadersPolicy = {
  /** Names in lower case, sorted. */
  readonly set: readonly {
    readonly name: string;
    readonly value: string;
    /** Whether it replaces the origin's own. */
    readonly override: boolean;
  }[];
  /** Names in lower case, sorted. */
  readonly remove: readonly string[];
};
