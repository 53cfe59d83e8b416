import { readAddress } from "./address.ts";
import { hostName } from "./decide.ts";
import { foldIndex, isSiteWide, matchPattern } from "./pattern.ts";
import type { EdgeRules, PathHeaders } from "./rules.ts";
import { isStoredName } from "./stored-headers.ts";

/** What the viewer-response function does to an answer's headers, after the response headers policy. */
export type HeaderChanges = {
  /** In place of what the policy or the origin has set. Names in lower case. */
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
};

/**
 * What is set and taken away for a path, percent-encoded, in either form of a page's address. Site-wide
 * headers are not among it where no narrower block touches them: the policy sets those.
 *
 * @internal What the viewer-response function is held to; only tests ask it.
 */
export function headersFor(uri: string, host: string | undefined, rules: EdgeRules): HeaderChanges {
  const values = new Map<string, string>();
  const read = readAddress(uri);
  if (read.kind === "address") {
    const segments = read.address.canonical.split("/").filter((segment) => segment !== "");
    for (const block of scopeHeaders(rules.headers)) {
      if (matchPattern(block.from, segments) !== undefined) apply(block, values);
    }
  }
  if (rules.hosts !== undefined && hostName(host) !== rules.hosts.canonical) {
    values.set("x-robots-tag", "noindex");
  }
  const changes = [...values].map(([name, value]) => ({ name, value }));
  return {
    set: changes.filter(({ value }) => value !== ""),
    remove: changes.filter(({ value }) => value === "").map(({ name }) => name),
  };
}

type Scoped = Pick<PathHeaders, "from" | "set" | "remove">;

/**
 * The blocks that the function has to know: narrow ones, and of the site-wide ones what those touch.
 * Headers that are stored with the objects are left out, and a page's `index.html` is its folder.
 */
export function scopeHeaders(blocks: readonly PathHeaders[]): readonly Scoped[] {
  const narrow = new Set(blocks.filter((block) => !isSiteWide(block.from)).flatMap(namesOf));
  const isWanted = (name: string) => narrow.has(name) && !isStoredName(name);
  return blocks
    .map(({ from, set, remove }) => ({
      from: foldIndex(from),
      set: set.filter(({ name }) => isWanted(name)),
      remove: remove.filter(isWanted),
    }))
    .filter((block) => namesOf(block).length > 0);
}

function namesOf({ set, remove }: Pick<PathHeaders, "set" | "remove">): readonly string[] {
  return [...set.map(({ name }) => name), ...remove];
}

/** A block takes away before it sets; "" is what is taken away. */
function apply({ set, remove }: Scoped, values: Map<string, string>): void {
  for (const name of remove) values.set(name, "");
  for (const { name, value } of set) {
    const before = values.get(name) ?? "";
    values.set(name, before === "" ? value : `${before}, ${value}`);
  }
}
