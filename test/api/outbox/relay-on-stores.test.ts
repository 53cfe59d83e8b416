import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfirmChannel } from "amqplib";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ERRORS, EVENTS, UNROUTED } from "../../../api/broker/topology.ts";
import { Relay } from "../../../api/outbox/relay.ts";
import { openEmbeddedStore } from "../../../api/store/embedded/embedded-store.ts";
import { migrate } from "../../../api/store/postgres/migrate.ts";
import { openPostgresStore } from "../../../api/store/postgres/postgres-store.ts";
import type { Store } from "../../../api/store/store.ts";
import { openChannel } from "../../support/amqp.ts";
import { eventually } from "../../support/eventually.ts";
import { boundedTo, keepIn, putPolicy } from "../../support/policies.ts";
import { hasPostgres, type Postgres, startPostgres } from "../../support/postgres.ts";
import { quietLog } from "../../support/quiet-log.ts";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { registerSomebody } from "../../support/registering.ts";
import { freshVhost, sharedRabbit } from "../../support/shared-rabbit.ts";
import { openPublisher } from "../../support/test-publisher.ts";

const canBroker = hasRabbit();

describe.skipIf(!canBroker)("with a real broker and an embedded store", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-relay-"));
    await sharedRabbit();
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describeRelay(async () => openEmbeddedStore(join(folder, `${crypto.randomUUID()}.db`)));
});

describe.skipIf(!canBroker || !hasPostgres())("with a real broker and PostgreSQL", () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
    await sharedRabbit();
  }, 120_000);
  afterAll(() => server?.remove());

  const open = async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    return openPostgresStore(url, () => {});
  };
  describeRelay(open);

  test("one process at a time publishes, and the next takes over", async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    const [first, second] = [url, url].map((one) => openPostgresStore(one, () => {}));
    if (!first || !second) throw new Error("two were opened");
    onTestFinished(() => first.close());
    onTestFinished(() => second.close());
    const { received, startRelay } = await world();
    const leading = await startRelay(first);
    await eventually(() => leading.counts.isLeading || undefined, patience);
    const waiting = await startRelay(second);
    const ids = [await registerSomebody(second)];
    await eventually(() => (received.length === 1 ? true : undefined), patience);
    expect(waiting.counts).toEqual({ isLeading: false, routed: 0, unroutable: 0, failed: 0 });
    await leading.stop();
    ids.push(await registerSomebody(first));
    await eventually(() => (received.length === 2 ? true : undefined), patience);
    expect(received).toEqual(ids);
    await eventually(() => (waiting.counts.routed === 1 ? true : undefined), patience);
  });

  test("events are delivered after the database was killed, none is lost", async () => {
    const store = await open();
    onTestFinished(() => store.close());
    const { received, startRelay } = await world();
    await startRelay(store);
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push(await registerSomebody(store));
    await server.kill();
    await expect(registerSomebody(store)).rejects.toThrow();
    await server.restart();
    ids.push(await eventually(() => registerSomebody(store).catch(() => undefined), patience));
    await eventually(() => (new Set(received).size >= ids.length ? true : undefined), patience);
    expect(ids.filter((id) => !received.includes(id))).toEqual([]);
  });
});

const patience = { seconds: 20, describe: () => "it did not come" };

function describeRelay(open: () => Promise<Store>): void {
  test("each registration is delivered once, with the envelope that was stored", async () => {
    const store = await open();
    onTestFinished(() => store.close());
    const { received, startRelay } = await world();
    const waiting = await Promise.all(Array.from({ length: 150 }, () => registerSomebody(store)));
    const relay = await startRelay(store);
    const later = await Promise.all(Array.from({ length: 50 }, () => registerSomebody(store)));
    await eventually(() => (received.length >= 200 ? true : undefined), patience);
    expect(new Set(received)).toEqual(new Set([...waiting, ...later]));
    await eventually(() => (relay.counts.routed === 200 ? true : undefined), patience);
    expect(await store.outbox.status(new Date())).toMatchObject({ pending: 0, failing: 0 });
  });

  test("what nobody wants is noted as unroutable, and delivered when it is asked for", async () => {
    const store = await open();
    onTestFinished(() => store.close());
    const { channel, received, startRelay } = await world();
    await channel.unbindQueue("everything", EVENTS, "#");
    const relay = await startRelay(store);
    const since = new Date(Date.now() - 60_000);
    const id = await registerSomebody(store);
    await eventually(() => (relay.counts.unroutable === 1 ? true : undefined), patience);
    expect(await store.outbox.status(new Date())).toMatchObject({ unroutable: 1, pending: 0 });
    await channel.bindQueue("everything", EVENTS, "#");
    expect(await store.outbox.republish({ outcome: "unroutable", since })).toBe(1);
    await eventually(() => (received.length === 1 ? true : undefined), patience);
    expect(received).toEqual([id]);
  });

  test("what a full error queue refuses is tried again, and what is wanted goes on", async () => {
    const store = await open();
    onTestFinished(() => store.close());
    const { vhost, channel, received, startRelay } = await world();
    await channel.unbindQueue("everything", EVENTS, "#");
    const relay = await startRelay(store);
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    await putPolicy(vhost, "events-errors-bound", boundedTo(1));
    const first = await registerSomebody(store);
    await eventually(() => (relay.counts.routed === 1 ? true : undefined), patience);
    const refused = await registerSomebody(store);
    await eventually(() => (relay.counts.failed >= 1 ? true : undefined), patience);
    expect(await store.outbox.status(new Date())).toMatchObject({
      ...{ pending: 1, failing: 1, lastError: expect.stringMatching(/nack.*full/) },
    });
    await channel.bindQueue("everything", EVENTS, "#");
    const wanted = await registerSomebody(store);
    await eventually(() => (received.length === 2 ? true : undefined), patience);
    expect(new Set(received)).toEqual(new Set([refused, wanted]));
    const kept = await channel.get(ERRORS, { noAck: true });
    expect(kept === false ? "" : kept.properties.messageId).toBe(first);
  });
}

async function world() {
  const vhost = await freshVhost();
  const { amqpUrl } = vhost;
  const { channel } = await openChannel(amqpUrl);
  await channel.assertExchange(EVENTS, "topic", { durable: true });
  await channel.assertQueue("everything", { durable: true });
  await channel.bindQueue("everything", EVENTS, "#");
  return {
    ...{ vhost, channel },
    received: await receive(channel),
    async startRelay(store: Store) {
      const { events } = await openPublisher(amqpUrl);
      const { outbox, signals } = store;
      const settings = { pollMs: 200 };
      const relay = Relay.start({ outbox, signals, publisher: events, log: quietLog(), settings });
      onTestFinished(() => relay.stop());
      return relay;
    },
  };
}

/** Fills with the ids of what is delivered; fails on a message that is not its envelope. */
async function receive(channel: ConfirmChannel): Promise<readonly string[]> {
  const received: string[] = [];
  await channel.consume(
    "everything",
    (message) => {
      const { id, type } = JSON.parse(message?.content.toString() ?? "");
      const isWhole = message?.properties.messageId === id && message?.fields.routingKey === type;
      received.push(isWhole ? id : `torn: ${message?.content}`);
    },
    { noAck: true },
  );
  return received;
}
