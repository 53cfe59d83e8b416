import { type Invalidation, MOST_IN_PROGRESS } from "./invalidation.ts";
import type { UrlPath } from "./keys.ts";
import { isWildcard } from "./path-tree.ts";

/** What one request asks the CDN to forget. */
export type InvalidationBatch = Exclude<Invalidation, { readonly kind: "none" }>;

/**
 * The invalidation in requests that may each be in progress alone: none has more wildcards than the
 * CDN allows at a time, nor more paths altogether than one request takes (BC cloudfront
 * CreateInvalidation, BatchTooLarge). As few as possible, each path in one of them.
 */
export function batchesOf(invalidation: Invalidation): readonly InvalidationBatch[] {
  switch (invalidation.kind) {
    case "none":
      return [];
    case "everything":
      return [invalidation];
    case "paths":
      return batchesOfPaths(invalidation.paths);
  }
}

function batchesOfPaths(paths: readonly UrlPath[]): readonly InvalidationBatch[] {
  const exact = paths.filter((path) => !isWildcard(path));
  const wildcards = paths.filter(isWildcard);
  const batches: InvalidationBatch[] = [];
  while (exact.length > 0 || wildcards.length > 0) {
    const stars = wildcards.splice(0, MOST_IN_PROGRESS.wildcards);
    const others = exact.splice(0, MOST_IN_PROGRESS.exact - stars.length);
    batches.push({ kind: "paths", paths: [...others, ...stars].sort() });
  }
  return batches;
}
