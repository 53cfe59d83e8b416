import { SlipwayError } from "../core/errors.ts";
import type { Digest } from "../core/keys.ts";
import { type Intent, type Lock, mergeIntents } from "../core/lock.ts";
import { isEmpty, type Plan } from "../core/plan.ts";
import { releaseId } from "../core/release.ts";
import type { Interruption, Processes } from "../ports.ts";
import { acquireLease, type Claimant, heldLock, type Lease, stateOf } from "./lease.ts";
import {
  type Planned,
  type PlanOptions,
  type PlanPorts,
  planRelease,
  type Source,
} from "./plan.ts";
import { baseHolds, readLock, type StoredLock } from "./state.ts";

/** Makes the plan for a source; called again whenever the bucket turns out to have moved. */
export type Planner = (unfinished: Intent | undefined) => Promise<Planned>;

export type ClaimPorts = Omit<PlanPorts, "files" | "history"> & {
  readonly processes: Processes;
  /** Asked before the first write, whenever there is another plan than the one agreed to. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  readonly claimant: Claimant;
  readonly interruption: Interruption;
};

export type ClaimOptions = {
  /** How long to wait for another deploy to end, in milliseconds. */
  readonly waitForLock: number;
};

/** Either a plan together with the right to carry it out, or the reason why there is nothing to carry out. */
export type Claim =
  | {
      readonly kind: "claimed";
      readonly planned: Planned;
      readonly lease: Lease;
      readonly release: string;
    }
  | { readonly kind: "nothing-to-do" | "refused" | "declined"; readonly plan: Plan };

/** The bucket may move between reading and locking; this often in a row it never does. */
const MOST_ROUNDS = 20;
const POLL_MS = 2000;

/**
 * Plans, asks, and takes the lock, in an order that makes the three belong together: the plan that is
 * carried out was agreed to, and the bucket is still the one that it was made against.
 *
 * What an earlier deploy left unfinished becomes part of the plan. Without such a leftover it costs
 * one read for a plan with nothing to do, and one write and one read for any other.
 */
export async function claim(
  planner: Planner,
  options: ClaimOptions,
  ports: ClaimPorts,
): Promise<Claim> {
  const deadline = ports.clock.now().getTime() + options.waitForLock;
  let leftBehind: StoredLock | undefined;
  let agreed: Digest | undefined;
  for (let round = 0; round < MOST_ROUNDS; ) {
    const planned = await planner(leftBehind?.lock.intent);
    const step = await tryToSettle(planned, { leftBehind, agreed }, ports);
    if (step.kind === "settled") return step.claim;
    // How often one may wait is a matter of the deadline.
    if (step.kind === "held") await pause(step.lock, deadline, ports);
    else round += 1;
    leftBehind = step.kind === "again" ? step.leftBehind : undefined;
    agreed = planned.plan.id;
  }
  throw new SlipwayError("locked", {
    what: "The bucket keeps changing",
    why: `${MOST_ROUNDS} times in a row another deploy was faster`,
    next: "See who deploys this site, then run the deploy again.",
  });
}

/** What one round comes to: an end, a wait, or another round that knows more. */
type Step =
  | { readonly kind: "settled"; readonly claim: Claim }
  | { readonly kind: "held"; readonly lock: Lock }
  | { readonly kind: "again"; readonly leftBehind: StoredLock | undefined };

/** One round for one plan. */
async function tryToSettle(
  planned: Planned,
  known: { readonly leftBehind: StoredLock | undefined; readonly agreed: Digest | undefined },
  ports: ClaimPorts,
): Promise<Step> {
  const { plan } = planned;
  if (plan.violations.length > 0) return { kind: "settled", claim: { kind: "refused", plan } };
  if (isEmpty(plan)) return await lookForLeftover(plan, ports);
  if (plan.id !== known.agreed && !(await ports.confirm(plan))) {
    return { kind: "settled", claim: { kind: "declined", plan } };
  }
  return await takeLock(planned, known.leftBehind, ports);
}

/** The site is as it was built; but a deploy may have broken off after that, and owe an invalidation. */
async function lookForLeftover(plan: Plan, ports: ClaimPorts): Promise<Step> {
  const found = await readLock(ports);
  if (found === undefined) return { kind: "settled", claim: { kind: "nothing-to-do", plan } };
  const { kind, lock } = stateOf(found.lock, ports);
  return kind === "held" ? { kind, lock } : { kind: "again", leftBehind: found };
}

async function takeLock(
  planned: Planned,
  leftBehind: StoredLock | undefined,
  ports: ClaimPorts,
): Promise<Step> {
  const { base, plan } = planned;
  const before = base.kind === "manifest" ? base.manifest.release : undefined;
  const release = releaseId(ports.clock.now(), plan.id, before);
  const intent = intentOf(plan, release);
  const answer = await acquireLease({ ...ports.claimant, intent, takeOver: leftBehind }, ports);
  switch (answer.kind) {
    case "held":
      return answer;
    case "left-behind":
      return { kind: "again", leftBehind: answer.found };
    case "gone":
      return { kind: "again", leftBehind: undefined };
    case "acquired": {
      const { lease } = answer;
      const holds = await baseHolds(base, ports).catch(async (error: unknown) => {
        await lease.abandon();
        throw error;
      });
      if (holds) return { kind: "settled", claim: { kind: "claimed", planned, lease, release } };
      return { kind: "again", leftBehind: await giveBack(lease, leftBehind, ports) };
    }
  }
}

/** What the plan is about to touch, and what it took over to finish. */
function intentOf(plan: Plan, release: string): Intent {
  const own: Intent = {
    release,
    keys: plan.changes.map((change) => (change.kind === "remove" ? change.key : change.file.key)),
    invalidation: plan.invalidation.afterWrites,
  };
  const removed: Intent = { release, keys: [], invalidation: plan.invalidation.afterRemovals };
  return mergeIntents(release, [
    own,
    removed,
    ...(plan.unfinished === undefined ? [] : [plan.unfinished]),
  ]);
}

/** Another release came between reading and locking: nothing was written, so nothing is owed. */
async function giveBack(
  lease: Lease,
  leftBehind: StoredLock | undefined,
  ports: ClaimPorts,
): Promise<StoredLock | undefined> {
  if (leftBehind === undefined) {
    await lease.release();
    return undefined;
  }
  await lease.abandon();
  return await readLock(ports);
}

/** Whoever is asked to stop waits no longer: nothing is under way. */
async function pause(
  lock: Lock,
  deadline: number,
  { clock, reporter, interruption }: ClaimPorts,
): Promise<void> {
  const left = deadline - clock.now().getTime();
  if (left <= 0 || interruption.requested) throw heldLock(lock);
  reporter.report({ kind: "lock-awaited", owner: lock.owner, since: lock.since });
  await clock.sleep(Math.min(POLL_MS, left));
}

/** The planner for a built site. */
export function plannerFor(source: Source, options: PlanOptions, ports: ClaimPorts): Planner {
  return (unfinished) => planRelease(source, { ...options, unfinished }, ports);
}
