import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { EVENTS } from "../../../api/broker/topology.ts";
import type { NewEvent } from "../../../api/events/new-event.ts";
import { Relay } from "../../../api/outbox/relay.ts";
import { drain, openChannel } from "../../support/amqp.ts";
import { eventually } from "../../support/eventually.ts";
import { MemoryOutbox, someEvents } from "../../support/memory-outbox.ts";
import { hasRabbit, makeVhost, type OwnRabbit, startRabbit } from "../../support/rabbitmq.ts";
import { runsSlow } from "../../support/slow-tests.ts";
import { openPublisher } from "../../support/test-publisher.ts";

const LONG = 120_000;

/** On a broker of its own, which is starved and killed; the relay is real, its outbox in memory. */
describe.skipIf(!hasRabbit())("while the broker", () => {
  let rabbit: OwnRabbit;
  beforeAll(async () => {
    rabbit = await startRabbit();
  }, LONG);
  afterAll(() => rabbit.remove(), LONG);

  const shortages = [
    ["memory", "set_vm_memory_high_watermark absolute 1", "set_vm_memory_high_watermark 0.6"],
    ["disk", "set_disk_free_limit 900000GB", "set_disk_free_limit 50MB"],
  ] as const;
  test.each(
    runsSlow("a broker out of disk; one out of memory is tried")
      ? shortages
      : shortages.slice(0, 1),
  )(
    "is out of %s, events wait without a try in vain, and go out afterwards",
    async (what, starve, feed) => {
      const { outbox, publisher, inQueue } = await world(rabbit);
      const before = someEvents(5);
      outbox.add(before);
      await allPublished(outbox);
      await rabbit.control(...starve.split(" "));
      // The broker notices a publisher only when it publishes.
      const during = someEvents(5);
      outbox.add(during);
      await eventually(() => publisher.obstacle(), patience);
      expect(publisher.obstacle()).toMatch(new RegExp(`takes no messages: .*low on ${what}`));
      outbox.add(someEvents(1));
      expect(outbox.rows().filter(({ attempts }) => attempts > 0)).toEqual([]);
      await rabbit.control(...feed.split(" "));
      await allPublished(outbox);
      expect(new Set(await inQueue())).toEqual(new Set(outbox.rows().map(({ id }) => id)));
    },
    LONG,
  );

  test(
    "answers nothing, whoever ends waits for it no longer than is said",
    async () => {
      const { connection, publisher, outbox } = await world(rabbit);
      await rabbit.control("set_vm_memory_high_watermark", "absolute", "1");
      onTestFinished(async () => {
        await rabbit.control("set_vm_memory_high_watermark", "0.6");
      });
      outbox.add(someEvents(1));
      await eventually(() => publisher.obstacle(), patience);
      const began = performance.now();
      connection.cutAfter(500);
      await publisher.close();
      await connection.close();
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(connection.state).toMatchObject({ kind: "disconnected" });
    },
    LONG,
  );

  test(
    "is killed and comes back, no event is lost, and those sent twice have the same id",
    async () => {
      const { outbox, inQueue, publisher, amqpUrl } = await world(rabbit);
      const events: NewEvent[] = [];
      const add = () => {
        const more = someEvents(5);
        events.push(...more);
        outbox.add(more);
      };
      const adding = setInterval(add, 20);
      onTestFinished(() => clearInterval(adding));
      await eventually(() => (events.length > 100 ? true : undefined), patience);
      await rabbit.kill();
      await eventually(() => publisher.obstacle(), patience);
      expect(publisher.obstacle()).toMatch(/not connected/);

      // A process that starts meanwhile tries nothing in vain either.
      const late = await openPublisher(amqpUrl, { within: 60 });
      const lateOutbox = new MemoryOutbox();
      startRelay(lateOutbox, late.events);
      const lateEvents = someEvents(3);
      lateOutbox.add(lateEvents);
      await eventually(
        () => late.publisher.obstacle()?.match(/ECONNREFUSED/) ?? undefined,
        patience,
      );
      expect(lateOutbox.rows().map(({ attempts }) => attempts)).toEqual([0, 0, 0]);

      await rabbit.restart();
      await eventually(() => (publisher.obstacle() === undefined ? true : undefined), patience);
      clearInterval(adding);
      await allPublished(outbox);
      await allPublished(lateOutbox);
      const ids = await inQueue();
      expect(new Set(ids)).toEqual(new Set([...events, ...lateEvents].map(({ id }) => id)));
    },
    LONG,
  );
});

const patience = { seconds: 30, describe: () => "it did not come" };

async function world(rabbit: OwnRabbit) {
  const vhost = await makeVhost(rabbit, `outage-${crypto.randomUUID()}`);
  const opened = await openPublisher(vhost.amqpUrl, { confirmMs: 1_000, within: 30 });
  await opened.untilReady();
  const { channel } = await openChannel(vhost.amqpUrl);
  await channel.assertQueue("everything", { durable: true });
  await channel.bindQueue("everything", EVENTS, "#");
  const outbox = new MemoryOutbox();
  startRelay(outbox, opened.events);
  const inQueue = async () => {
    const { channel } = await openChannel(vhost.amqpUrl);
    const messages = await drain(channel, "everything");
    return messages.map(({ properties }) => String(properties.messageId));
  };
  return { ...opened, outbox, inQueue, amqpUrl: vhost.amqpUrl };
}

function startRelay(
  outbox: MemoryOutbox,
  publisher: Parameters<typeof Relay.start>[0]["publisher"],
) {
  const log = { info() {}, warn() {}, error() {} };
  const relay = Relay.start({ outbox, signals: outbox, publisher, log, settings: { pollMs: 200 } });
  onTestFinished(() => relay.stop());
}

async function allPublished(outbox: MemoryOutbox): Promise<void> {
  await eventually(
    () => outbox.rows().every(({ published }) => published !== undefined) || undefined,
    { seconds: 60, describe: () => JSON.stringify(outbox.rows().slice(0, 20), null, 2) },
  );
}
