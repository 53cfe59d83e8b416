import { SlipwayError } from "../core/errors.ts";
import {
  abandoned,
  CLOCK_ALLOWANCE_MS,
  extended,
  formatLock,
  type Intent,
  isPast,
  LEASE_MS,
  LOCK_KEY,
  type Lock,
  type LockState,
  lockState,
  mergeIntents,
  needsRenewal,
} from "../core/lock.ts";
import type { Clock, ConditionalWrite, Processes, Reporter, WriteCondition } from "../ports.ts";
import { readLock, type StatePorts, type StoredLock } from "./state.ts";

export type LeasePorts = StatePorts & {
  readonly clock: Clock;
  readonly processes: Processes;
  readonly reporter: Reporter;
};

/** Who wants the lock. */
export type Claimant = Pick<Lock, "holder" | "owner" | "process">;

/**
 * The right to write to the bucket, while it lasts. Whoever holds it keeps it alive by calling
 * `assure` before each write; there is no timer that could run on while the deploy hangs.
 */
export type Lease = {
  /** Renews what is half gone, or over while nobody came. Throws "locked" when somebody took it. */
  assure(): Promise<void>;
  /** Whether the lease ended: what was being written then may have come too late. */
  isOver(): boolean;
  /** Gives the lock back: everything that was intended is done. Says whether it was still held. */
  release(): Promise<boolean>;
  /**
   * Leaves the intent for the next deploy to finish, and lets it begin at once. When somebody took the
   * lock, a write of this deploy may have come after theirs: then it waits until they have ended, and
   * leaves the intent in a lock of its own. Throws "locked" when they do not end.
   */
  abandon(): Promise<void>;
};

export type Acquisition =
  | { readonly kind: "acquired"; readonly lease: Lease }
  /** Somebody deploys right now. */
  | { readonly kind: "held"; readonly lock: Lock }
  /** A deploy broke off; plan again with its intent, then take over with this lock. */
  | { readonly kind: "left-behind"; readonly found: StoredLock }
  /** Whoever had it has just ended; plan again. */
  | { readonly kind: "gone" };

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

/** Who has the lock, if it could not be taken. */
async function inspect(wanted: Lock, ports: LeasePorts): Promise<Acquisition> {
  const found = await readLock(ports);
  if (found === undefined) return { kind: "gone" };
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

/** Longer than a lease that nobody renews takes to run out. */
const DOUBTS_PATIENCE_MS = LEASE_MS + CLOCK_ALLOWANCE_MS + 30_000;
const DOUBTS_POLL_MS = 2000;

function createLease(taken: StoredLock, ports: LeasePorts): Lease {
  const { clock, state } = ports;
  let { lock, etag } = taken;
  let renewal: Promise<void> | undefined;
  let mayHaveWritten = false;

  const replace = async (next: Lock): Promise<boolean> => {
    const answer = await writeLock(next, { kind: "unchanged", etag }, ports);
    const found = answer.kind === "written" ? undefined : await readLock(ports);
    if (answer.kind === "moved" && (found === undefined || !isSame(found.lock, next))) return false;
    lock = next;
    etag = answer.kind === "written" ? answer.stored.etag : (found?.etag ?? etag);
    return true;
  };

  /** As nobody but its holder changes a lock that is not left behind, it proves that nobody came. */
  const renew = async (): Promise<void> => {
    if (!(await replace(extended(lock, clock.now())))) throw lostLease();
  };

  return {
    async assure() {
      // Again, because the machine may have slept until the answer came.
      while (needsRenewal(lock, clock.now())) {
        // Many writes run side by side; one of them renews for all.
        renewal ??= renew().finally(() => {
          renewal = undefined;
        });
        await renewal;
      }
      mayHaveWritten = true;
    },
    isOver: () => isPast(lock, clock.now()),
    async release() {
      return await state.remove(LOCK_KEY, etag);
    },
    async abandon() {
      if ((await replace(abandoned(lock))) || !mayHaveWritten) return;
      await leaveDoubts(lock, ports);
    },
  };
}

/**
 * Leaves the intent of a deploy that lost its lock, as soon as the lock is free: the next deploy then
 * sends again whatever a late write may have spoilt.
 */
async function leaveDoubts(own: Lock, ports: LeasePorts): Promise<void> {
  const { clock, reporter } = ports;
  const deadline = clock.now().getTime() + DOUBTS_PATIENCE_MS;
  for (;;) {
    const found = await readLock(ports);
    if (found === undefined) {
      if ((await writeLock(abandoned(own), { kind: "absent" }, ports)).kind === "written") return;
    } else if (stateOf(found.lock, ports).kind === "left-behind") {
      const { lock, etag } = found;
      const intent = mergeIntents(lock.intent.release, [lock.intent, own.intent]);
      const both = abandoned({ ...lock, intent });
      const answer = await writeLock(both, { kind: "unchanged", etag }, ports);
      if (answer.kind === "written") return;
    } else {
      const { owner, since } = found.lock;
      if (clock.now().getTime() >= deadline) throw unknownDoubts(found.lock);
      reporter.report({ kind: "lock-awaited", owner, since });
      await clock.sleep(DOUBTS_POLL_MS);
    }
  }
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

/** Told when somebody took the lock from a deploy at work. */
export function lostLease(): SlipwayError {
  return new SlipwayError("locked", {
    what: "This deploy no longer holds the lock, and has stopped",
    why: "it was held up for longer than its lease, or somebody broke the lock, and another deploy took over",
    next: "Run the deploy again: it compares with what is there now and repeats what is missing.",
  });
}

function unknownDoubts({ owner, since }: Lock): SlipwayError {
  return new SlipwayError("locked", {
    what: "This deploy no longer holds the lock; what it wrote last may have spoilt the other's work",
    why: `${owner} took over, and has been deploying since ${since} without coming to an end`,
    next: "When that deploy has ended, run: slipway deploy --verify",
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
