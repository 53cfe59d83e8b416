import { SlipwayError } from "../core/errors.ts";
import {
  abandoned,
  extended,
  formatLock,
  type Intent,
  isPast,
  LOCK_KEY,
  type Lock,
  type LockState,
  lockState,
  needsRenewal,
} from "../core/lock.ts";
import type { Clock, ConditionalWrite, Processes, WriteCondition } from "../ports.ts";
import { readLock, type StatePorts, type StoredLock } from "./state.ts";

export type LeasePorts = StatePorts & { readonly clock: Clock; readonly processes: Processes };

/** Who wants the lock. */
export type Claimant = Pick<Lock, "holder" | "owner" | "process">;

/**
 * The right to write to the bucket, while it lasts. Whoever holds it keeps it alive by calling
 * `assure` before each write; there is no timer that could run on while the deploy hangs.
 */
export type Lease = {
  /** Renews what is half gone. Throws "locked" when the lease is over or somebody took it. */
  assure(): Promise<void>;
  /** Whether the lease ended: what was being written then may have come too late. */
  isOver(): boolean;
  /** Gives the lock back: everything that was intended is done. */
  release(): Promise<void>;
  /** Leaves the intent for the next deploy to finish, and lets it begin at once. */
  abandon(): Promise<void>;
};

export type Acquisition =
  | { readonly kind: "acquired"; readonly lease: Lease }
  /** Somebody deploys right now. */
  | { readonly kind: "held"; readonly lock: Lock }
  /** A deploy broke off; plan again with its intent, then take over with this lock. */
  | { readonly kind: "left-behind"; readonly found: StoredLock };

/**
 * Tries to take the lock with an intent: one write if nobody has it. `takeOver` is the lock that was
 * left behind and whose intent is part of this one.
 */
export async function acquireLease(
  claim: Claimant & { readonly intent: Intent; readonly takeOver: StoredLock | undefined },
  ports: LeasePorts,
): Promise<Acquisition> {
  const { holder, owner, process, intent, takeOver } = claim;
  const now = ports.clock.now();
  const since = now.toISOString();
  const lock = extended({ version: 1, holder, owner, process, since, until: since, intent }, now);
  const condition: WriteCondition =
    takeOver === undefined ? { kind: "absent" } : { kind: "unchanged", etag: takeOver.etag };
  const answer = await writeLock(lock, condition, ports);
  if (answer.kind === "written") {
    return { kind: "acquired", lease: createLease({ lock, etag: answer.stored.etag }, ports) };
  }
  return await inspect(lock, ports);
}

/** Who has the lock, if it could not be taken. Gone meanwhile counts as held: the caller tries again. */
async function inspect(wanted: Lock, ports: LeasePorts): Promise<Acquisition> {
  const found = await readLock(ports);
  if (found === undefined) return { kind: "held", lock: NOBODY };
  // A write whose answer was lost is refused when it is repeated: the lock that is there is ours.
  if (isSame(found.lock, wanted)) return { kind: "acquired", lease: createLease(found, ports) };
  const { kind, lock } = stateOf(found.lock, ports);
  return kind === "held" ? { kind, lock } : { kind, found };
}

/** Whether a lock that was found is somebody's, now and as far as this machine knows. */
export function stateOf(
  lock: Lock,
  { clock, processes }: Pick<LeasePorts, "clock" | "processes">,
): LockState {
  return lockState(lock, clock.now(), (process) => processes.isGone(process));
}

const NOBODY: Lock = {
  version: 1,
  holder: "-",
  owner: "another deploy, which has just ended",
  since: "1970-01-01T00:00:00.000Z",
  until: "1970-01-01T00:00:00.000Z",
  intent: { release: "-", keys: [], invalidation: { kind: "none" } },
};

function createLease(taken: StoredLock, ports: LeasePorts): Lease {
  const { clock, state } = ports;
  let { lock, etag } = taken;
  let renewal: Promise<void> | undefined;

  const replace = async (next: Lock): Promise<boolean> => {
    const answer = await writeLock(next, { kind: "unchanged", etag }, ports);
    const found = answer.kind === "written" ? undefined : await readLock(ports);
    if (answer.kind === "moved" && (found === undefined || !isSame(found.lock, next))) return false;
    lock = next;
    etag = answer.kind === "written" ? answer.stored.etag : (found?.etag ?? etag);
    return true;
  };

  const renew = async (): Promise<void> => {
    if (!(await replace(extended(lock, clock.now()))))
      throw lostLease("somebody took the lock over");
  };

  return {
    async assure() {
      if (isPast(lock, clock.now())) throw lostLease("its lease ran out while it was held up");
      if (!needsRenewal(lock, clock.now())) return;
      // Many writes run side by side; one of them renews for all.
      renewal ??= renew().finally(() => {
        renewal = undefined;
      });
      await renewal;
    },
    isOver: () => isPast(lock, clock.now()),
    async release() {
      await state.remove(LOCK_KEY, etag);
    },
    async abandon() {
      await replace(abandoned(lock));
    },
  };
}

function isSame(a: Lock, b: Lock): boolean {
  return a.holder === b.holder && a.since === b.since && a.until === b.until;
}

async function writeLock(
  lock: Lock,
  condition: WriteCondition,
  { state, codec }: LeasePorts,
): Promise<ConditionalWrite> {
  return await state.write(LOCK_KEY, codec.encode(formatLock(lock)), condition);
}

function lostLease(why: string): SlipwayError {
  return new SlipwayError("locked", {
    what: "This deploy no longer holds the lock, and has stopped",
    why,
    next: "Run the deploy again: it compares with what is there now and repeats what is missing.",
  });
}

/** Told to whoever finds the lock held. */
export function heldLock(lock: Lock): SlipwayError {
  return new SlipwayError("locked", {
    what: "Another deploy holds the lock",
    why: `${lock.owner} has been deploying ${lock.intent.release} since ${lock.since}`,
    next: "Wait for it (--wait-lock 5m), or, if that deploy is dead, break the lock: slipway unlock",
  });
}
