import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { BrokerConnection } from "../../../api/broker/connection.ts";
import {
  type ConsumerSettings,
  EventConsumer,
  type Handled,
  type Handler,
} from "../../../api/broker/event-consumer.ts";
import { EVENTS, FAILED } from "../../../api/broker/topology.ts";
import { makeEvent } from "../../../api/events/envelope.ts";
import { drain, openChannel, type TestChannel } from "../../support/amqp.ts";
import { eventually } from "../../support/eventually.ts";
import { quietLog } from "../../support/quiet-log.ts";
import { askAdmin, hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost, sharedRabbit } from "../../support/shared-rabbit.ts";

const KEY = "user.erased.v1";
const SETTINGS: ConsumerSettings = {
  ...{ queue: "auditor.erasures", patterns: ["user.erased.*"], prefetch: 2, restsMs: [10, 20] },
};

describe.skipIf(!hasRabbit())("a consumer", () => {
  beforeAll(async () => {
    await sharedRabbit();
  }, 120_000);

  test("declares and binds its queue, and takes what it is bound to", async () => {
    const { publish, seen, consumer, channel } = await world();
    const event = erased();
    expect(await publish(EVENTS, KEY, event.envelope)).toBe("ack");
    await publish(EVENTS, "user.registered.v1", event.envelope);
    await eventually(() => (consumer.counts.done === 1 ? true : undefined), patience);
    expect(seen).toEqual([event.id]);
    expect((await channel.checkQueue(SETTINGS.queue)).messageCount).toBe(0);
  });

  test("counts a message that comes twice as seen before", async () => {
    const known = new Set<string>();
    const { publish, consumer } = await world(async ({ id }) => {
      if (known.has(id)) return { kind: "seen-before" };
      known.add(id);
      return { kind: "done" };
    });
    const { envelope } = erased();
    await publish(EVENTS, KEY, envelope);
    await publish(EVENTS, KEY, envelope);
    await eventually(() => (consumer.counts.seenBefore === 1 ? true : undefined), patience);
    expect(consumer.counts).toEqual({ done: 1, seenBefore: 1, givenUp: 0 });
  });

  test("tries again what failed, and acknowledges it when it is done", async () => {
    let tries = 0;
    const { publish, consumer, channel } = await world(async () => {
      tries++;
      if (tries < 3) throw new Error("the database is away");
      return { kind: "done" };
    });
    await publish(EVENTS, KEY, erased().envelope);
    await eventually(() => (consumer.counts.done === 1 ? true : undefined), patience);
    expect(tries).toBe(3);
    expect(await drain(channel, FAILED)).toEqual([]);
  });

  test("gives up after its tries, and the message is among the dead letters, whole", async () => {
    let tries = 0;
    const { publish, channel } = await world(async () => {
      tries++;
      throw new Error("the mail server is away");
    });
    const { envelope, id } = erased();
    await publish(EVENTS, KEY, envelope, { messageId: id });
    const [dead] = await deadLetters(channel);
    expect(tries).toBe(3);
    expect(dead?.content.toString()).toBe(envelope);
    expect(dead?.fields.routingKey).toBe(KEY);
    expect(dead?.properties.messageId).toBe(id);
    expect(dead?.properties.headers?.["x-first-death-reason"]).toBe("rejected");
    expect(dead?.properties.headers?.["x-first-death-queue"]).toBe(SETTINGS.queue);
  });

  test.each([
    ["no JSON", "{"],
    ["nothing", ""],
    [
      "a kind it does not know",
      JSON.stringify({ ...JSON.parse(erased().envelope), type: "user.erased.v9" }),
    ],
    ["an event without its data", JSON.stringify({ ...JSON.parse(erased().envelope), data: {} })],
    ["a megabyte of noise", "x".repeat(1_000_000)],
  ])("gives up %s at once, and goes on", async (_what, text) => {
    const { publish, channel, consumer, seen } = await world();
    await publish(EVENTS, KEY, text);
    expect((await deadLetters(channel)).map(({ content }) => content.toString())).toEqual([text]);
    expect(seen).toEqual([]);
    await publish(EVENTS, KEY, erased().envelope);
    await eventually(() => (consumer.counts.done === 1 ? true : undefined), patience);
  });

  test("has no more in hand than its prefetch", async () => {
    let inHand = 0;
    let most = 0;
    const { publish, consumer } = await world(async () => {
      inHand++;
      most = Math.max(most, inHand);
      await sleep(20);
      inHand--;
      return { kind: "done" };
    });
    await Promise.all(Array.from({ length: 8 }, () => publish(EVENTS, KEY, erased().envelope)));
    await eventually(() => (consumer.counts.done === 8 ? true : undefined), patience);
    expect(most).toBe(2);
  });

  test("makes its queue again when somebody deletes it", async () => {
    const { publish, vhost, consumer } = await world();
    await askAdmin(vhost, "DELETE", `queues/${vhost.name}/${SETTINGS.queue}`);
    await eventually(() => (consumer.isConsuming ? undefined : true), patience);
    await eventually(() => (consumer.isConsuming ? true : undefined), patience);
    await publish(EVENTS, KEY, erased().envelope);
    await eventually(() => (consumer.counts.done === 1 ? true : undefined), patience);
  });

  test("waits while its queue is another's, says so once, and then reads it once", async () => {
    const vhost = await freshVhost();
    const { channel } = await openChannel(vhost.amqpUrl);
    await channel.assertQueue(SETTINGS.queue, { durable: true });
    const { log, consumer } = await start(vhost, async () => ({ kind: "done" }));
    const said = (words: string) => log.lines.filter((line) => line.startsWith(words)).length;
    const refused = "the queue cannot be consumed";
    await eventually(() => (said(refused) === 1 ? true : undefined), patience);
    await sleep(3_500);
    await channel.deleteQueue(SETTINGS.queue);
    await eventually(() => (consumer.isConsuming ? true : undefined), patience);
    await sleep(1_500);
    expect((await channel.checkQueue(SETTINGS.queue)).consumerCount).toBe(1);
    expect([said(refused), said("the queue can be consumed again")]).toEqual([1, 1]);
  });

  test("comes back when its connection is cut, and gets again what it had in hand", async () => {
    const { publish, vhost, consumer, seen } = await world(async () => {
      await sleep(seen.length === 1 ? 60_000 : 0, undefined, { ref: false });
      return { kind: "done" };
    });
    const { envelope, id } = erased();
    await publish(EVENTS, KEY, envelope);
    await eventually(() => (seen.length === 1 ? true : undefined), patience);
    await cutConnection(vhost, "a consumer's test");
    await eventually(() => (consumer.counts.done === 1 ? true : undefined), patience);
    expect(seen).toEqual([id, id]);
  });

  test("finishes what it has in hand when it is stopped, and takes no more", async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { publish, consumer, channel, seen } = await world(async () => {
      await finished;
      return { kind: "done" };
    });
    await Promise.all(Array.from({ length: 5 }, () => publish(EVENTS, KEY, erased().envelope)));
    await eventually(() => (seen.length === 2 ? true : undefined), patience);
    const stopped = consumer.stop();
    await sleep(100);
    finish();
    await stopped;
    expect(consumer.counts.done).toBe(2);
    expect((await channel.checkQueue(SETTINGS.queue)).messageCount).toBe(3);
  });
});

const patience = { seconds: 15, describe: () => "it did not come" };

function erased() {
  const userId = crypto.randomUUID();
  return makeEvent("user.erased.v1", {
    ...{ source: "/api", subject: userId, time: new Date(), data: { userId } },
  });
}

async function world(handle: Handler = async (): Promise<Handled> => ({ kind: "done" })) {
  const vhost = await freshVhost();
  const started = await start(vhost, handle);
  const { log } = started;
  await eventually(() => log.lines.find((line) => line.startsWith("taking events")), patience);
  return { vhost, ...started, ...(await openChannel(vhost.amqpUrl)) };
}

async function start({ amqpUrl }: { readonly amqpUrl: string }, handle: Handler) {
  const log = quietLog();
  const seen: string[] = [];
  const name = "a consumer's test";
  const connection = await BrokerConnection.open({ url: amqpUrl, name, log });
  const consumer = EventConsumer.start({
    ...{ connection, log, settings: SETTINGS },
    async handle(envelope) {
      seen.push(envelope.id);
      return await handle(envelope);
    },
  });
  onTestFinished(async () => {
    await consumer.stop();
    await connection.close();
  });
  return { log, seen, consumer };
}

async function deadLetters(channel: TestChannel["channel"]) {
  return await eventually(async () => {
    const messages = await drain(channel, FAILED);
    return messages.length === 0 ? undefined : messages;
  }, patience);
}

/** As an operator does it in the broker's own tools. */
async function cutConnection(vhost: Parameters<typeof askAdmin>[0], name: string): Promise<void> {
  await eventually(async () => {
    const connections = (await askAdmin(vhost, "GET", "connections")) as readonly {
      readonly name: string;
      readonly client_properties?: { readonly connection_name?: string };
    }[];
    const found = connections.filter((one) => one.client_properties?.connection_name === name);
    for (const one of found) {
      await askAdmin(vhost, "DELETE", `connections/${encodeURIComponent(one.name)}`);
    }
    return found.length > 0 ? true : undefined;
  }, patience);
}
