import type { Manifest } from "./manifest.ts";
import type { SourceFile } from "./source.ts";

/** A guard's refusal: the rule, what it allows, what it found. A plan with one is shown, not applied. */
export type Violation = {
  readonly rule: "empty-site" | "no-index-page" | "other-site" | "case-twins";
  readonly limit: string;
  readonly actual: string;
  /** What a person does about it. */
  readonly next: string;
};

export type GuardInput = {
  readonly site: string;
  readonly source: readonly SourceFile[];
  readonly base: Manifest | undefined;
};

/** Asks every guard, before the first write. An empty answer means: go ahead. */
export function checkGuards(input: GuardInput): readonly Violation[] {
  return [emptySite, noIndexPage, otherSite, caseTwins].flatMap((guard) => guard(input));
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
