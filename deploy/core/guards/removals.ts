import type { GuardInput, Violation } from "../guards.ts";
import { type ObjectKey, urlPath } from "../keys.ts";
import { findRemovedUrls } from "../removed-urls.ts";
import { roleOf } from "../source.ts";
import { listing } from "./listing.ts";

/**
 * More goes away than an edit takes away: the build lost something. Pages and other files are measured
 * apart, so that many images do not hide the loss of most pages. What has become obsolete earlier, what
 * stays for its time of grace, and what is redirected are no loss. An object that somebody else stored
 * counts like our own: it may be all that its owner has.
 */
export function tooManyRemovals(input: GuardInput): readonly Violation[] {
  const { base, changes, redirects, limits } = input;
  if (base === undefined) return [];
  const expired = new Set(base.obsolete.map((entry) => entry.key));
  const removed = changes
    .flatMap((change) => (change.kind === "remove" ? [change.key] : []))
    .filter((key) => !expired.has(key) && !redirects(urlPath(key)));
  const live = [...new Set([...base.files.keys(), ...removed])];
  return [
    ...measure("pages", removed.filter(isPage), live.filter(isPage), limits),
    ...measure("other files", removed.filter(isNoPage), live.filter(isNoPage), limits),
  ];
}

function measure(
  what: string,
  removed: readonly ObjectKey[],
  live: readonly ObjectKey[],
  { removals: { count, share } }: GuardInput["limits"],
): readonly Violation[] {
  if (removed.length <= count || removed.length <= share * live.length) return [];
  return [
    {
      rule: "too-many-removals",
      limit: `at most ${count} ${what}, or ${percent(share)} of those that are live`,
      actual: `${removed.length} of ${live.length} (${percent(removed.length / live.length)}): ${listing(removed)}`,
      next: "Check that the build is complete.",
    },
  ];
}

function isPage(key: ObjectKey): boolean {
  return roleOf(key) === "page";
}

function isNoPage(key: ObjectKey): boolean {
  return !isPage(key);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Refuses only where the config asks for it; otherwise the plan tells them. */
export function removedUrls(input: GuardInput): readonly Violation[] {
  if (input.limits.removedUrls === "report") return [];
  const urls = findRemovedUrls(input);
  if (urls.length === 0) return [];
  return [
    {
      rule: "removed-urls",
      limit: "every address that was live still answers, or is redirected",
      actual: listing(urls),
      next: "Keep the pages, or redirect their addresses.",
    },
  ];
}
