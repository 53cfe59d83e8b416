import { BrokerError } from "../broker/broker-error.ts";
import type { Alarm, BrokerOverview, Management } from "../broker/management.ts";
import type { BrokerSession } from "../broker/session.ts";
import { ERRORS, FAILED } from "../broker/topology.ts";
import { type BoundQueue, readBoundQueues } from "./bound-queues.ts";
import { readUnroutable, type UnroutableFacts } from "./unroutable.ts";
import { walkQueue } from "./walk-queue.ts";

export type ErrorQueueStatus =
  | { readonly name: string; readonly kind: "missing" }
  | {
      readonly name: string;
      readonly kind: "present";
      readonly ready: number;
      /** Held by somebody who looks at them; undefined without the management API. */
      readonly held: number | undefined;
      readonly bytes: number | undefined;
      /** How many it takes at most, if something says so. */
      readonly limit: number | undefined;
      /** When the message at its head was published. */
      readonly oldest: Date | undefined;
    };

export type BrokerStatus = {
  readonly host: string;
  readonly vhost: string;
  /** Why the broker takes no messages, as it told this connection. */
  readonly blocked: string | undefined;
  readonly queues: readonly ErrorQueueStatus[];
  readonly management:
    | { readonly kind: "absent" }
    | {
        readonly kind: "failed";
        readonly what: string;
        readonly why: string;
        readonly next: string;
      }
    | ({ readonly kind: "asked" } & ManagementFacts);
};

export type ManagementFacts = {
  readonly broker: BrokerOverview;
  readonly unroutable: UnroutableFacts;
  readonly bound: readonly BoundQueue[];
  readonly alarms: readonly Alarm[];
};

/**
 * How the broker does. What the management API alone knows is left out where it does not answer. The age
 * of a queue is that of the message at its head: `as-told` by the management API, or `looked-up` where it
 * does not tell, which marks that message as redelivered.
 */
export async function readStatus(
  session: BrokerSession,
  management: Management | undefined,
  age: "as-told" | "looked-up" = "looked-up",
): Promise<BrokerStatus> {
  const { host, vhost } = session.place;
  const asked = await askManagement(management);
  const witness = asked.kind === "asked" ? management : undefined;
  const queues: ErrorQueueStatus[] = [];
  for (const name of [ERRORS, FAILED])
    queues.push(await queueStatus(name, { session, management: witness, age }));
  return { host, vhost, blocked: session.blocked, queues, management: asked };
}

async function askManagement(
  management: Management | undefined,
): Promise<BrokerStatus["management"]> {
  if (management === undefined) return { kind: "absent" };
  try {
    const [broker, unroutable, bound, alarms] = await Promise.all([
      management.overview(),
      readUnroutable(management),
      readBoundQueues(management),
      // A user who may only look after one virtual host does not see the nodes.
      management.alarms().catch(() => []),
    ]);
    return { kind: "asked", broker, unroutable, bound, alarms };
  } catch (error) {
    if (error instanceof BrokerError) return { kind: "failed", ...error.text };
    throw error;
  }
}

type QueueWitness = {
  readonly session: BrokerSession;
  readonly management: Management | undefined;
  readonly age: "as-told" | "looked-up";
};

async function queueStatus(
  name: string,
  { session, management, age }: QueueWitness,
): Promise<ErrorQueueStatus> {
  const depth = await session.depth(name);
  if (depth === undefined) return { name, kind: "missing" };
  const facts = await management?.queue(name);
  const { ready } = depth;
  const told = facts?.headTimestamp;
  const isLookedUp = told === undefined && ready > 0 && age === "looked-up";
  return {
    name,
    kind: "present",
    ready,
    held: facts?.unacknowledged,
    bytes: facts?.bytes,
    limit: limitOf({ ...facts?.effectivePolicy, ...facts?.arguments }),
    oldest: isLookedUp ? await oldestOf(name, session, management) : told,
  };
}

function limitOf(settings: Readonly<Record<string, unknown>>): number | undefined {
  const limits = [settings["max-length"], settings["x-max-length"]];
  const numbers = limits.filter((limit) => typeof limit === "number");
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

/** The time of the message at the head, which is looked at and given back. */
async function oldestOf(
  queue: string,
  session: BrokerSession,
  management: Management | undefined,
): Promise<Date | undefined> {
  let oldest: Date | undefined;
  const selection = { kinds: [], ids: [], max: 1 };
  await walkQueue(
    { session, management, queue },
    {
      selection,
      visit: async ({ message }) => {
        oldest = message.time;
        return "stop";
      },
    },
  ).catch((error: unknown) => {
    // A queue that cannot be looked at without harm has no age that could be told.
    if (!(error instanceof BrokerError && error.kind === "refused")) throw error;
  });
  return oldest;
}
