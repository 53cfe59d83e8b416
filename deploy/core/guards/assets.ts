import type { GuardInput, Violation } from "../guards.ts";
import { findMissing } from "../references/missing.ts";
import { listing } from "./listing.ts";

/** A page that loads a file which is not there looks broken to everybody; so nobody shall see it. */
export function missingAsset({ source, references, limits }: GuardInput): readonly Violation[] {
  const keys = new Set<string>(source.map((file) => file.key));
  const missing = findMissing(references.assets, { keys, elsewhere: limits.elsewhere });
  if (missing.length === 0) return [];
  return [
    {
      rule: "missing-asset",
      limit: "pages, stylesheets and web manifests that load only what the site has",
      actual: listing(missing.map(({ path, from }) => `${path} (named by ${from})`)),
      next: "Add the file, or correct its name where it is used; if something else answers it, name it in guards.elsewhere in slipway.config.ts.",
    },
  ];
}
