import { setTimeout as sleep } from "node:timers/promises";
import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { type Envelope, readEnvelope } from "../events/envelope.ts";
import { type Log, messageOf, type Outage, watchOutage } from "../log.ts";
import type { BrokerConnection } from "./connection.ts";
import { DEAD, deadLetters, declareTopology, EVENTS, publishing } from "./topology.ts";

/**
 * What became of an event: `seen-before` was done at an earlier delivery, `hopeless` would fail however
 * often it is tried.
 */
export type Handled =
  | { readonly kind: "done" }
  | { readonly kind: "seen-before" }
  | { readonly kind: "hopeless"; readonly reason: string };

/**
 * Acts on one event, once for each id however often it is delivered: what it writes and the note that
 * it was written belong in one transaction. Rejects when a later try may succeed.
 */
export type Handler = (envelope: Envelope) => Promise<Handled>;

export type ConsumerDeps = {
  readonly connection: BrokerConnection;
  readonly handle: Handler;
  readonly log: Log;
  readonly settings: ConsumerSettings;
};

export type ConsumerSettings = {
  /** `<service>.<purpose>`. The consumer declares and binds it; nobody else reads it. */
  readonly queue: string;
  readonly patterns: readonly string[];
  /** Messages in hand at a time. */
  readonly prefetch: number;
  /** How long to wait after each try in vain; after the last, the message is given up. */
  readonly restsMs: readonly number[];
};

/** Counted since the start of this process. */
export type ConsumerCounts = {
  readonly done: number;
  readonly seenBefore: number;
  readonly givenUp: number;
};

const REOPEN_MS = 1_000;
const STOP_MS = 5_000;

/**
 * Takes events from a queue of its own, on each connection anew. A message is acknowledged after it was
 * handled; one that is hopeless, or was tried in vain too often, goes to the dead letters
 * (`events.failed`), where an operator can look at it and send it once more.
 */
export class EventConsumer {
  readonly #deps: ConsumerDeps;
  readonly #inHand = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #outage: Outage;
  #channel: Channel | undefined;
  #reopening: NodeJS.Timeout | undefined;
  #counts: ConsumerCounts = { done: 0, seenBefore: 0, givenUp: 0 };

  private constructor(deps: ConsumerDeps) {
    this.#deps = deps;
    this.#outage = watchOutage(deps.log, {
      lost: "the queue cannot be consumed; trying again",
      back: "the queue can be consumed again",
    });
    deps.connection.onConnected((model) => void this.#open(model));
  }

  static start(deps: ConsumerDeps): EventConsumer {
    return new EventConsumer(deps);
  }

  get counts(): ConsumerCounts {
    return this.#counts;
  }

  /** Whether messages are being taken. */
  get isConsuming(): boolean {
    return this.#channel !== undefined;
  }

  /**
   * Takes no more and waits for what is in hand, some seconds at most. What is not acknowledged by then
   * is delivered again to the next consumer.
   */
  async stop(): Promise<void> {
    const channel = this.#channel;
    this.#stopping.abort();
    this.#channel = undefined;
    await channel?.cancel(this.#deps.settings.queue).catch(() => undefined);
    await Promise.race([Promise.all(this.#inHand), sleep(STOP_MS, undefined, { ref: false })]);
    await channel?.close().catch(() => undefined);
  }

  async #open(model: ChannelModel): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    try {
      await declareTopology(model, publishing, deadLetters);
      await this.#consume(model, await model.createChannel());
      this.#outage.works();
    } catch (error) {
      this.#outage.fails(error);
      this.#openLater(model);
    }
  }

  async #consume(model: ChannelModel, channel: Channel): Promise<void> {
    const { queue, patterns, prefetch } = this.#deps.settings;
    channel.on("error", (error) => {
      // Before that the call that was refused tells of it.
      if (this.#channel !== channel) return;
      this.#deps.log.warn({ reason: messageOf(error) }, "the broker closed the channel");
    });
    channel.on("close", () => {
      if (this.#channel === channel) this.#channel = undefined;
      this.#openLater(model);
    });
    // The queue is the consumer's own, and so is the way out of it: without a policy, what it gives up
    // would be dropped.
    await channel.assertQueue(queue, { durable: true, deadLetterExchange: DEAD });
    for (const pattern of patterns) await channel.bindQueue(queue, EVENTS, pattern);
    await channel.prefetch(prefetch);
    this.#channel = channel;
    await channel.consume(queue, (message) => this.#receive(channel, message), {
      consumerTag: queue,
    });
    this.#deps.log.info({ queue, patterns }, "taking events");
  }

  #receive(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      // Somebody deleted the queue under us.
      void channel.close().catch(() => undefined);
      return;
    }
    const handling = this.#deliver(channel, message).catch((error) => {
      // The channel is gone, and the broker delivers the message again.
      this.#deps.log.warn({ reason: messageOf(error) }, "a message could not be acknowledged");
    });
    this.#inHand.add(handling);
    void handling.then(() => this.#inHand.delete(handling));
  }

  async #deliver(channel: Channel, message: ConsumeMessage): Promise<void> {
    const read = readEnvelope(message.content.toString());
    switch (read.kind) {
      case "malformed":
        this.#giveUp(channel, message, `its envelope is malformed: ${read.reason}`);
        break;
      case "unknown-kind":
        this.#giveUp(channel, message, `this release does not know the kind ${read.type}`);
        break;
      case "event":
        await this.#handle(channel, message, read.envelope);
    }
  }

  async #handle(channel: Channel, message: ConsumeMessage, envelope: Envelope): Promise<void> {
    const { settings, log } = this.#deps;
    for (const restMs of [...settings.restsMs, undefined]) {
      const result = await this.#tryOnce(envelope);
      if (!(result instanceof Error)) {
        this.#finish(channel, message, result);
        return;
      }
      if (restMs === undefined) {
        this.#giveUp(channel, message, result.message);
        return;
      }
      log.warn(
        { id: envelope.id, reason: result.message, restMs },
        "an event is tried again later",
      );
      await sleep(restMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#channel !== channel) return;
    }
  }

  async #tryOnce(envelope: Envelope): Promise<Handled | Error> {
    try {
      return await this.#deps.handle(envelope);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #finish(channel: Channel, message: ConsumeMessage, result: Handled): void {
    switch (result.kind) {
      case "done":
        this.#counts = { ...this.#counts, done: this.#counts.done + 1 };
        channel.ack(message);
        break;
      case "seen-before":
        this.#counts = { ...this.#counts, seenBefore: this.#counts.seenBefore + 1 };
        channel.ack(message);
        break;
      case "hopeless":
        this.#giveUp(channel, message, result.reason);
    }
  }

  #giveUp(channel: Channel, message: ConsumeMessage, reason: string): void {
    const { messageId: id } = message.properties;
    const { routingKey } = message.fields;
    this.#counts = { ...this.#counts, givenUp: this.#counts.givenUp + 1 };
    this.#deps.log.error({ id, routingKey, reason }, "an event goes to the dead letters");
    channel.nack(message, false, false);
  }

  /** Once, however many things went wrong with one channel. */
  #openLater(model: ChannelModel): void {
    const reopen = () => {
      const isCurrent = this.#deps.connection.model === model;
      if (isCurrent && this.#channel === undefined) void this.#open(model);
    };
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(reopen, REOPEN_MS).unref();
  }
}
