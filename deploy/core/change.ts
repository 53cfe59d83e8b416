import { compareKeys, type ObjectKey } from "./keys.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";
import type { SourceFile } from "./source.ts";

/** Why a stored object is written again. For people; nothing that applies a plan reads it. */
export type ReplaceReason = "content" | "headers";

/** One difference between the site and the bucket, with the sides it needs. */
export type Change =
  | { readonly kind: "create"; readonly file: SourceFile }
  | {
      readonly kind: "replace";
      readonly file: SourceFile;
      readonly before: ManifestEntry;
      readonly reason: ReplaceReason;
    }
  | { readonly kind: "remove"; readonly key: ObjectKey; readonly before: ManifestEntry };

/** The writing kinds of change: what has bytes or headers to bring to the bucket. */
export type Write = Exclude<Change, { readonly kind: "remove" }>;

export function keyOf(change: Change): ObjectKey {
  return change.kind === "remove" ? change.key : change.file.key;
}

/**
 * What must change in the bucket so that it holds exactly `source`, sorted by key. Compares
 * fingerprints only: neither sizes, times nor ETags say whether a file is the same.
 */
export function findChanges(
  source: readonly SourceFile[],
  base: Manifest | undefined,
): readonly Change[] {
  const stored = base?.files ?? new Map<ObjectKey, ManifestEntry>();
  const wanted = new Set(source.map((file) => file.key));
  const writes = source.flatMap((file) => writeFor(file, stored.get(file.key)));
  const removals = [...stored]
    .filter(([key]) => !wanted.has(key))
    .map(([key, before]): Change => ({ kind: "remove", key, before }));
  return [...writes, ...removals].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
}

function writeFor(file: SourceFile, before: ManifestEntry | undefined): readonly Change[] {
  if (before === undefined) return [{ kind: "create", file }];
  if (before.fingerprint.content !== file.fingerprint.content) {
    return [{ kind: "replace", file, before, reason: "content" }];
  }
  if (before.fingerprint.headers !== file.fingerprint.headers) {
    return [{ kind: "replace", file, before, reason: "headers" }];
  }
  return [];
}

/** A replacement that only changes headers: the stored bytes are already right. */
export function keepsContent(write: Write): boolean {
  return (
    write.kind === "replace" && write.before.fingerprint.content === write.file.fingerprint.content
  );
}
