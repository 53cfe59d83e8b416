import type { Change } from "./change.ts";
import type { GuardLimits } from "./guard-limits.ts";
import type { GuardRule } from "./guard-rules.ts";
import { missingAsset } from "./guards/assets.ts";
import { caseTwins, unreachableKey } from "./guards/names.ts";
import { removedUrls, tooManyRemovals } from "./guards/removals.ts";
import { emptySite, noIndexPage, olderCommit, otherSite, previewBuild } from "./guards/site.ts";
import type { Manifest } from "./manifest.ts";
import type { Provenance } from "./provenance.ts";
import type { References } from "./references/collect.ts";
import type { SourceFile } from "./source.ts";

/** What the guards measure against, and which of them the operator has lifted on purpose. */
export type GuardPolicy = {
  readonly allowed: ReadonlySet<GuardRule>;
  /** The defaults, if it is left out. */
  readonly limits?: GuardLimits;
};

/** A guard's refusal: the rule, what it allows, what it found. A plan with one is shown, not applied. */
export type Violation = {
  readonly rule: GuardRule;
  readonly limit: string;
  readonly actual: string;
  /** What a person does about it. */
  readonly next: string;
};

/** Whether a path of the site, with its first slash, is sent on to another one. */
export type Redirects = (path: string) => boolean;

export type GuardInput = {
  readonly site: string;
  readonly source: readonly SourceFile[];
  readonly base: Manifest | undefined;
  readonly changes: readonly Change[];
  readonly provenance: Provenance;
  readonly references: References;
  readonly redirects: Redirects;
  readonly limits: GuardLimits;
};

const GUARDS: readonly ((input: GuardInput) => readonly Violation[])[] = [
  emptySite,
  noIndexPage,
  otherSite,
  previewBuild,
  caseTwins,
  unreachableKey,
  missingAsset,
  tooManyRemovals,
  removedUrls,
  olderCommit,
];

/**
 * Asks every guard, before the first write. An empty answer means: go ahead. Each violation says with
 * which flag it is lifted.
 */
export function checkGuards(
  input: GuardInput,
  allowed: ReadonlySet<GuardRule>,
): readonly Violation[] {
  return GUARDS.flatMap((guard) => guard(input))
    .filter((violation) => !allowed.has(violation.rule))
    .map((violation) => ({
      ...violation,
      next: `${violation.next} To go ahead on purpose, add --allow-${violation.rule}.`,
    }));
}
