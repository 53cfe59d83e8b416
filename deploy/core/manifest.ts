import { z } from "zod";
import { type EdgeState, edgeStateSchema } from "./edge-document.ts";
import { type Digest, digest, type ObjectKey } from "./keys.ts";
import { type Provenance, provenanceSchema } from "./provenance.ts";
import type { Fingerprint } from "./source.ts";

/** What the last release stored under one key. */
export type ManifestEntry = {
  readonly fingerprint: Fingerprint;
  /** Bytes. */
  readonly size: number;
  /** As S3 answered the write; only ever compared with what a listing says, never with a digest. */
  readonly etag: string;
  readonly versionId?: string;
};

/** An object that the site no longer names, and that is still in the bucket. */
export type ObsoleteEntry = {
  readonly key: ObjectKey;
  /** What is stored under it; unknown for what a broken-off deploy left. */
  readonly entry: ManifestEntry | undefined;
  /** The number of the first release that did not name it. */
  readonly sequence: number;
  /** When that was: ISO 8601, UTC. */
  readonly since: string;
};

/**
 * What a release stored, key by key. It lives in the bucket and is the only thing that the next plan
 * compares with, so an unchanged site costs one look whatever its size.
 */
export type Manifest = {
  readonly version: 1;
  /** Which site this bucket holds; a deploy of another site is refused. */
  readonly site: string;
  /** The release that wrote it. */
  readonly release: string;
  /** Counts the releases of this bucket, from 1. */
  readonly sequence: number;
  /** Where the source stood; tells an older commit from a newer one. */
  readonly provenance: Provenance;
  readonly files: ReadonlyMap<ObjectKey, ManifestEntry>;
  readonly obsolete: readonly ObsoleteEntry[];
  /** Absent where no CDN belongs to the bucket. */
  readonly edge?: EdgeState | undefined;
};

/** Why a stored manifest cannot be used. Never treated as an empty one: that would re-send or lose files. */
export type ManifestProblem =
  | { readonly kind: "not-json" }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "malformed"; readonly detail: string };

export type ParsedManifest =
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | { readonly kind: "problem"; readonly problem: ManifestProblem };

/** Any key that a bucket may hold, also one that no site of ours would make. */
export const storedKey = z.string().transform((text) => text as ObjectKey);
export const sha256 = z.string().transform((text, context): Digest => {
  try {
    return digest(text);
  } catch {
    context.addIssue({ code: "custom", message: "not a SHA-256 in hex" });
    return z.NEVER;
  }
});

/**
 * One row a file: key, content digest, headers digest, bytes, ETag and, in a versioned bucket, the
 * version. Rows, because the JSON of 100,000 files stays small, and because any key is a safe value
 * where not every key is a safe property name (`__proto__`).
 */
export const entryRow = z.tuple([
  storedKey,
  sha256,
  sha256,
  z.int().nonnegative(),
  z.string(),
  z.string().optional(),
]);

export const obsoleteRow = z.strictObject({
  key: storedKey,
  row: entryRow.optional(),
  sequence: z.int().positive(),
  since: z.iso.datetime(),
});

const schema = z.strictObject({
  version: z.literal(1),
  site: z.string(),
  release: z.string(),
  sequence: z.int().positive(),
  provenance: provenanceSchema,
  files: z.array(entryRow),
  obsolete: z.array(obsoleteRow),
  edge: edgeStateSchema(sha256).optional(),
});

/** Manifest → JSON text. Equal manifests give equal text: files keep their order, which is by key. */
export function formatManifest(manifest: Manifest): string {
  const { version, site, release, sequence, provenance, edge } = manifest;
  const files = [...manifest.files].map(([name, entry]) => entryToRow(name, entry));
  const obsolete = manifest.obsolete.map(obsoleteToRow);
  return JSON.stringify({ version, site, release, sequence, provenance, files, obsolete, edge });
}

/** JSON text → manifest, or what is wrong with it. */
export function parseManifest(text: string): ParsedManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "problem", problem: { kind: "not-json" } };
  }
  const version = versionOf(json);
  if (version !== undefined && version > 1) {
    return { kind: "problem", problem: { kind: "newer", version } };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const detail = z.prettifyError(parsed.error);
    return { kind: "problem", problem: { kind: "malformed", detail } };
  }
  const { data } = parsed;
  const files = new Map<ObjectKey, ManifestEntry>();
  for (const cells of data.files) files.set(cells[0], entryFromRow(cells));
  const obsolete = data.obsolete.map(obsoleteFromRow);
  return { kind: "manifest", manifest: { ...data, files, obsolete } };
}

function versionOf(json: unknown): number | undefined {
  if (typeof json !== "object" || json === null || !("version" in json)) return undefined;
  return typeof json.version === "number" ? json.version : undefined;
}

export function entryToRow(name: ObjectKey, entry: ManifestEntry): readonly (string | number)[] {
  const { fingerprint, size, etag, versionId } = entry;
  const cells = [name, fingerprint.content, fingerprint.headers, size, etag];
  return versionId === undefined ? cells : [...cells, versionId];
}

export function entryFromRow(cells: z.infer<typeof entryRow>): ManifestEntry {
  const [, content, headers, size, etag, versionId] = cells;
  const entry = { fingerprint: { content, headers }, size, etag };
  return versionId === undefined ? entry : { ...entry, versionId };
}

export function obsoleteToRow({ entry, ...rest }: ObsoleteEntry): object {
  return entry === undefined ? rest : { ...rest, row: entryToRow(rest.key, entry) };
}

export function obsoleteFromRow({ row, ...rest }: z.infer<typeof obsoleteRow>): ObsoleteEntry {
  return { ...rest, entry: row === undefined ? undefined : entryFromRow(row) };
}
