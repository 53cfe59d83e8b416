import { z } from "zod";
import type { UrlPath } from "./keys.ts";
import { storedKey } from "./manifest.ts";
import type { Targets } from "./references/collect.ts";
import { findMissing, type Missing, type Present } from "./references/missing.ts";
import { findRemovedUrls, type RemovedUrlsInput } from "./removed-urls.ts";

/** What a plan tells without refusing: it may well be meant. */
export type Notice =
  | { readonly kind: "removed-urls"; readonly urls: readonly UrlPath[] }
  | { readonly kind: "broken-links"; readonly links: readonly Missing[] }
  | { readonly kind: "edge-rules"; readonly rules: readonly string[] };

const urlPathText = z.string().transform((text) => text as UrlPath);

/** A notice as a plan document holds it. */
export const noticeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("removed-urls"), urls: z.array(urlPathText) }),
  z.strictObject({
    kind: z.literal("broken-links"),
    links: z.array(z.strictObject({ path: z.string(), from: storedKey })),
  }),
  z.strictObject({ kind: z.literal("edge-rules"), rules: z.array(z.string()) }),
]);

export type NoticesInput = RemovedUrlsInput &
  Present & {
    readonly links: Targets;
    /** What is worth a look among the rules for the edge. */
    readonly rules: readonly string[];
  };

/** At most one notice of a kind, and none that is empty. */
export function noticesOf(input: NoticesInput): readonly Notice[] {
  const { rules } = input;
  const urls = findRemovedUrls(input);
  const links = findMissing(input.links, input);
  return [
    ...(urls.length === 0 ? [] : [{ kind: "removed-urls", urls } as const]),
    ...(links.length === 0 ? [] : [{ kind: "broken-links", links } as const]),
    ...(rules.length === 0 ? [] : [{ kind: "edge-rules", rules } as const]),
  ];
}
