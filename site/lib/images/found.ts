import type { Refusal } from "./facts.ts";
import type { SiteImage } from "./variants.ts";

/** What an address in a Markdown file means. */
export type FoundImage = { readonly kind: "image"; readonly image: SiteImage } | Refusal;

/**
 * Answers what an image's address means in a Markdown file, `site/content/about.md`. The same answer as
 * long as no image changes; it notes only what was asked for, so that it can be made.
 */
export type ImageLookup = (file: string, address: string) => FoundImage;

/** Tells answers apart: two with the same id lead to the same HTML and the same problems. */
export function foundId(found: FoundImage): string {
  switch (found.kind) {
    case "image":
      return found.image.id;
    case "refused":
      return `${found.message}. ${found.fix}`;
  }
}
