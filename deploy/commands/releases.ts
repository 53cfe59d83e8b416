import { SlipwayError } from "../core/errors.ts";
import { parseRelease, RELEASES_PREFIX, type Release, releaseKey } from "../core/release.ts";
import type { ReleasesResult } from "../core/results.ts";
import type { ObjectStore } from "../ports.ts";
import { inParallel } from "./in-parallel.ts";
import { readBase, type StatePorts } from "./state.ts";

export type ReleasePorts = StatePorts & { readonly store: ObjectStore };

/** Records read side by side. */
const READS = 16;

/** The newest `limit` releases, newest first, and which of them is live. */
export async function listReleases(limit: number, ports: ReleasePorts): Promise<ReleasesResult> {
  const [base, ids] = await Promise.all([readBase(ports), releaseIds(ports)]);
  const live = base.kind === "manifest" ? base.manifest.release : undefined;
  const records = await inParallel(ids.slice(0, limit), READS, (id) => readRelease(id, ports));
  const releases = records.map(({ manifest, ...record }) => ({
    ...record,
    files: manifest.files.size,
    live: record.id === live,
  }));
  return { releases, total: ids.length };
}

/** The ids of all releases, newest first: an id begins with its time. */
export async function releaseIds({ store }: ReleasePorts): Promise<readonly string[]> {
  const listed = await store.list({ prefix: RELEASES_PREFIX });
  return listed
    .map(({ key }) => key.slice(RELEASES_PREFIX.length).replace(/\.json$/, ""))
    .sort()
    .reverse();
}

/** The record of one release. Throws a SlipwayError when there is none, or when it cannot be read. */
export async function readRelease(id: string, { state, codec }: StatePorts): Promise<Release> {
  const key = releaseKey(id);
  const stored = await state.read(key);
  const release = stored.kind === "found" ? parseRelease(codec.decode(stored.body)) : undefined;
  if (release !== undefined) return release;
  throw new SlipwayError("config", {
    what: `The record of the release ${id} cannot be read`,
    why: stored.kind === "absent" ? `${key} is not in the bucket` : `${key} is no release record`,
    next: "slipway releases lists the releases that there are.",
  });
}
