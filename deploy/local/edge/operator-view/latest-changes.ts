import { compareKeys } from "../../../core/keys.ts";
import type { Manifest, ManifestEntry } from "../../../core/manifest.ts";

/** What the live release changed of the one before, key by key. */
export type LatestChanges = {
  /** `first`: there is no readable release before, so everything counts as created. */
  readonly since: "first" | "previous";
  readonly created: KeyList;
  readonly replaced: KeyList;
  /** The bytes are the same, the headers are not. */
  readonly headers: KeyList;
  /** No longer part of the site; `obsolete` says how many of all such objects are still stored. */
  readonly removed: KeyList;
  readonly obsolete: number;
};

/** Sorted; only the first ones, of `count`. */
export type KeyList = { readonly count: number; readonly keys: readonly string[] };

const MOST_KEYS = 100;

/** Compares what two releases stored. */
export function compareManifests(previous: Manifest | undefined, live: Manifest): LatestChanges {
  const before = previous?.files ?? new Map<string, ManifestEntry>();
  const created: string[] = [];
  const replaced: string[] = [];
  const headers: string[] = [];
  for (const [key, entry] of live.files) {
    const old = (before as ReadonlyMap<string, ManifestEntry>).get(key);
    if (old === undefined) created.push(key);
    else if (old.fingerprint.content !== entry.fingerprint.content) replaced.push(key);
    else if (old.fingerprint.headers !== entry.fingerprint.headers) headers.push(key);
  }
  const stays = live.files as ReadonlyMap<string, ManifestEntry>;
  const removed = [...before.keys()].filter((key) => !stays.has(key));
  return {
    since: previous === undefined ? "first" : "previous",
    created: keyList(created),
    replaced: keyList(replaced),
    headers: keyList(headers),
    removed: keyList(removed),
    obsolete: live.obsolete.length,
  };
}

function keyList(keys: readonly string[]): KeyList {
  return { count: keys.length, keys: keys.toSorted(compareKeys).slice(0, MOST_KEYS) };
}
