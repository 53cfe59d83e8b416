import { LOCK_KEY, type LockState, lockState, parseLock } from "../../../core/lock.ts";
import { type Manifest, parseManifest } from "../../../core/manifest.ts";
import {
  MANIFEST_KEY,
  parseRelease,
  parseReleaseSummary,
  RELEASES_PREFIX,
} from "../../../core/release.ts";
import type { ReleaseSummary } from "../../../core/results.ts";
import { gzipCodec } from "../../record-codec.ts";
import { compareManifests, type LatestChanges } from "./latest-changes.ts";
import type { RecordReader } from "./sources.ts";

export type ReleaseHistory = {
  /** Newest first; a record that cannot be read is told by its id alone. */
  readonly releases: readonly ListedRelease[];
  /** How many there are in all. */
  readonly total: number;
  readonly live: LiveRelease;
  /** Whoever deploys, or broke off. */
  readonly deploying: LockState | undefined;
};

export type ListedRelease =
  | { readonly kind: "release"; readonly release: ReleaseSummary }
  | { readonly kind: "unreadable"; readonly id: string };

export type LiveRelease =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable" }
  | {
      readonly kind: "live";
      readonly id: string;
      readonly files: number;
      readonly bytes: number;
      readonly changes: LatestChanges;
    };

type Listed = ReturnType<RecordReader["list"]>[number];

const MOST_SHOWN = 24;

/**
 * Reads the releases of a bucket from Slipway's records: each record once until it changes, because
 * that of a large site is large, and only what the view shows of it is kept.
 */
export function createReleaseHistory(
  records: RecordReader,
): (now: Date) => Promise<ReleaseHistory> {
  let summaries = new Map<string, ListedRelease>();
  let compared: { readonly of: string; readonly live: LiveRelease } | undefined;

  async function listReleases(listed: readonly Listed[]): Promise<readonly ListedRelease[]> {
    const kept = new Map<string, ListedRelease>();
    // One after the other: the view must not take the edge's time from its viewers.
    for (const record of listed) {
      const place = identify(record);
      kept.set(place, summaries.get(place) ?? (await readSummary(record.key, records)));
    }
    summaries = kept;
    return [...kept.values()];
  }

  async function findLive(releases: readonly Listed[]): Promise<LiveRelease> {
    const [manifest] = records.list(MANIFEST_KEY);
    if (manifest?.key !== MANIFEST_KEY) return { kind: "none" };
    const of = [manifest, ...releases].map(identify).join(" ");
    if (compared?.of === of) return compared.live;
    const live = await readLive(releases, records);
    compared = { of, live };
    return live;
  }

  async function read(now: Date): Promise<ReleaseHistory> {
    const listed = [...records.list(RELEASES_PREFIX)].reverse();
    const shown = listed.slice(0, MOST_SHOWN);
    return {
      releases: await listReleases(shown),
      total: listed.length,
      live: await findLive(shown),
      deploying: await readLock(now, records),
    };
  }

  let reading: Promise<ReleaseHistory> | undefined;
  return (now) => {
    reading ??= read(now).finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

async function readSummary(key: string, records: RecordReader): Promise<ListedRelease> {
  const release = parseReleaseSummary((await readText(key, records)) ?? "");
  if (release === undefined) return { kind: "unreadable", id: idOf(key) };
  return { kind: "release", release };
}

async function readLive(releases: readonly Listed[], records: RecordReader): Promise<LiveRelease> {
  const parsed = parseManifest((await readText(MANIFEST_KEY, records)) ?? "");
  if (parsed.kind === "problem") return { kind: "unreadable" };
  const { manifest } = parsed;
  const before = releases.find(({ key }) => idOf(key) < manifest.release);
  return {
    kind: "live",
    id: manifest.release,
    files: manifest.files.size,
    bytes: totalBytes(manifest),
    changes: compareManifests(before && (await readManifest(before.key, records)), manifest),
  };
}

async function readManifest(key: string, records: RecordReader): Promise<Manifest | undefined> {
  return parseRelease((await readText(key, records)) ?? "")?.manifest;
}

async function readLock(now: Date, records: RecordReader): Promise<LockState | undefined> {
  const lock = parseLock((await readText(LOCK_KEY, records)) ?? "");
  return lock === undefined ? undefined : lockState(lock, now, () => false);
}

/** Undefined also for what is no record of Slipway's: the view says so, and shows the rest. */
async function readText(key: string, records: RecordReader): Promise<string | undefined> {
  const body = await records.read(key);
  try {
    return body === undefined ? undefined : gzipCodec.decode(body);
  } catch {
    return undefined;
  }
}

function totalBytes(manifest: Manifest): number {
  let total = 0;
  for (const { size } of manifest.files.values()) total += size;
  return total;
}

function idOf(key: string): string {
  return key.slice(RELEASES_PREFIX.length).replace(/\.json$/, "");
}

function identify({ key, etag }: Listed): string {
  return `${key} ${etag}`;
}
