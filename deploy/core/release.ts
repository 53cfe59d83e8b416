import { z } from "zod";
import type { Change } from "./change.ts";
import { compareKeys, type Digest, digest, type ObjectKey, stateKey } from "./keys.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";
import type { Plan, PlanTotals } from "./plan.ts";

/** From which state of the source a release was made; what a person asks first when a page is wrong. */
export type Provenance = {
  readonly commit?: string | undefined;
  readonly author?: string | undefined;
};

/** The record of one complete release. It is written after every file, so its presence means complete. */
export type Release = {
  readonly version: 1;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly site: string;
  readonly plan: Digest;
  readonly totals: PlanTotals;
  readonly provenance: Provenance;
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
    bytes: count,
  }),
  provenance: z.strictObject({ commit: z.string().optional(), author: z.string().optional() }),
});

/** JSON text → release record; undefined when it is none, or one of a newer format. */
export function parseRelease(text: string): Release | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `20261122T164501Z-3f2a9c01`: sorts by time, and two releases of one second still differ. */
export function releaseId(time: Date, plan: Digest): string {
  const stamp = time.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${stamp}-${plan.slice(0, 8)}`;
}

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
};

/**
 * The manifest after the writes of a plan: the base, with every written key as it was stored, and
 * every removed key among the leftovers, since its object is still there.
 */
export function nextManifest({ plan, release, base, stored }: NextManifestInput): Manifest {
  const files = new Map(base?.files ?? []);
  for (const change of plan.changes) applyToManifest(files, change, stored);
  const sorted = [...files].sort(([a], [b]) => compareKeys(a, b));
  const removed = plan.changes.flatMap((change) => (change.kind === "remove" ? [change.key] : []));
  const leftovers = [...new Set([...plan.leftovers, ...removed])].sort(compareKeys);
  return { version: 1, site: plan.site, release, files: new Map(sorted), leftovers };
}

function applyToManifest(
  files: Map<ObjectKey, ManifestEntry>,
  change: Change,
  stored: NextManifestInput["stored"],
): void {
  if (change.kind === "remove") {
    files.delete(change.key);
    return;
  }
  const { key, fingerprint, size } = change.file;
  const answer = stored.get(key);
  if (answer === undefined)
    throw new Error(`the plan writes ${key}, but nothing says how it was stored`);
  files.set(key, { fingerprint, size, ...answer });
}
