import { SlipwayError } from "../core/errors.ts";
import { parseRelease, releaseKey } from "../core/release.ts";
import type { StatusResult } from "../core/results.ts";
import { readBase, type StatePorts } from "./state.ts";

/** What is live, since when, and from which commit. Two requests. */
export async function status(ports: StatePorts): Promise<StatusResult> {
  const base = await readBase(ports);
  if (base.kind === "none") return { kind: "never-released" };
  const { manifest } = base;
  const key = releaseKey(manifest.release);
  const record = await ports.state.read(key);
  const release =
    record.kind === "found" ? parseRelease(ports.codec.decode(record.body)) : undefined;
  if (release === undefined) {
    throw new SlipwayError("config", {
      what: `The record of the live release ${manifest.release} cannot be read`,
      why:
        record.kind === "absent" ? `${key} is not in the bucket` : `${key} is not a release record`,
      next: "Deploy again: every release writes a new record.",
    });
  }
  const entries = [...manifest.files.values()];
  return {
    kind: "live",
    release,
    files: entries.length,
    bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    obsolete: manifest.obsolete.length,
  };
}
