import { setTimeout as wait } from "node:timers/promises";
import type { ChannelModel } from "amqplib";
import { BrokerError } from "./broker-error.ts";
import { BrokerConnection, findAmqpUrlProblem } from "./connection.ts";
import { CopyQueue } from "./copy-queue.ts";
import { type BrokerPlace, explainBroker, placeOf } from "./explain.ts";
import { HeldQueue } from "./held-queue.ts";
import { ConfirmPublisher } from "./publisher.ts";
import { askQueueType, type QueueType } from "./queue-type.ts";
import type { StoredMessage } from "./stored-message.ts";
import { declareTopology, type Topology } from "./topology.ts";

export type SessionOptions = {
  readonly url: string;
  /** Shown beside the connection in the broker's own tools. */
  readonly name: string;
  /** For the connection to be there. */
  readonly timeoutMs?: number;
};

/** A queue at this moment. */
export type QueueDepth = {
  /** Messages that nobody holds. */
  readonly ready: number;
  readonly consumers: number;
};

const CONNECT_MS = 5_000;
/** A broker that has stopped answering is not waited for. */
const CLOSE_MS = 2_000;
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * One command's visit to the broker: it is reached at the first attempt or not at all, and what
 * is lost with the connection is not tried again. Every method throws a BrokerError.
 */
export class BrokerSession {
  readonly place: BrokerPlace;
  readonly #connection: BrokerConnection;
  readonly #model: ChannelModel;
  #publisher: ConfirmPublisher | undefined;

  private constructor(connection: BrokerConnection, model: ChannelModel, place: BrokerPlace) {
    this.#connection = connection;
    this.#model = model;
    this.place = place;
  }

  static async open({ url, name, timeoutMs = CONNECT_MS }: SessionOptions): Promise<BrokerSession> {
    const problem = findAmqpUrlProblem(url);
    if (problem !== undefined) throw noAddress(problem);
    const place = placeOf(url);
    const connection = await BrokerConnection.open({
      url,
      name,
      log: SILENT,
      connectMs: timeoutMs,
    });
    try {
      const failed = new Promise<never>((_, reject) => {
        connection.onStateChange((state) => {
          if (state.kind === "disconnected") reject(new Error(state.error));
        });
      });
      await Promise.race([connection.connected(timeoutMs), failed]);
      const { model } = connection;
      if (model === undefined) throw new Error("the connection was lost at once");
      return new BrokerSession(connection, model, place);
    } catch (error) {
      await connection.close();
      throw explainBroker(error, place);
    }
  }

  /** Why the broker takes no messages at this moment, or undefined. */
  get blocked(): string | undefined {
    const { state } = this.#connection;
    return state.kind === "blocked" ? state.reason : undefined;
  }

  /** Takes a queue in hand; see HeldQueue. */
  async hold(queue: string): Promise<HeldQueue> {
    return await HeldQueue.open(this.#model, this.place, queue);
  }

  /** Gets copies from now on, of what the queue is bound to; see CopyQueue. */
  async copyTo(name: string, onMessage: (message: StoredMessage) => void): Promise<CopyQueue> {
    return await this.#explained(CopyQueue.open(this.#model, name, onMessage));
  }

  /** Undefined when there is no such queue. */
  async depth(queue: string): Promise<QueueDepth | undefined> {
    const channel = await this.#explained(this.#model.createChannel());
    channel.on("error", () => undefined);
    try {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return { ready: messageCount, consumers: consumerCount };
    } catch (error) {
      const explained = explainBroker(error, this.place);
      if (explained.kind === "missing") return undefined;
      throw explained;
    }
  }

  async queueType(queue: string): Promise<QueueType> {
    return await this.#explained(askQueueType(this.#model, queue));
  }

  async declare(...topologies: readonly Topology[]): Promise<void> {
    await this.#explained(declareTopology(this.#model, ...topologies));
  }

  /** The one publisher of this visit, ready to publish. */
  async publisher(): Promise<ConfirmPublisher> {
    this.#publisher ??= new ConfirmPublisher({ connection: this.#connection, log: SILENT });
    const publisher = this.#publisher;
    const ready = new Promise<void>((resolve) => publisher.onReady(resolve));
    if (publisher.obstacle() !== undefined) {
      await Promise.race([ready, wait(CONNECT_MS, undefined, { ref: false })]);
    }
    const obstacle = publisher.obstacle();
    if (obstacle !== undefined) throw cannotPublish(obstacle, this.place);
    return publisher;
  }

  /** Ends the visit, in any case after so long. Never rejects. */
  async close(patienceMs = CLOSE_MS): Promise<void> {
    this.#connection.cutAfter(patienceMs);
    await this.#publisher?.close();
    await this.#connection.close();
  }

  async #explained<T>(work: Promise<T>): Promise<T> {
    return await work.catch((error: unknown) => {
      throw explainBroker(error, this.place);
    });
  }
}

function noAddress(problem: string): BrokerError {
  return new BrokerError("config", {
    what: "AMQP_URL is not the address of a broker",
    why: problem,
    next: "Write it as amqp://USER:PASSWORD@HOST:5672/VHOST, with odd characters percent-encoded.",
  });
}

function cannotPublish(why: string, { host }: BrokerPlace): BrokerError {
  return new BrokerError("unreachable", {
    what: `Nothing can be published at ${host}`,
    why,
    next: "slipway events status says more: an alarm for memory or disk holds every publisher up.",
  });
}
