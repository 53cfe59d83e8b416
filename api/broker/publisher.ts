import type { ChannelModel, ConfirmChannel, Options } from "amqplib";
import { type Log, messageOf } from "../log.ts";
import type { PublishResult } from "../outbox/event-publisher.ts";
import type { BrokerConnection } from "./connection.ts";

export type OutgoingMessage = {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  /** With `messageId`, by which the broker's return is recognised. */
  readonly properties: Options.Publish & { readonly messageId: string };
};

export type PublisherOptions = {
  readonly connection: BrokerConnection;
  readonly log: Log;
  /** Done on each new connection, and after the broker refused something, before publishing. */
  readonly prepare?: (model: ChannelModel) => Promise<void>;
  /** How long a confirm is waited for. */
  readonly confirmMs?: number;
};

const CONFIRM_MS = 5_000;
/** Between the broker closing our channel and the next one. */
const REOPEN_MS = 1_000;

/**
 * Publishes with confirms and `mandatory`, on a channel that it opens anew when it must. Every call has
 * an answer within the time of a confirm: under a memory alarm confirms just stop.
 */
export class ConfirmPublisher {
  readonly #options: PublisherOptions;
  readonly #inFlight = new Set<Promise<unknown>>();
  #channel: ConfirmChannel | undefined;
  /** Ids that the broker has handed back on this channel, until their confirm comes. */
  #returned = new Set<string>();
  #refusal = "the channel is not open yet";
  #ready: readonly (() => void)[] = [];
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { connection } = options;
    connection.onConnected((model) => void this.#open(model));
    connection.onStateChange(() => this.#tellWhenReady());
  }

  /** Why nothing can be published now, or undefined. */
  obstacle(): string | undefined {
    const { state } = this.#options.connection;
    if (state.kind === "disconnected") return `not connected: ${state.error}`;
    if (state.kind === "blocked") return `the broker takes no messages: ${state.reason}`;
    return this.#channel === undefined ? this.#refusal : undefined;
  }

  /** Calls when an obstacle has gone. */
  onReady(listener: () => void): void {
    this.#ready = [...this.#ready, listener];
  }

  /** Never rejects. Messages are sent in the order of the calls. */
  publish(message: OutgoingMessage): Promise<PublishResult> {
    const obstacle = this.obstacle();
    const channel = this.#channel;
    if (obstacle !== undefined || channel === undefined) {
      return Promise.resolve({ kind: "unavailable", error: obstacle ?? this.#refusal });
    }
    const result = this.#send(channel, message);
    this.#inFlight.add(result);
    void result.then(() => this.#inFlight.delete(result));
    return result;
  }

  /** Waits for the confirms under way, each no longer than its time, and lets go of the channel. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#inFlight);
    const channel = this.#channel;
    this.#channel = undefined;
    await channel?.close().catch(() => undefined);
  }

  #send(channel: ConfirmChannel, message: OutgoingMessage): Promise<PublishResult> {
    const { confirmMs = CONFIRM_MS } = this.#options;
    const { exchange, routingKey, content, properties } = message;
    const returned = this.#returned;
    return new Promise((resolve) => {
      const impatience = setTimeout(() => {
        resolve(this.#unconfirmed(`no confirm within ${confirmMs} ms`));
      }, confirmMs);
      const settle = (error: unknown) => {
        clearTimeout(impatience);
        const wasReturned = returned.delete(properties.messageId);
        if (error === null) return resolve({ kind: wasReturned ? "unroutable" : "routed" });
        // A lost connection closes its channels first, and says so itself only after that.
        queueMicrotask(() => resolve(this.#refused(messageOf(error))));
      };
      try {
        channel.publish(exchange, routingKey, content, { ...properties, mandatory: true }, settle);
      } catch (error) {
        settle(error);
      }
    });
  }

  #refused(error: string): PublishResult {
    if (error === "message nacked") {
      return { kind: "failed", error: "the broker refused it (nack): a queue is full" };
    }
    // With the channel all its unconfirmed messages end; the broker says why only once.
    return this.#unconfirmed(error === "channel closed" ? this.#refusal : error);
  }

  /** Of a broker that is away or blocked, nothing is known about any one message. */
  #unconfirmed(error: string): PublishResult {
    const { state } = this.#options.connection;
    switch (state.kind) {
      case "connected":
        return { kind: "failed", error };
      case "blocked":
        return { kind: "unavailable", error: `the broker takes no messages: ${state.reason}` };
      case "disconnected":
        return { kind: "unavailable", error: `the connection was lost: ${state.error}` };
    }
  }

  async #open(model: ChannelModel): Promise<void> {
    const { prepare, log } = this.#options;
    try {
      await prepare?.(model);
    } catch (error) {
      // A publisher without the right to declare can still publish to what exists.
      log.warn({ reason: messageOf(error) }, "the topology could not be declared");
    }
    try {
      this.#adopt(model, await model.createConfirmChannel());
    } catch (error) {
      this.#refusal = messageOf(error);
      this.#openLater(model);
    }
  }

  #adopt(model: ChannelModel, channel: ConfirmChannel): void {
    const returned = new Set<string>();
    channel.on("return", ({ properties }) => returned.add(String(properties.messageId)));
    channel.on("error", (error) => {
      this.#refusal = messageOf(error);
      this.#options.log.warn({ reason: this.#refusal }, "the broker closed the channel");
    });
    channel.on("close", () => {
      if (this.#channel === channel) this.#channel = undefined;
      this.#openLater(model);
    });
    this.#returned = returned;
    this.#channel = channel;
    this.#tellWhenReady();
  }

  #openLater(model: ChannelModel): void {
    const reopen = () => {
      const isCurrent = this.#options.connection.model === model;
      if (!this.#isClosed && isCurrent && this.#channel === undefined) void this.#open(model);
    };
    setTimeout(reopen, REOPEN_MS).unref();
  }

  #tellWhenReady(): void {
    if (this.obstacle() === undefined) for (const listener of this.#ready) listener();
  }
}
