import { SlipwayError } from "../core/errors.ts";
import { parseRelease, releaseKey } from "../core/release.ts";
import type { StatusResult } from "../core/results.ts";
import type { ObjectStore, RecordCodec } from "../ports.ts";
import { readBase } from "./state.ts";

/** What is live, since when, and from which commit. Two requests. */
export async function status(ports: {
  readonly store: ObjectStore;
  readonly codec: RecordCodec;
}): Promise<StatusResult> {
  const base = await readBase(ports);
  if (base.kind === "none") return { kind: "never-released" };
  const { manifest } = base;
  const key = releaseKey(manifest.release);
  const record = await ports.store.readState(key);
  const release = record === undefined ? undefined : parseRelease(ports.codec.decode(record.body));
  if (release === undefined) {
    throw new SlipwayError("config", {
      what: `The record of the live release ${manifest.release} cannot be read`,
      why: record === undefined ? `${key} is not in the bucket` : `${key} is not a release record`,
      next: "Deploy again: every release writes a new record.",
    });
  }
  const entries = [...manifest.files.values()];
  return {
    kind: "live",
    release,
    files: entries.length,
    bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    leftovers: manifest.leftovers.length,
  };
}
