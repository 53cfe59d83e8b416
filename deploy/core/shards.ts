import { compareKeys, type ObjectKey } from "./keys.ts";

/** A run of keys: after `after`, up to and with `upTo`; open where a bound is missing. */
export type Shard = { readonly after?: ObjectKey; readonly upTo?: ObjectKey };

/** S3 gives 1,000 keys a page (BC s3 ListObjectsV2), one page after the other. */
const PAGE = 1000;

/**
 * Cuts the key space into runs that can be listed side by side, by the keys that are known to be
 * there: at most `most` runs of about equal length, none shorter than a page. Together they cover
 * every possible key exactly once.
 */
export function shardsOf(known: readonly ObjectKey[], most: number): readonly Shard[] {
  const count = Math.max(1, Math.min(most, Math.floor(known.length / PAGE)));
  const sorted = [...known].sort(compareKeys);
  const cuts: ObjectKey[] = [];
  for (let i = 1; i < count; i++) {
    const cut = sorted[Math.floor((i * sorted.length) / count)];
    if (cut !== undefined && cut !== cuts.at(-1)) cuts.push(cut);
  }
  const bounds = [undefined, ...cuts, undefined];
  return bounds.slice(1).map((upTo, i) => {
    const after = bounds[i];
    return { ...(after === undefined ? {} : { after }), ...(upTo === undefined ? {} : { upTo }) };
  });
}
