import type { Channel, ChannelModel } from "amqplib";

/**
 * What must exist on the broker. Declaring it again changes nothing, and resets the clock of a queue
 * that a shared plan lets expire unread.
 *
 * Nothing here has arguments. What is done with unroutable messages, and how large a queue may grow, is
 * policy: it can be switched while everything runs, whereas a changed argument makes every declaration
 * fail with 406 from then on.
 */

/** The one exchange that every event is published to. */
export const EVENTS = "events";
/** Where the policy sends what no queue asked for. Internal: nobody publishes to it directly. */
export const UNROUTED = "events.unrouted";
/** The error queue: messages that nobody was interested in. */
export const ERRORS = "events.errors";
/** Where consumers' queues send what their consumer gave up on. */
export const DEAD = "events.dead";
export const FAILED = "events.failed";

export type Exchange = {
  readonly name: string;
  readonly type: "topic" | "fanout";
  readonly internal: boolean;
};

/** A queue and the one exchange it is bound to. */
export type BoundQueue = {
  readonly name: string;
  readonly exchange: string;
  readonly pattern: string;
};

export type Topology = {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly BoundQueue[];
};

/** What every publisher needs. */
export const publishing: Topology = {
  exchanges: [
    { name: EVENTS, type: "topic", internal: false },
    { name: UNROUTED, type: "fanout", internal: true },
  ],
  queues: [{ name: ERRORS, exchange: UNROUTED, pattern: "" }],
};

/** What is needed as soon as there is a consumer. */
export const deadLetters: Topology = {
  exchanges: [{ name: DEAD, type: "topic", internal: false }],
  queues: [{ name: FAILED, exchange: DEAD, pattern: "#" }],
};

/** Declares it, on a channel of its own: a refusal closes the channel it happens on. */
export async function declareTopology(
  model: ChannelModel,
  ...topologies: readonly Topology[]
): Promise<void> {
  const channel = await model.createChannel();
  // Without a listener a refusal would end the process; the call that was refused rejects anyway.
  channel.on("error", () => undefined);
  for (const topology of topologies) await declareOn(channel, topology);
  await channel.close();
}

async function declareOn(channel: Channel, { exchanges, queues }: Topology): Promise<void> {
  for (const { name, type, internal } of exchanges) {
    await channel.assertExchange(name, type, { durable: true, internal });
  }
  for (const { name, exchange, pattern } of queues) {
    await channel.assertQueue(name, { durable: true });
    await channel.bindQueue(name, exchange, pattern);
  }
}
