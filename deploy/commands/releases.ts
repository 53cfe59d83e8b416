import { SlipwayError } from "../core/errors.ts";
import { parseRelease, RELEASES_PREFIX, type Release, releaseKey } from "../core/release.ts";
import type { ReleasesResult } from "../core/results.ts";
import type { ObjectStore } from "../ports.ts";
import { inParallel } from "./in-parallel.ts";
import { decodeRecord, RESTORE, readBase, type StatePorts } from "./state.ts";

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

/** The ids of all releases, newest first: an id sorts behind that of the release before it. */
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
  if (stored.kind !== "found") {
    throw unreadable(
      id,
      `${key} is not in the bucket`,
      "slipway releases lists those that there are.",
    );
  }
  const release = parseRelease(decodeRecord(stored.body, key, { codec }));
  if (release === undefined) throw unreadable(id, `${key} is no release record`, RESTORE);
  return release;
}

function unreadable(id: string, why: string, next: string): SlipwayError {
  const what = `The record of the release ${id} cannot be read`;
  return new SlipwayError("config", { what, why, next });
}
