import type { Channel, ChannelModel, GetMessage, Replies } from "amqplib";
import { type BrokerPlace, explainBroker } from "./explain.ts";
import { readStored, type StoredMessage } from "./stored-message.ts";

/** One message in our hand. */
export type Held = {
  readonly message: StoredMessage;
  /** Takes it out of the queue for good. Takes effect at the latest with `close`. */
  remove(): void;
};

/**
 * A queue whose messages are taken in hand one by one, from its head, and none twice. Nothing is
 * acknowledged before `remove` says so, and `close` gives back all the rest: a classic queue puts each
 * message where it was, and only marks it as redelivered. While it is in our hand, nobody else sees
 * it. Not for quorum queues and streams; see `queue-type.ts`.
 */
export class HeldQueue {
  readonly name: string;
  /** Messages that were ready when it was opened. No more than these are handed out. */
  readonly depth: number;
  readonly #channel: Channel;
  readonly #place: BrokerPlace;
  #left: number;

  private constructor(channel: Channel, place: BrokerPlace, queue: Replies.AssertQueue) {
    this.#channel = channel;
    this.#place = place;
    this.name = queue.queue;
    this.depth = queue.messageCount;
    this.#left = queue.messageCount;
  }

  /** Every method throws a BrokerError; this one also when there is no such queue. */
  static async open(model: ChannelModel, place: BrokerPlace, name: string): Promise<HeldQueue> {
    return await explaining(place, async () => {
      const channel = await model.createChannel();
      // The call that was refused rejects; without a listener the process would end as well.
      channel.on("error", () => undefined);
      return new HeldQueue(channel, place, await channel.checkQueue(name));
    });
  }

  /** The next message; undefined after as many as there were at the start, or when none is left. */
  async next(): Promise<Held | undefined> {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    const got = await explaining(this.#place, () => this.#channel.get(this.name));
    if (got === false) return undefined;
    // The tag alone, so that who keeps `remove` does not keep the body.
    const { deliveryTag } = got.fields;
    const tag = { fields: { deliveryTag } } as GetMessage;
    return { message: readStored(got), remove: () => this.#channel.ack(tag) };
  }

  /** Returns when the broker has taken back what was not removed. */
  async close(): Promise<void> {
    await explaining(this.#place, async () => {
      // A channel that is closed gives back too, but a moment after the broker has said so.
      await this.#channel.recover();
      await this.#channel.close();
    });
  }
}

async function explaining<T>(place: BrokerPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainBroker(error, place);
  }
}
