import type { GuardInput, Violation } from "../guards.ts";
import { isOlder, type Provenance } from "../provenance.ts";

export function emptySite({ source }: GuardInput): readonly Violation[] {
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

export function noIndexPage({ source }: GuardInput): readonly Violation[] {
  if (source.length === 0 || source.some((file) => file.key === "index.html")) return [];
  return [
    {
      rule: "no-index-page",
      limit: "an index.html at the root",
      actual:
        source.length === 1
          ? "one file, and not index.html"
          : `${source.length} files, none of them index.html`,
      next: "Check that the build finished and that site.output names its output folder.",
    },
  ];
}

export function otherSite({ site, base }: GuardInput): readonly Violation[] {
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

/** What a build puts at its root when it shows what is not to be published. */
const PREVIEW_MARK = "preview-build.txt";

export function previewBuild({ source }: GuardInput): readonly Violation[] {
  if (source.every((file) => file.key !== PREVIEW_MARK)) return [];
  return [
    {
      rule: "preview-build",
      limit: "a site of what is published",
      actual: `a preview: it has ${PREVIEW_MARK} at its root`,
      next: "Build the site without drafts (slipway build).",
    },
  ];
}

/** Two pipelines may finish in any order; the site must not go back to what was there before. */
export function olderCommit({ provenance, base }: GuardInput): readonly Violation[] {
  if (base === undefined || !isOlder(provenance, base.provenance)) return [];
  return [
    {
      rule: "older-commit",
      limit: `a commit no older than the live one (${describe(base.provenance)})`,
      actual: describe(provenance),
      next: "Deploy the newer commit.",
    },
  ];
}

function describe({ commit, committedAt }: Provenance): string {
  return `${commit?.slice(0, 10) ?? "no commit"} of ${committedAt ?? "an unknown time"}`;
}
