import { countWildcards } from "../core/fold-paths.ts";
import type { Invalidation } from "../core/invalidation.ts";
import type { InvalidationCost } from "../core/invalidation-cost.ts";
import type { InvalidateResult } from "../core/results.ts";
import { renderReceipt } from "./render-result.ts";
import { count } from "./words.ts";

/** Paths listed one by one before the rest is only counted. */
const LISTED = 40;

/** What `slipway invalidate` came to, or would come to. */
export function renderInvalidate(result: InvalidateResult): readonly string[] {
  switch (result.kind) {
    case "nothing-to-do":
      return ["Nothing to invalidate: every URL answers as it did then."];
    case "dry-run":
      return [
        `Would invalidate ${subjectOf(result.invalidation)}`,
        ...listed(result.invalidation),
        priceOf(result.cost),
      ];
    case "requested":
      return result.invalidations.map(renderReceipt);
  }
}

/** How many paths, and how many of them wildcards. */
export function subjectOf(invalidation: Invalidation): string {
  switch (invalidation.kind) {
    case "none":
      return "nothing";
    case "everything":
      return `everything: ${invalidation.because}`;
    case "paths": {
      const { paths } = invalidation;
      const wildcards = countWildcards(paths);
      const stars = wildcards === 0 ? "" : ` (${count(wildcards, "wildcard")})`;
      return `${count(paths.length, "path")}${stars}`;
    }
  }
}

function listed(invalidation: Invalidation): readonly string[] {
  if (invalidation.kind !== "paths") return invalidation.kind === "none" ? [] : ["  /*"];
  const rest = invalidation.paths.length - LISTED;
  return [
    ...invalidation.paths.slice(0, LISTED).map((path) => `  ${path}`),
    ...(rest > 0 ? [`  … and ${rest} more; --json has them all`] : []),
  ];
}

/** To the cent, rounded up: nobody pays more than this says. */
function priceOf({ atMostUsd, freePathsAMonth }: InvalidationCost): string {
  const dollars = (Math.ceil(atMostUsd * 100) / 100).toFixed(2);
  const free = freePathsAMonth.toLocaleString("en-US");
  return `Costs up to US$${dollars}; the first ${free} paths of a month are free`;
}
