import { SlipwayError } from "../core/errors.ts";
import type { ObjectKey } from "../core/keys.ts";
import { LOCK_KEY, type Lock, parseLock } from "../core/lock.ts";
import { type Manifest, type ManifestProblem, parseManifest } from "../core/manifest.ts";
import { MANIFEST_KEY } from "../core/release.ts";
import type { RecordCodec, StateStore } from "../ports.ts";

export type StatePorts = { readonly state: StateStore; readonly codec: RecordCodec };

/** What the last release left in the bucket, and the ETag that the next one must still find there. */
export type Base =
  | { readonly kind: "none" }
  | { readonly kind: "manifest"; readonly manifest: Manifest; readonly etag: string };

/**
 * Reads the manifest of the last release: one request. A manifest that cannot be read is an error,
 * never an empty site, because planning against nothing would forget what to remove.
 */
export async function readBase({ state, codec }: StatePorts): Promise<Base> {
  const stored = await state.read(MANIFEST_KEY);
  if (stored.kind !== "found") return { kind: "none" };
  const parsed = parseManifest(decodeRecord(stored.body, MANIFEST_KEY, { codec }));
  if (parsed.kind === "problem") throw unreadableManifest(parsed.problem);
  return { kind: "manifest", manifest: parsed.manifest, etag: stored.etag };
}

/** Whether the bucket still holds the manifest that was read: one request, no body if it does. */
export async function baseHolds(base: Base, { state }: StatePorts): Promise<boolean> {
  if (base.kind === "none") return (await state.read(MANIFEST_KEY)).kind === "absent";
  return (await state.read(MANIFEST_KEY, base.etag)).kind === "unchanged";
}

export type StoredLock = { readonly lock: Lock; readonly etag: string };

/** Reads the lock, if there is one: one request. */
export async function readLock({ state, codec }: StatePorts): Promise<StoredLock | undefined> {
  const stored = await state.read(LOCK_KEY);
  if (stored.kind !== "found") return undefined;
  const lock = parseLock(decodeRecord(stored.body, LOCK_KEY, { codec, next: WITHOUT_LOCK }));
  if (lock !== undefined) return { lock, etag: stored.etag };
  throw new SlipwayError("config", {
    what: `The lock ${LOCK_KEY} cannot be read`,
    why: "it is not a lock that this Slipway understands",
    next: WITHOUT_LOCK,
  });
}

/** Its earlier versions are locks of deploys that have ended. */
const WITHOUT_LOCK =
  "See that nobody deploys, remove that object, then run: slipway deploy --verify";

export const RESTORE =
  "Restore an earlier version of that object in the bucket, then run the same command.";

/** The text of a record. Throws a SlipwayError that names it when it has none. */
export function decodeRecord(
  body: Uint8Array,
  key: ObjectKey,
  { codec, next = RESTORE }: { readonly codec: RecordCodec; readonly next?: string },
): string {
  try {
    return codec.decode(body);
  } catch (cause) {
    const why = "it is cut short, or it is not gzip";
    throw new SlipwayError("config", { what: `${key} cannot be read`, why, next }, { cause });
  }
}

function unreadableManifest(problem: ManifestProblem): SlipwayError {
  const next =
    problem.kind === "newer"
      ? "Update Slipway to the version that made the last release."
      : "Restore an earlier version of that object in the bucket, or remove it: then the next deploy sends every file again.";
  const what = `The manifest ${MANIFEST_KEY} cannot be read`;
  return new SlipwayError("config", { what, why: describe(problem), next });
}

function describe(problem: ManifestProblem): string {
  switch (problem.kind) {
    case "not-json":
      return "it is not JSON";
    case "newer":
      return `it has format ${problem.version}, this Slipway reads format 1`;
    case "malformed":
      return problem.detail;
  }
}
