import { BrokerError } from "../broker/broker-error.ts";
import type { Held } from "../broker/held-queue.ts";
import type { ConfirmPublisher, OutgoingMessage } from "../broker/publisher.ts";
import { REPLAY_COUNT, type StoredMessage } from "../broker/stored-message.ts";
import { EVENTS } from "../broker/topology.ts";
import { messageOf } from "../log.ts";
import type { PublishResult } from "../outbox/event-publisher.ts";
import { type BoundQueue, queuesFor, readBoundQueues } from "./bound-queues.ts";
import { KindTally } from "./kind-tally.ts";
import type { Selection } from "./selection.ts";
import { type QueuePlace, type Walked, walkQueue } from "./walk-queue.ts";

/** Where the messages of one kind would go. */
export type ReplayRoute = {
  readonly kind: string;
  readonly count: number;
  /** Queues that are bound for it now; undefined where no management API tells. */
  readonly queues: readonly string[] | undefined;
};

export type ReplayPreview = Walked & {
  readonly queue: string;
  /** Most messages first. */
  readonly routes: readonly ReplayRoute[];
};

export type ReplayOptions = {
  readonly selection: Selection;
  readonly dryRun: boolean;
  readonly confirm: (preview: ReplayPreview) => Promise<boolean>;
};

/** A message that stayed where it is, and why. */
export type Unreplayed = {
  readonly id: string | undefined;
  readonly kind: string;
  readonly why: string;
};

export type ReplayOutcome = {
  /** Published, confirmed, and out of the queue. */
  readonly replayed: number;
  /** Left in their places, because no queue is bound for their kind. */
  readonly unbound: number;
  /** Left in their places, because publishing them failed; at most the first hundred. */
  readonly failed: readonly Unreplayed[];
  readonly failedCount: number;
  /** Why the rest was not tried any more. */
  readonly stopped: string | undefined;
};

export type ReplayResult = ReplayPreview &
  (
    | { readonly kind: "nothing-matched" | "nobody-bound" | "dry-run" | "declined" }
    | ({ readonly kind: "replayed" } & ReplayOutcome)
  );

/**
 * Publishes messages again, to `events` and under the kind that they had, and takes each out of the
 * queue once the broker has confirmed it and given it to a queue. When anything dies in between, a message
 * is there twice, which consumers recognise by its id, but never gone. Bounded by what lay in the queue at
 * the start: what comes back is not tried again.
 */
export async function replayMessages(
  place: QueuePlace,
  { selection, dryRun, confirm }: ReplayOptions,
): Promise<ReplayResult> {
  const bound = await boundNow(place);
  const preview = await previewReplay(place, selection, bound);
  if (preview.matched === 0) return { ...preview, kind: "nothing-matched" };
  if (dryRun) return { ...preview, kind: "dry-run" };
  if (preview.routes.every(({ queues }) => queues?.length === 0)) {
    return { ...preview, kind: "nobody-bound" };
  }
  if (!(await confirm(preview))) return { ...preview, kind: "declined" };
  // Whoever agreed did so to this number; the queue may have grown meanwhile.
  const agreed = { ...selection, max: preview.matched };
  return { ...preview, kind: "replayed", ...(await publishAgain(place, agreed, bound)) };
}

/** Undefined without a management API, where only the broker's answer to each message tells. */
async function boundNow({ management }: QueuePlace): Promise<readonly BoundQueue[] | undefined> {
  return management === undefined ? undefined : await readBoundQueues(management);
}

async function previewReplay(
  place: QueuePlace,
  selection: Selection,
  bound: readonly BoundQueue[] | undefined,
): Promise<ReplayPreview> {
  const tally = new KindTally();
  const visit = async ({ message }: Held) => {
    tally.add(message.routingKey);
    return "go-on" as const;
  };
  const walked = await walkQueue(place, { selection, visit });
  const routes = tally.list().map(({ kind, count }) => {
    return { kind, count, queues: bound && queuesFor(kind, bound) };
  });
  return { ...walked, queue: place.queue, routes };
}

async function publishAgain(
  place: QueuePlace,
  selection: Selection,
  bound: readonly BoundQueue[] | undefined,
): Promise<ReplayOutcome> {
  const replaying = new Replaying(await place.session.publisher());
  const visit = async (held: Held) => {
    const isUnbound = bound !== undefined && queuesFor(held.message.routingKey, bound).length === 0;
    if (isUnbound) replaying.leave();
    else await replaying.publish(held);
    return replaying.isStopped ? "stop" : "go-on";
  };
  try {
    await walkQueue(place, { selection, visit, finish: () => replaying.settled() });
  } catch (error) {
    await replaying.settled();
    // What was confirmed is told in any case; with none, the error says all.
    if (!(error instanceof BrokerError) || replaying.outcome().replayed === 0) throw error;
    return { ...replaying.outcome(), stopped: `${error.message}; some may be there twice` };
  }
  return replaying.outcome();
}

/** Confirms waited for at a time: with one, each message would wait for the broker's disk alone. */
const WINDOW = 64;
/** Failures in a row after which the broker is taken to be unwilling. */
const MAX_FAILURES = 5;
const SHOWN_FAILURES = 100;

/** Messages on their way back, and what became of those that were. */
class Replaying {
  readonly #publisher: Pick<ConfirmPublisher, "publish">;
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #failed: Unreplayed[] = [];
  #replayed = 0;
  #unbound = 0;
  #failedCount = 0;
  #inARow = 0;
  #stopped: string | undefined;

  constructor(publisher: Pick<ConfirmPublisher, "publish">) {
    this.#publisher = publisher;
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  leave(): void {
    this.#unbound += 1;
  }

  /** Returns when there is room for another one. */
  async publish(held: Held): Promise<void> {
    const message = outgoing(held.message);
    const { messageId } = message.properties;
    // The broker's return names nothing but the id: of two with the same, the first goes alone.
    await this.#inFlight.get(messageId);
    if (this.isStopped) return;
    const settled = this.#publisher.publish(message).then((result) => {
      this.#inFlight.delete(messageId);
      this.#settle(held, result);
    });
    this.#inFlight.set(messageId, settled);
    if (this.#inFlight.size >= WINDOW) await Promise.race(this.#inFlight.values());
  }

  async settled(): Promise<void> {
    await Promise.all(this.#inFlight.values());
  }

  outcome(): ReplayOutcome {
    return {
      replayed: this.#replayed,
      unbound: this.#unbound,
      failed: this.#failed,
      failedCount: this.#failedCount,
      stopped: this.#stopped,
    };
  }

  #settle({ message, remove }: Held, result: PublishResult): void {
    switch (result.kind) {
      case "routed":
        this.#replayed += 1;
        this.#inARow = 0;
        this.#takeOut(remove);
        return;
      case "unroutable":
        this.#unbound += 1;
        return;
      case "failed":
        this.#fail(message, result.error);
        if (this.#inARow >= MAX_FAILURES) this.#stopped ??= result.error;
        return;
      case "unavailable":
        this.#fail(message, result.error);
        this.#stopped ??= result.error;
    }
  }

  #takeOut(remove: Held["remove"]): void {
    try {
      remove();
    } catch (error) {
      this.#stopped ??= `${messageOf(error)}; some may be there twice`;
    }
  }

  #fail({ id, routingKey }: StoredMessage, why: string): void {
    this.#failedCount += 1;
    this.#inARow += 1;
    if (this.#failed.length < SHOWN_FAILURES) this.#failed.push({ id, kind: routingKey, why });
  }
}

/** Headers in which the broker keeps its own account of a message; it starts anew with a replay. */
const BROKERS_OWN = /^x-(?:death|first-death-.*|last-death-.*|delivery-count)$/;

/** The same message under its own id, once more. */
function outgoing(message: StoredMessage): OutgoingMessage {
  const { id, routingKey, content, replays } = message;
  // The broker refuses a message that names another user than the one who publishes it.
  const { userId: _, headers, ...properties } = message.properties;
  const kept = Object.entries(headers ?? {}).filter(([name]) => !BROKERS_OWN.test(name));
  return {
    exchange: EVENTS,
    routingKey,
    content,
    properties: {
      ...properties,
      // A foreign message without an id gets one: by it the broker's return is recognised.
      messageId: id ?? crypto.randomUUID(),
      headers: { ...Object.fromEntries(kept), [REPLAY_COUNT]: replays + 1 },
    },
  };
}
