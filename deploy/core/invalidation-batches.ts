import { type Invalidation, MOST_IN_PROGRESS } from "./invalidation.ts";
import type { UrlPath } from "./keys.ts";
import { isWildcard } from "./path-tree.ts";

/** What one request asks the CDN to forget. */
export type InvalidationBatch = Exclude<Invalidation, { readonly kind: "none" }>;

/**
 * The invalidation in requests that may each be in progress alone: none has more exact paths or
 * wildcards than the CDN allows at a time. As few as possible, each path in one of them.
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
  const { exact, wildcards } = MOST_IN_PROGRESS;
  const parts = [
    inParts(
      paths.filter((path) => !isWildcard(path)),
      exact,
    ),
    inParts(paths.filter(isWildcard), wildcards),
  ];
  const amount = Math.max(...parts.map((part) => part.length));
  return Array.from({ length: amount }, (_, i) => ({
    kind: "paths",
    paths: parts.flatMap((part) => part[i] ?? []).sort(),
  }));
}

function inParts<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const amount = Math.ceil(items.length / size);
  return Array.from({ length: amount }, (_, i) => items.slice(i * size, (i + 1) * size));
}
