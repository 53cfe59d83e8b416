import type { HeadersPolicy } from "./headers-policy.ts";

/**
 * What is shipped to CloudFront for a set of rules: two viewer functions, the table that the first one
 * reads, and a response headers policy. A value that is compared by its digest.
 */
export type EdgeProgram = {
  /** Code of runtime cloudfront-js-2.0, at most 10 KB each. */
  readonly viewerRequest: string;
  readonly viewerResponse: string;
  /** What does not fit into the code: the entries of a KeyValueStore. Empty if all fits. */
  readonly store: ReadonlyMap<string, string>;
  readonly headersPolicy: HeadersPolicy;
};
