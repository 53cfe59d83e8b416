import { setTimeout as wait } from "node:timers/promises";
import { BrokerError } from "../broker/broker-error.ts";
import { eventMessage } from "../broker/event-message.ts";
import type { Management, Policy } from "../broker/management.ts";
import { isSamePolicy, KEEP_POLICY, keepPolicy } from "../broker/policies.ts";
import type { BrokerSession } from "../broker/session.ts";
import { ERRORS, EVENTS, publishing } from "../broker/topology.ts";
import { makeEvent } from "../events/envelope.ts";
import type { PublishResult } from "../outbox/event-publisher.ts";
import { queuesFor, readBoundQueues } from "./bound-queues.ts";
import { walkQueue } from "./walk-queue.ts";

/** What becomes of messages that no queue is bound for. */
export type UnroutableMode = "keep" | "discard";

export type UnroutableSwitch = {
  readonly mode: UnroutableMode;
  /** Whether the policy had to be written or removed. */
  readonly changed: boolean;
} & (
  | { readonly kind: "proven" }
  /** The policy is as wanted, and yet the probe did not go where it should have. */
  | { readonly kind: "unproven"; readonly why: string }
);

const PROBE = "ops.probe.v1";
/** A probe that could not be taken out again is gone by itself once it is at the head. */
const PROBE_TTL_MS = 60_000;
/** A policy takes effect a moment after it was accepted. */
const TRIES = 8;
const PAUSE_MS = 250;

/**
 * Switches what becomes of unroutable messages while everything runs, and proves it: a message of a
 * kind that nobody is interested in is published, watched, and taken out again.
 */
export async function switchUnroutable(
  session: BrokerSession,
  management: Management,
  mode: UnroutableMode,
): Promise<UnroutableSwitch> {
  // A policy that names a missing exchange, or one without a queue, keeps nothing and says nothing.
  await session.declare(publishing);
  const found = await management.policy(KEEP_POLICY);
  const changed = await write(management, mode, found);
  let proof: Proof = { kind: "unproven", why: "it was not tried" };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await wait(PAUSE_MS);
    proof = await probe(session, management, mode);
    if (proof.kind === "proven") break;
  }
  return { mode, changed, ...proof };
}

async function write(
  management: Management,
  mode: UnroutableMode,
  found: Policy | undefined,
): Promise<boolean> {
  switch (mode) {
    case "keep":
      if (found !== undefined && isSamePolicy(found, keepPolicy)) return false;
      await management.putPolicy(KEEP_POLICY, keepPolicy);
      return true;
    case "discard":
      if (found === undefined) return false;
      await management.deletePolicy(KEEP_POLICY);
      return true;
  }
}

type Proof = { readonly kind: "proven" } | { readonly kind: "unproven"; readonly why: string };

async function probe(
  session: BrokerSession,
  management: Management,
  mode: UnroutableMode,
): Promise<Proof> {
  const takers = queuesFor(PROBE, await readBoundQueues(management));
  if (takers.length > 0) {
    return unproven(`nothing is unroutable while ${takers.join(", ")} takes every kind of message`);
  }
  const id = crypto.randomUUID();
  const event = makeEvent(PROBE, {
    id,
    source: "/ops",
    subject: id,
    time: new Date(),
    data: { probeId: id },
  });
  const message = eventMessage(event, "ops");
  const publisher = await session.publisher();
  const properties = { ...message.properties, expiration: String(PROBE_TTL_MS) };
  const result = await publisher.publish({ ...message, properties });
  const isKept = result.kind === "routed" && (await takeOut(id, { session, management }));
  return judge(mode, result, isKept);
}

function judge(mode: UnroutableMode, result: PublishResult, isKept: boolean): Proof {
  switch (result.kind) {
    case "unroutable":
      if (mode === "discard") return { kind: "proven" };
      return unproven("the broker still drops them; another policy may outrank events-keep");
    case "routed":
      if (!isKept) return unproven(`a probe was taken by a queue, and not by ${ERRORS}`);
      if (mode === "keep") return { kind: "proven" };
      return unproven("the broker still keeps them; another policy names an alternate exchange");
    case "failed":
    case "unavailable":
      return unproven(result.error);
  }
}

function unproven(why: string): Proof {
  return { kind: "unproven", why };
}

/** Removes the probe from the error queue; says whether it was there. */
async function takeOut(
  id: string,
  place: { readonly session: BrokerSession; readonly management: Management },
): Promise<boolean> {
  const { matched } = await walkQueue(
    { ...place, queue: ERRORS },
    {
      selection: { kinds: [PROBE], ids: [id], max: 1 },
      visit: async ({ remove }) => {
        remove();
        return "stop";
      },
    },
  );
  return matched === 1;
}

/** What is in force, as far as the policies say. */
export type UnroutableFacts =
  | { readonly mode: UnroutableMode; readonly policy: string | undefined }
  /** There is a policy, and this user may not read what it says. */
  | { readonly mode: "unknown"; readonly policy: string }
  /** A policy wants to keep them, and cannot. */
  | { readonly mode: "broken"; readonly policy: string; readonly why: string };

/** Reads what becomes of unroutable messages, without a probe. */
export async function readUnroutable(management: Management): Promise<UnroutableFacts> {
  const exchange = await management.exchange(EVENTS);
  const policy = exchange?.policy;
  if (policy === undefined) return { mode: "discard", policy };
  const found = await readPolicy(management, policy);
  if (found === "denied") return { mode: "unknown", policy };
  const target = found?.definition["alternate-exchange"];
  if (typeof target !== "string") return { mode: "discard", policy };
  if ((await management.exchange(target)) === undefined) {
    return { mode: "broken", policy, why: `it names the exchange ${target}, which is not there` };
  }
  const bindings = await management.bindingsOf(target);
  if (bindings.length > 0) return { mode: "keep", policy };
  return { mode: "broken", policy, why: `it names the exchange ${target}, which has no queue` };
}

async function readPolicy(
  management: Management,
  name: string,
): Promise<Policy | undefined | "denied"> {
  try {
    return await management.policy(name);
  } catch (error) {
    if (error instanceof BrokerError && error.kind === "denied") return "denied";
    throw error;
  }
}
