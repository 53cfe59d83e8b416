import { compareKeys, type ObjectKey } from "./keys.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";
import type { SourceFile } from "./source.ts";

/** Why a stored object is written again. For people; nothing that applies a plan reads it. */
export type ReplaceReason = "content" | "headers" | "unverified" | "forced";

/** What a write has to bring: the bytes with their headers, or the headers alone. */
export type WriteMode = "content" | "headers";

/** One difference between the site and the bucket, with the sides it needs. */
export type Change =
  | { readonly kind: "create"; readonly file: SourceFile }
  | {
      readonly kind: "replace";
      readonly file: SourceFile;
      readonly before: ManifestEntry;
      readonly mode: WriteMode;
      readonly reason: ReplaceReason;
    }
  /** `before` is unknown for an object that no release recorded. */
  | {
      readonly kind: "remove";
      readonly key: ObjectKey;
      readonly before: ManifestEntry | undefined;
    };

/** The writing kinds of change: what has bytes or headers to bring to the bucket. */
export type Write = Exclude<Change, { readonly kind: "remove" }>;

export function keyOf(change: Change): ObjectKey {
  return change.kind === "remove" ? change.key : change.file.key;
}

/** The comparison is about writes alone; what is removed, and when, is decided in `obsolescence.ts`. */
export type WritesInput = {
  readonly source: readonly SourceFile[];
  readonly base: Manifest | undefined;
  /** Keys whose stored object may not be what the manifest says. */
  readonly doubted: ReadonlySet<ObjectKey>;
  /** Write every file again, whatever is known. */
  readonly force: boolean;
};

/**
 * What must be written so that the bucket holds `source`, sorted by key. Compares fingerprints only:
 * neither sizes, times nor ETags say whether a file is the same.
 */
export function findWrites({ source, base, doubted, force }: WritesInput): readonly Write[] {
  const stored = knownObjects(base);
  return source
    .flatMap((file) => writeFor(file, stored.get(file.key), { doubted, force }))
    .sort((a, b) => compareKeys(a.file.key, b.file.key));
}

/** What the bucket holds as far as is recorded, also what the site no longer names. */
function knownObjects(base: Manifest | undefined): ReadonlyMap<ObjectKey, ManifestEntry> {
  if (base === undefined) return new Map();
  const known = new Map(base.files);
  for (const { key, entry } of base.obsolete) {
    if (entry !== undefined) known.set(key, entry);
  }
  return known;
}

function writeFor(
  file: SourceFile,
  before: ManifestEntry | undefined,
  { doubted, force }: Pick<WritesInput, "doubted" | "force">,
): readonly Write[] {
  if (before === undefined) return [{ kind: "create", file }];
  const replace = (mode: WriteMode, reason: ReplaceReason): readonly Write[] => [
    { kind: "replace", file, before, mode, reason },
  ];
  if (before.fingerprint.content !== file.fingerprint.content) return replace("content", "content");
  if (doubted.has(file.key)) return replace("content", "unverified");
  if (force) return replace("content", "forced");
  if (before.fingerprint.headers !== file.fingerprint.headers) return replace("headers", "headers");
  return [];
}
