import type { ChannelModel } from "amqplib";
import { messageOf } from "../log.ts";

export type QueueType = "classic" | "quorum" | "stream" | "unknown";

/**
 * What kind of queue this is, without the management API: AMQP has no question for it, but a
 * declaration that fits a plain queue is refused with 406 and the kind of the one that is there. The
 * queue must exist. `unknown` where the refusal is about something else.
 */
export async function askQueueType(model: ChannelModel, queue: string): Promise<QueueType> {
  const channel = await model.createChannel();
  channel.on("error", () => undefined);
  try {
    await channel.checkQueue(queue);
    await channel.assertQueue(queue, { durable: true });
    await channel.close();
    return "classic";
  } catch (error) {
    const refusal = messageOf(error);
    if (refusal.includes("404")) throw error;
    const [, type] = /'x-queue-type'.* current is (?:the value )?'(\w+)'/.exec(refusal) ?? [];
    return type === "quorum" || type === "stream" || type === "classic" ? type : "unknown";
  }
}
