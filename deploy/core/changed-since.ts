import type { ObjectKey } from "./keys.ts";
import type { Manifest } from "./manifest.ts";

/** The keys whose answer is not what it was: with another content or headers, come, or gone. */
export function changedBetween(before: Manifest, after: Manifest): readonly ObjectKey[] {
  const keys = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...keys].filter((key) => {
    const [old, now] = [before.files.get(key)?.fingerprint, after.files.get(key)?.fingerprint];
    return old?.content !== now?.content || old?.headers !== now?.headers;
  });
}
