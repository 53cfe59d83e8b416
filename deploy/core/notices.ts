import { z } from "zod";
import type { UrlPath } from "./keys.ts";
import { storedKey } from "./manifest.ts";
import type { Targets } from "./references/collect.ts";
import { findMissing, type Missing, type Present } from "./references/missing.ts";
import { findRemovedUrls, type RemovedUrlsInput } from "./removed-urls.ts";

/** What a plan tells without refusing: it may well be meant. */
export type Notice =
  | { readonly kind: "removed-urls"; readonly urls: readonly UrlPath[] }
  | { readonly kind: "broken-links"; readonly links: readonly Missing[] };

const urlPathText = z.string().transform((text) => text as UrlPath);

/** A notice as a plan document holds it. */
export const noticeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("removed-urls"), urls: z.array(urlPathText) }),
  z.strictObject({
    kind: z.literal("broken-links"),
    links: z.array(z.strictObject({ path: z.string(), from: storedKey })),
  }),
]);

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
