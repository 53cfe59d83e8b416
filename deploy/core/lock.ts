import { z } from "zod";
import { type Invalidation, mergeInvalidations } from "./invalidation.ts";
import { type ObjectKey, stateKey, type UrlPath } from "./keys.ts";

/**
 * One object says both who is deploying and what that deploy is about to touch. Taking the lock and
 * declaring the intent are therefore one atomic write, and a lock that was left behind is exactly an
 * unfinished intent: whoever takes it over knows what to doubt and what to invalidate.
 */
export type Lock = {
  readonly version: 1;
  /** Random; tells two locks of one owner apart. */
  readonly holder: string;
  /** Who deploys, for people: "mira@laptop", the URL of a CI job. */
  readonly owner: string;
  /** The process, where it can be told from every other one. */
  readonly process?: DeployProcess | undefined;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** The lease: after this moment, and some allowance for wrong clocks, anyone may take over. */
  readonly until: string;
  readonly intent: Intent;
};

/** A process on a machine: `machine` is never the same for two that share no process numbers. */
export type DeployProcess = { readonly machine: string; readonly pid: number };

/** What a deploy is about to touch, written before its first write. */
export type Intent = {
  readonly release: string;
  /** Every key that will be written or removed. */
  readonly keys: readonly ObjectKey[];
  /** Everything that the edge must forget once those keys have changed. */
  readonly invalidation: Invalidation;
};

export const LOCK_KEY: ObjectKey = stateKey("lock.json");

/** How long a lease lasts without a renewal. Far longer than any single request of a deploy. */
export const LEASE_MS = 120_000;

/** How far the clocks of two machines may disagree before one takes the other for dead. */
export const CLOCK_ALLOWANCE_MS = 30_000;

/** A lease given back early, by a deploy that failed in order or by an operator. */
const ABANDONED = "1970-01-01T00:00:00.000Z";

export type LockState =
  | { readonly kind: "held"; readonly lock: Lock }
  /** Nobody works on it any more, but what it intended was not finished. */
  | { readonly kind: "left-behind"; readonly lock: Lock };

/**
 * Whether a lock that was found is somebody's, at this moment. `isGone` says of a process that it has
 * ended; it says so only where it can know.
 */
export function lockState(
  lock: Lock,
  now: Date,
  isGone: (process: DeployProcess) => boolean,
): LockState {
  const givenBack = lock.until === ABANDONED;
  const expired = now.getTime() > Date.parse(lock.until) + CLOCK_ALLOWANCE_MS;
  const dead = lock.process !== undefined && isGone(lock.process);
  return { kind: givenBack || expired || dead ? "left-behind" : "held", lock };
}

/** The lock with its lease begun anew. */
export function extended(lock: Lock, now: Date): Lock {
  return { ...lock, until: new Date(now.getTime() + LEASE_MS).toISOString() };
}

/** The lock with its lease given back: the next deploy takes it over at once and finishes it. */
export function abandoned(lock: Lock): Lock {
  return { ...lock, until: ABANDONED };
}

/** Renewed once half of it is gone, so that a slow request never meets its end. */
export function needsRenewal(lock: Lock, now: Date): boolean {
  return Date.parse(lock.until) - now.getTime() < LEASE_MS / 2;
}

/** Past its own lease a deploy must not write: somebody else may be at work. */
export function isPast(lock: Lock, now: Date): boolean {
  return now.getTime() >= Date.parse(lock.until);
}

/** Two intents as one: what either may have touched, and what either has to invalidate. */
export function mergeIntents(release: string, intents: readonly Intent[]): Intent {
  const keys = new Set(intents.flatMap((intent) => intent.keys));
  return {
    release,
    keys: [...keys],
    invalidation: mergeInvalidations(intents.map((intent) => intent.invalidation)),
  };
}

export const invalidationSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("paths"),
    paths: z.array(z.string().transform((text) => text as UrlPath)),
  }),
  z.strictObject({ kind: z.literal("everything"), because: z.string() }),
]);

export const intentSchema = z.strictObject({
  release: z.string(),
  keys: z.array(z.string().transform((text) => text as ObjectKey)),
  invalidation: invalidationSchema,
});

const schema = z.strictObject({
  version: z.literal(1),
  holder: z.string().min(1),
  owner: z.string(),
  process: z.strictObject({ machine: z.string(), pid: z.int().positive() }).optional(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  intent: intentSchema,
});

export function formatLock(lock: Lock): string {
  return JSON.stringify(lock);
}

/** JSON text → lock; undefined when it is none. Never taken for "nobody deploys". */
export function parseLock(text: string): Lock | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
