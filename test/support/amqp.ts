import { type Channel, type ConfirmChannel, connect, type GetMessage } from "amqplib";
import { onTestFinished } from "vitest";

export type TestChannel = {
  readonly channel: ConfirmChannel;
  /** Why the broker closed it, if it did. */
  readonly errors: readonly string[];
  /** Ids of messages that came back as unroutable, and of those confirmed, in the order of coming. */
  readonly heard: readonly string[];
  /** Publishes with `mandatory`; resolves with what the broker said of it. */
  publish(exchange: string, key: string, text: string, options?: object): Promise<"ack" | "nack">;
};

/** A confirm channel of the running test on a connection of its own. */
export async function openChannel(amqpUrl: string): Promise<TestChannel> {
  const connection = await connect(amqpUrl);
  connection.on("error", () => undefined);
  onTestFinished(() => connection.close().catch(() => undefined));
  const channel = await connection.createConfirmChannel();
  const errors: string[] = [];
  const heard: string[] = [];
  channel.on("error", ({ message }) => errors.push(message));
  channel.on("return", ({ fields, properties }) => {
    heard.push(
      `return ${String((fields as { replyCode?: number }).replyCode)} ${properties.messageId}`,
    );
  });
  return {
    ...{ channel, errors, heard },
    publish(exchange, key, text, options = {}) {
      const messageId = crypto.randomUUID();
      const properties = { messageId, persistent: true, mandatory: true, ...options };
      return new Promise((resolve) => {
        channel.publish(exchange, key, Buffer.from(text), properties, (error) => {
          heard.push(`${error === null ? "ack" : "nack"} ${properties.messageId}`);
          resolve(error === null ? "ack" : "nack");
        });
      });
    },
  };
}

/** Takes everything out of a queue, in its order. */
export async function drain(channel: Channel, queue: string): Promise<readonly GetMessage[]> {
  const taken: GetMessage[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (message === false) return taken;
    taken.push(message);
  }
}

export async function textsIn(channel: Channel, queue: string): Promise<readonly string[]> {
  return (await drain(channel, queue)).map(({ content }) => content.toString());
}
