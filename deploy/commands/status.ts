import { type Lock, lockState } from "../core/lock.ts";
import type { StatusResult } from "../core/results.ts";
import type { Clock, Processes } from "../ports.ts";
import { readRelease } from "./releases.ts";
import { readBase, readLock, type StatePorts } from "./state.ts";

export type StatusPorts = StatePorts & { readonly clock: Clock; readonly processes: Processes };

/** What is live, since when, from which commit, and whether somebody deploys. Three requests. */
export async function status(ports: StatusPorts): Promise<StatusResult> {
  const [base, found] = await Promise.all([readBase(ports), readLock(ports)]);
  const activity =
    found === undefined ? ({ kind: "idle" } as const) : activityOf(found.lock, ports);
  if (base.kind === "none") return { kind: "never-released", activity };
  const { manifest } = base;
  const { manifest: _, ...release } = await readRelease(manifest.release, ports);
  const entries = [...manifest.files.values()];
  return {
    kind: "live",
    release,
    files: entries.length,
    bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    obsolete: manifest.obsolete.length,
    activity,
  };
}

function activityOf(lock: Lock, { clock, processes }: StatusPorts) {
  const { kind } = lockState(lock, clock.now(), (process) => processes.isGone(process));
  const { owner, since, intent } = lock;
  return {
    kind: kind === "held" ? "deploying" : "unfinished",
    owner,
    since,
    release: intent.release,
  } as const;
}
