import type { Change } from "./change.ts";
import { type GraceMoment, type GracePolicy, graceIsOver } from "./grace.ts";
import { compareKeys, type ObjectKey } from "./keys.ts";
import type { Manifest, ManifestEntry, ObsoleteEntry } from "./manifest.ts";

export type ObsolescenceInput = {
  /** Every key that the site names. */
  readonly wanted: ReadonlySet<ObjectKey>;
  readonly base: Manifest | undefined;
  /** Objects that are in the bucket although no release recorded them. */
  readonly strays: readonly ObjectKey[];
  readonly moment: GraceMoment;
  readonly policy: GracePolicy;
};

export type Obsolescence = {
  /** What this release removes, sorted by key. */
  readonly removals: readonly Extract<Change, { readonly kind: "remove" }>[];
  /** What stays although the site no longer names it, sorted by key. */
  readonly kept: readonly ObsoleteEntry[];
};

/** Decides what happens to every object that the site does not name: removed now, or kept a while. */
export function findObsolete(input: ObsolescenceInput): Obsolescence {
  const { moment, policy } = input;
  const entries = unnamed(input);
  const isOver = (entry: ObsoleteEntry) => graceIsOver(entry, moment, policy);
  return {
    removals: entries
      .filter(isOver)
      .map(({ key, entry }) => ({ kind: "remove", key, before: entry })),
    kept: entries.filter((entry) => !isOver(entry)),
  };
}

/** Counted from when it became obsolete, so what is known to be obsolete already keeps its date. */
function unnamed({ wanted, base, strays, moment }: ObsolescenceInput): readonly ObsoleteEntry[] {
  const entries = new Map<ObjectKey, ObsoleteEntry>();
  const add = (key: ObjectKey, entry: ManifestEntry | undefined) => {
    const { sequence, now } = moment;
    entries.set(key, { key, entry, sequence, since: now.toISOString() });
  };
  for (const key of strays) add(key, undefined);
  for (const [key, entry] of base?.files ?? []) add(key, entry);
  for (const known of base?.obsolete ?? []) entries.set(known.key, known);
  return [...entries.values()]
    .filter(({ key }) => !wanted.has(key))
    .sort((a, b) => compareKeys(a.key, b.key));
}
