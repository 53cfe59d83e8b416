import type { GuardInput, Violation } from "../guards.ts";
import { isReachable } from "../reach.ts";
import { listing } from "./listing.ts";

/**
 * Browsers and object keys tell `A.html` from `a.html`, and the folder `A/` from `a/`; half the laptops
 * of the authors do not, and mix the two up the next time somebody builds there.
 */
export function caseTwins({ source }: GuardInput): readonly Violation[] {
  const spellings = new Map<string, string>();
  const twins = new Set<string>();
  for (const { key } of source) {
    for (const name of pathsTo(key)) {
      const folded = name.toLowerCase();
      const known = spellings.get(folded) ?? name;
      spellings.set(folded, known);
      if (known === name) continue;
      twins.add(`"${known}" and "${name}"`);
      // What stands in two twin folders are no twins of their own.
      break;
    }
  }
  if (twins.size === 0) return [];
  return [
    {
      rule: "case-twins",
      limit: "names that differ by more than their case",
      actual: listing([...twins]),
      next: "Rename one of each two.",
    },
  ];
}

/** `a/b/c.html` → `a`, `a/b`, `a/b/c.html`. */
function pathsTo(key: string): readonly string[] {
  const segments = key.split("/");
  return segments.map((_, i) => segments.slice(0, i + 1).join("/"));
}

/** A file that is published, and that no address leads to: its author waits for it in vain. */
export function unreachableKey({ source }: GuardInput): readonly Violation[] {
  const lost = source.filter(({ key }) => !isReachable(key)).map(({ key }) => `"${key}"`);
  if (lost.length === 0) return [];
  return [
    {
      rule: "unreachable-key",
      limit: "names with a dot in them, unless they are below .well-known/",
      actual: `${listing(lost)}: the CDN takes such an address for a page and looks for its index.html`,
      next: "Give each an extension (LICENSE.txt), or keep it out of the build's output.",
    },
  ];
}
