import { z } from "zod";
import { keyOf, type Write } from "./change.ts";
import type { EdgeState } from "./edge-document.ts";
import { compareKeys, type Digest, digest, type ObjectKey, stateKey } from "./keys.ts";
import { formatManifest, type Manifest, type ManifestEntry, parseManifest } from "./manifest.ts";
import type { Plan, PlanTotals } from "./plan.ts";
import { type Provenance, provenanceSchema } from "./provenance.ts";
import { roleOf } from "./source.ts";

/** The record of one complete release. It is written after every file, so its presence means complete. */
export type Release = {
  readonly version: 1;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly site: string;
  readonly plan: Digest;
  readonly totals: PlanTotals;
  /** How many pages it wrote or removed. */
  readonly pages: number;
  readonly provenance: Provenance;
  /** The release whose files this one brought back. */
  readonly rollbackTo?: string | undefined;
  /** What it stored: enough to bring all of it back from the versions in the bucket. */
  readonly manifest: Manifest;
};

const count = z.int().nonnegative();

const schema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  time: z.iso.datetime(),
  site: z.string(),
  plan: z.string().transform((text) => digest(text)),
  totals: z.strictObject({
    created: count,
    replaced: count,
    removed: count,
    unchanged: count,
    kept: count,
    bytes: count,
  }),
  pages: count,
  provenance: provenanceSchema,
  rollbackTo: z.string().optional(),
  /** The manifest's own text; `manifest.ts` reads it. */
  manifest: z.string(),
});

/** Release record → JSON text. */
export function formatRelease(release: Release): string {
  return JSON.stringify({ ...release, manifest: formatManifest(release.manifest) });
}

/** JSON text → release record; undefined when it is none, or one of a newer format. */
export function parseRelease(text: string): Release | undefined {
  try {
    const fields = schema.parse(JSON.parse(text));
    const parsed = parseManifest(fields.manifest);
    return parsed.kind === "manifest" ? { ...fields, manifest: parsed.manifest } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * As `parseRelease`, without reading the list of files: of a large site that is nearly all of the
 * record, and whoever lists releases has no use for it.
 */
export function parseReleaseSummary(text: string): Omit<Release, "manifest"> | undefined {
  try {
    const { manifest: _, ...summary } = schema.parse(JSON.parse(text));
    return summary;
  } catch {
    return undefined;
  }
}

/** The record of the release that a plan made. */
export function releaseOf(
  plan: Plan,
  at: { readonly id: string; readonly time: Date; readonly manifest: Manifest },
): Release {
  const { site, totals, provenance } = plan;
  const pages = plan.changes.filter((change) => roleOf(keyOf(change)) === "page").length;
  const time = at.time.toISOString();
  return {
    version: 1,
    id: at.id,
    time,
    site,
    plan: plan.id,
    totals,
    pages,
    provenance,
    manifest: at.manifest,
  };
}

/**
 * `20261122T164501123Z-3f2a9c01`. Ids sort as releases follow each other: by time, to the millisecond, and
 * where the clock of this machine is behind the one that made the release `before`, right after that.
 */
export function releaseId(time: Date, plan: Digest, before: string | undefined): string {
  const earliest = before === undefined ? undefined : timeIn(before);
  const behind = earliest !== undefined && time.getTime() <= earliest;
  const stamp = (behind ? new Date(earliest + 1) : time).toISOString().replace(/[-:.]/g, "");
  return `${stamp}-${plan.slice(0, 8)}`;
}

/** The time in the id of a release, in milliseconds; undefined in one that we did not make. */
function timeIn(id: string): number | undefined {
  const text = id.replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-.*$/s,
    "$1-$2-$3T$4:$5:$6.$7Z",
  );
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

export const RELEASES_PREFIX: ObjectKey = stateKey("releases/");

export function releaseKey(id: string): ObjectKey {
  return stateKey(`releases/${id}.json`);
}

export const MANIFEST_KEY: ObjectKey = stateKey("manifest.json");

export type NextManifestInput = {
  readonly plan: Plan;
  readonly release: string;
  readonly base: Manifest | undefined;
  /** What the store answered for each key that was written. */
  readonly stored: ReadonlyMap<ObjectKey, Pick<ManifestEntry, "etag" | "versionId">>;
  /** How the CDN took the edge program; left out where none was published: then the live one stays. */
  readonly edge?: EdgeState | undefined;
};

/**
 * The manifest of the release that a plan makes: what was stored before and is still wanted, and every
 * written key as the store answered. What is about to be removed is in it no more: the lock's intent
 * remembers it until it is gone.
 */
export function nextManifest(input: NextManifestInput): Manifest {
  const { plan, release, base, stored, edge = base?.edge } = input;
  const gone = new Set([...plan.kept.map((entry) => entry.key), ...(plan.drift?.missing ?? [])]);
  for (const change of plan.changes) if (change.kind === "remove") gone.add(change.key);
  const files = new Map(base?.files ?? []);
  for (const { key, entry } of base?.obsolete ?? []) {
    if (entry !== undefined) files.set(key, entry);
  }
  for (const key of gone) files.delete(key);
  for (const change of plan.changes) {
    if (change.kind !== "remove") files.set(change.file.key, entryAfter(change, stored));
  }
  const { site, sequence, provenance, kept: obsolete } = plan;
  const sorted = new Map([...files].sort(([a], [b]) => compareKeys(a, b)));
  const next = { site, release, sequence, provenance, files: sorted, obsolete };
  return { version: 1, ...next, ...(edge === undefined ? {} : { edge }) };
}

function entryAfter({ file }: Write, stored: NextManifestInput["stored"]): ManifestEntry {
  const answer = stored.get(file.key);
  if (answer === undefined) throw new Error(`nothing says how ${file.key} was stored`);
  return { fingerprint: file.fingerprint, size: file.size, ...answer };
}
