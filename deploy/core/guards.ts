import type { Change } from "./change.ts";
import type { GuardRule } from "./guard-rules.ts";
import type { Manifest } from "./manifest.ts";
import { isOlder, type Provenance } from "./provenance.ts";
import type { SourceFile } from "./source.ts";

/** What the operator has lifted on purpose. */
export type GuardPolicy = { readonly allowed: ReadonlySet<GuardRule> };

/** A guard's refusal: the rule, what it allows, what it found. A plan with one is shown, not applied. */
export type Violation = {
  readonly rule: GuardRule;
  readonly limit: string;
  readonly actual: string;
  /** What a person does about it. */
  readonly next: string;
};

export type GuardInput = {
  readonly site: string;
  readonly source: readonly SourceFile[];
  readonly base: Manifest | undefined;
  readonly changes: readonly Change[];
  readonly provenance: Provenance;
  readonly policy: GuardPolicy;
};

/** Asks every guard, before the first write. An empty answer means: go ahead. */
export function checkGuards(input: GuardInput): readonly Violation[] {
  return [emptySite, noIndexPage, otherSite, caseTwins, olderCommit]
    .flatMap((guard) => guard(input))
    .filter((violation) => !input.policy.allowed.has(violation.rule));
}

function emptySite({ source }: GuardInput): readonly Violation[] {
  if (source.length > 0) return [];
  return [
    {
      rule: "empty-site",
      limit: "at least one file",
      actual: "no file at all",
      next: "Build the site first (slipway build), or check site.output in slipway.config.ts.",
    },
  ];
}

function noIndexPage({ source }: GuardInput): readonly Violation[] {
  if (source.length === 0 || source.some((file) => file.key === "index.html")) return [];
  return [
    {
      rule: "no-index-page",
      limit: "an index.html at the root",
      actual: `${source.length} files, none of them index.html`,
      next: "Check that the build finished and that site.output names its output folder.",
    },
  ];
}

function otherSite({ site, base }: GuardInput): readonly Violation[] {
  if (base === undefined || base.site === site) return [];
  return [
    {
      rule: "other-site",
      limit: `the bucket of the site "${site}"`,
      actual: `the bucket of the site "${base.site}"`,
      next: "Name the right bucket for this environment, or set site.id to the bucket's site.",
    },
  ];
}

/** Browsers and object keys tell `A.html` from `a.html`; half the laptops of the authors do not. */
function caseTwins({ source }: GuardInput): readonly Violation[] {
  const seen = new Map<string, string>();
  return source.flatMap((file): readonly Violation[] => {
    const folded = file.key.toLowerCase();
    const twin = seen.get(folded);
    seen.set(folded, file.key);
    if (twin === undefined) return [];
    return [
      {
        rule: "case-twins",
        limit: "keys that differ by more than their case",
        actual: `"${twin}" and "${file.key}"`,
        next: "Rename one of the two files.",
      },
    ];
  });
}

/** Two pipelines may finish in any order; the site must not go back to what was there before. */
function olderCommit({ provenance, base }: GuardInput): readonly Violation[] {
  if (base === undefined || !isOlder(provenance, base.provenance)) return [];
  return [
    {
      rule: "older-commit",
      limit: `a commit no older than the live one (${describe(base.provenance)})`,
      actual: describe(provenance),
      next: "Deploy the newer commit; to go back on purpose, use --allow-older-commit.",
    },
  ];
}

function describe({ commit, committedAt }: Provenance): string {
  return `${commit?.slice(0, 10) ?? "no commit"} of ${committedAt ?? "an unknown time"}`;
}
