import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { readStored, type StoredMessage } from "./stored-message.ts";

/** A queue of this connection alone, which gets copies of messages and is gone with the connection. */
export class CopyQueue {
  readonly name: string;
  /** Rejects when the broker or the connection ends it. */
  readonly ended: Promise<never>;
  readonly #channel: Channel;

  private constructor(channel: Channel, name: string, ended: Promise<never>) {
    this.#channel = channel;
    this.name = name;
    this.ended = ended;
  }

  /** Makes it, bound to nothing yet. `onMessage` gets each message once, in the order of the broker. */
  static async open(
    model: ChannelModel,
    name: string,
    onMessage: (message: StoredMessage) => void,
  ): Promise<CopyQueue> {
    const channel = await model.createChannel();
    const ended = new Promise<never>((_, reject) => {
      channel.on("error", reject);
      channel.on("close", () => reject(new Error("the channel was closed")));
    });
    // Whoever waits for it hears of it; nobody has to.
    ended.catch(() => undefined);
    await channel.assertQueue(name, { exclusive: true, autoDelete: true, durable: false });
    const read = (message: ConsumeMessage | null) => {
      if (message !== null) onMessage(readStored(message));
    };
    await channel.consume(name, read, { noAck: true, exclusive: true });
    return new CopyQueue(channel, name, ended);
  }

  async bind(exchange: string, pattern: string): Promise<void> {
    await this.#channel.bindQueue(this.name, exchange, pattern);
  }

  async unbind(exchange: string, pattern: string): Promise<void> {
    await this.#channel.unbindQueue(this.name, exchange, pattern);
  }
}
