import { setTimeout as wait } from "node:timers/promises";
import type { CopyQueue } from "../broker/copy-queue.ts";
import { explainBroker } from "../broker/explain.ts";
import type { Management } from "../broker/management.ts";
import type { BrokerSession } from "../broker/session.ts";
import type { StoredMessage } from "../broker/stored-message.ts";
import { matchesTopic } from "../broker/topic-pattern.ts";
import { EVENTS, UNROUTED } from "../broker/topology.ts";
import { type BoundQueue, queuesFor, readBoundQueues, TAIL_PREFIX } from "./bound-queues.ts";
import { type Body, bodyOf } from "./peek.ts";

export type TailedEvent = {
  readonly kind: string;
  readonly id: string | undefined;
  readonly time: Date | undefined;
  /** The queues that got it, as far as bindings say; none: it was unroutable. */
  readonly queues: readonly string[];
  readonly replays: number;
  readonly bytes: number;
  readonly body: Body;
};

export type TailOptions = {
  /** Topic patterns; none: every kind. */
  readonly kinds: readonly string[];
  /** Ends after so many. */
  readonly max: number | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TailedEvent) => void;
};

/** How long a binding that somebody else removed is still held to. */
const REFRESH_MS = 1_000;
const MAX_BODY_BYTES = 16 * 1024;

/**
 * Shows events as they are published, until it is told to end. It must not change what is unroutable: a
 * queue bound by `#` would swallow what the error queue should keep. So its queue is bound by exactly the
 * patterns that others are bound by, and to the exchange of the unroutable ones, and it picks from what
 * it gets. In discard mode it sees nothing that nobody is bound for, because no queue does. Gives how many
 * it showed.
 */
export async function tailEvents(
  session: BrokerSession,
  management: Management,
  { kinds, max = Number.POSITIVE_INFINITY, signal, onEvent }: TailOptions,
): Promise<number> {
  let shown = 0;
  let bound: readonly BoundQueue[] = [];
  const enough = new AbortController();
  const end = AbortSignal.any([signal, enough.signal]);
  const onMessage = (message: StoredMessage) => {
    const { routingKey } = message;
    if (end.aborted) return;
    if (kinds.length > 0 && !kinds.some((pattern) => matchesTopic(pattern, routingKey))) return;
    onEvent(tailed(message, bound));
    shown += 1;
    if (shown >= max) enough.abort();
  };
  const copies = await session.copyTo(`${TAIL_PREFIX}${crypto.randomUUID()}`, onMessage);
  const following = async () => {
    await copies.bind(UNROUTED, "");
    const held = new Set<string>();
    while (!end.aborted) {
      bound = await readBoundQueues(management);
      await follow(copies, held, bound);
      await wait(REFRESH_MS, undefined, { signal: end }).catch(() => undefined);
    }
  };
  try {
    await Promise.race([following(), copies.ended]);
  } catch (error) {
    throw explainBroker(error, session.place);
  } finally {
    // Of the two in the race the other goes on, and would keep the process from ending.
    enough.abort();
  }
  return shown;
}

/** Binds by what others are bound by, and lets go of the rest. */
async function follow(
  copies: CopyQueue,
  held: Set<string>,
  bound: readonly BoundQueue[],
): Promise<void> {
  const wanted = new Set(bound.map(({ pattern }) => pattern));
  for (const pattern of held) {
    if (wanted.has(pattern)) continue;
    await copies.unbind(EVENTS, pattern);
    held.delete(pattern);
  }
  for (const pattern of wanted) {
    if (held.has(pattern)) continue;
    await copies.bind(EVENTS, pattern);
    held.add(pattern);
  }
}

function tailed(message: StoredMessage, bound: readonly BoundQueue[]): TailedEvent {
  const { routingKey, id, time, replays, content } = message;
  return {
    kind: routingKey,
    id,
    time,
    queues: queuesFor(routingKey, bound),
    replays,
    bytes: content.length,
    body: bodyOf(content, MAX_BODY_BYTES),
  };
}
