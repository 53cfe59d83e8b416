import { BrokerError } from "../broker/broker-error.ts";
import type { Held, HeldQueue } from "../broker/held-queue.ts";
import type { Management } from "../broker/management.ts";
import type { QueueType } from "../broker/queue-type.ts";
import type { BrokerSession } from "../broker/session.ts";
import { type Selection, selects } from "./selection.ts";

/** What the verbs on a queue's messages work with. */
export type QueuePlace = {
  readonly session: BrokerSession;
  /** Undefined where no AMQP_ADMIN_URL was given. */
  readonly management: Management | undefined;
  readonly queue: string;
};

/** How far a walk went. */
export type Walked = {
  /** Messages that were ready when it began. */
  readonly depth: number;
  /** How many of them were looked at. */
  readonly seen: number;
  /** How many of those were meant. */
  readonly matched: number;
};

export type Walk = {
  readonly selection: Selection;
  /** Called with each message that is meant, and its place from the head of the queue, which is 1. */
  readonly visit: (held: Held, position: number) => Promise<"go-on" | "stop">;
  /** Called after the last one, while all of them are still in our hand. */
  readonly finish?: () => Promise<void>;
};

/**
 * Looks at a queue's messages from its head on, one by one, as many as there were at the start, until
 * a visit says `stop` or enough were meant. What was not removed is given back at the end, in its
 * place. Throws a BrokerError for a queue that cannot be looked at without harm.
 */
export async function walkQueue(place: QueuePlace, walk: Walk): Promise<Walked> {
  await refuseUnsafe(place);
  const { session, queue } = place;
  const held = await session.hold(queue);
  try {
    const walked = await visitAll(held, walk);
    await walk.finish?.();
    // What was removed is gone for sure only now.
    await held.close();
    return walked;
  } catch (error) {
    // With a lost connection the broker takes everything back by itself.
    await held.close().catch(() => undefined);
    throw error;
  }
}

async function visitAll(queue: HeldQueue, { selection, visit }: Walk): Promise<Walked> {
  const { max = Number.POSITIVE_INFINITY } = selection;
  let seen = 0;
  let matched = 0;
  while (matched < max) {
    const next = await queue.next();
    if (next === undefined) break;
    seen += 1;
    if (!selects(selection, next.message)) continue;
    matched += 1;
    if ((await visit(next, seen)) === "stop") break;
  }
  return { depth: queue.depth, seen, matched };
}

/**
 * A quorum queue puts what was looked at behind the rest, and with a delivery limit it deletes what was
 * looked at too often; a stream hands nothing out this way.
 */
async function refuseUnsafe({ session, management, queue }: QueuePlace): Promise<void> {
  const type = await typeOf({ session, management, queue });
  if (type === "classic") return;
  const shown = JSON.stringify(queue);
  throw new BrokerError(
    "refused",
    type === "unknown"
      ? {
          what: `The queue ${shown} is left alone`,
          why: "without the management API it cannot be seen whether it is a quorum queue, which looking would reorder",
          next: "Set AMQP_ADMIN_URL.",
        }
      : {
          what: `The queue ${shown} is a ${type} queue, and is left alone`,
          why:
            type === "quorum"
              ? "looking at its messages would reorder them, and with a delivery limit lose them"
              : "a stream hands out no single messages",
          next: "Keep errors in a classic queue, as slipway events setup makes it.",
        },
  );
}

async function typeOf({ session, management, queue }: QueuePlace): Promise<QueueType> {
  const facts = await management?.queue(queue).catch((error: unknown) => {
    // Looking does not depend on the management API; it is only the better witness.
    if (error instanceof BrokerError) return undefined;
    throw error;
  });
  return facts === undefined || facts.type === "unknown"
    ? await session.queueType(queue)
    : facts.type;
}
