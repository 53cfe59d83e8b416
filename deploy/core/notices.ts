import type { UrlPath } from "./keys.ts";
import type { Targets } from "./references/collect.ts";
import { findMissing, type Missing, type Present } from "./references/missing.ts";
import { findRemovedUrls, type RemovedUrlsInput } from "./removed-urls.ts";

/** What a plan tells without refusing: it may well be meant. */
export type Notice =
  | { readonly kind: "removed-urls"; readonly urls: readonly UrlPath[] }
  | { readonly kind: "broken-links"; readonly links: readonly Missing[] };

export type NoticesInput = RemovedUrlsInput & Present & { readonly links: Targets };

/** At most one notice of a kind, and none that is empty. */
export function noticesOf(input: NoticesInput): readonly Notice[] {
  const urls = findRemovedUrls(input);
  const links = findMissing(input.links, input);
  return [
    ...(urls.length === 0 ? [] : [{ kind: "removed-urls", urls } as const]),
    ...(links.length === 0 ? [] : [{ kind: "broken-links", links } as const]),
  ];
}
