import { abandoned, formatLock, LOCK_KEY, type Lock } from "../core/lock.ts";
import type { UnlockResult } from "../core/results.ts";
import { type LeasePorts, stateOf } from "./lease.ts";
import { readLock } from "./state.ts";

export type UnlockPorts = LeasePorts & {
  /** Asked before a lock is broken that somebody may still hold. */
  readonly confirm: (lock: Lock) => Promise<boolean>;
};

/**
 * Breaks the lock on purpose. What its holder intended stays written down: the next deploy takes it
 * over at once and finishes it. A holder that is alive after all learns of it within a minute; what it
 * wrote meanwhile it leaves to the deploy after that one.
 */
export async function unlock(ports: UnlockPorts): Promise<UnlockResult> {
  const found = await readLock(ports);
  if (found === undefined) return { kind: "not-locked" };
  const { lock, etag } = found;
  if (stateOf(lock, ports).kind === "left-behind") return { kind: "left-behind", lock };
  if (!(await ports.confirm(lock))) return { kind: "declined", lock };
  const body = ports.codec.encode(formatLock(abandoned(lock)));
  const answer = await ports.state.write(LOCK_KEY, body, { kind: "unchanged", etag });
  return { kind: answer.kind === "written" ? "broken" : "moved", lock };
}
