import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "amqplib";
import { BrokerConnection } from "../../api/broker/connection.ts";
import { createEventPublisher } from "../../api/broker/event-message.ts";
import { ConfirmPublisher } from "../../api/broker/publisher.ts";
import { declareTopology, EVENTS, publishing } from "../../api/broker/topology.ts";
import { Relay } from "../../api/outbox/relay.ts";
import { openStore } from "../../api/store/open-store.ts";
import { migrate } from "../../api/store/postgres/migrate.ts";
import type { Store } from "../../api/store/store.ts";
import { hasPostgres, startPostgres } from "../../test/support/postgres.ts";
import { hasRabbit, makeVhost, type OwnRabbit, startRabbit } from "../../test/support/rabbitmq.ts";
import { registerSomebody } from "../../test/support/registering.ts";

export type EventsOrder = {
  readonly scratch: string;
  /** Waiting in the outbox when the relay starts. */
  readonly backlog: number;
  /** Registered one by one while it runs. */
  readonly singles: number;
};

export type EventsResult = {
  readonly store: string;
  readonly backlog: number;
  readonly drainedPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

const UNDER_WAY = 50;
/** Rarer than the relay is busy, so that each event wakes it. */
const PAUSE_MS = 20;

/** From commit to delivery, and how fast a backlog drains, for each database that is installed. */
export async function measureEvents(order: EventsOrder): Promise<readonly EventsResult[]> {
  if (!hasRabbit()) return [];
  const rabbit = await startRabbit();
  const postgres = hasPostgres() ? await startPostgres() : undefined;
  try {
    const folder = join(order.scratch, "api");
    await mkdir(folder, { recursive: true });
    const results = [
      await measureStore("embedded file", openStore({ kind: "embedded", folder }, report), {
        ...{ ...order, rabbit },
      }),
    ];
    if (postgres !== undefined) {
      const url = await postgres.freshDatabase();
      await migrate(url);
      const store = openStore({ kind: "postgres", url }, report);
      results.push(await measureStore("PostgreSQL", store, { ...order, rabbit }));
    }
    return results;
  } finally {
    await postgres?.remove();
    await rabbit.remove();
  }
}

export function renderEvents(results: readonly EventsResult[]): string {
  const head = [
    "| database | backlog | drained, events/s | commit to delivery, p50 ms | p99 ms |",
    "| --- | ---: | ---: | ---: | ---: |",
  ];
  const rows = results.map((result) => {
    const { store, backlog, drainedPerSecond, p50Ms, p99Ms } = result;
    const figures = [backlog, drainedPerSecond.toFixed(0), p50Ms.toFixed(1), p99Ms.toFixed(1)];
    return `| ${[store, ...figures].join(" | ")} |`;
  });
  return [...head, ...rows].join("\n");
}

type Ground = EventsOrder & { readonly rabbit: OwnRabbit };

async function measureStore(name: string, store: Store, ground: Ground): Promise<EventsResult> {
  const { backlog, singles, rabbit } = ground;
  const { amqpUrl } = await makeVhost(rabbit, `bench-${crypto.randomUUID()}`);
  const consumer = await consume(amqpUrl);
  for (let left = backlog; left > 0; left -= UNDER_WAY) {
    const now = Math.min(UNDER_WAY, left);
    await Promise.all(Array.from({ length: now }, () => registerSomebody(store)));
  }
  const relay = await startRelay(store, amqpUrl);
  const started = performance.now();
  while (relay.counts().routed < backlog) await sleep(5);
  const drainedPerSecond = backlog / ((performance.now() - started) / 1000);

  const committed = new Map<string, number>();
  for (let n = 0; n < singles; n++) {
    committed.set(await registerSomebody(store), performance.now());
    await sleep(PAUSE_MS);
  }
  while (consumer.delivered.size < backlog + singles) await sleep(5);
  const latencies = [...committed]
    // An event may be delivered before the answer about its commit is read.
    .map(([id, at]) => Math.max(0, (consumer.delivered.get(id) ?? Number.NaN) - at))
    .sort((a, b) => a - b);
  await relay.stop();
  await consumer.close();
  await store.close();
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  return { store: name, backlog, drainedPerSecond, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function startRelay(store: Store, url: string) {
  const connection = await BrokerConnection.open({ url, name: "bench", log: silent });
  const publisher = new ConfirmPublisher({
    ...{ connection, log: silent },
    prepare: (model) => declareTopology(model, publishing),
  });
  while (publisher.obstacle() !== undefined) await sleep(5);
  const { outbox, signals } = store;
  const events = createEventPublisher(publisher, "bench");
  const relay = Relay.start({ outbox, signals, publisher: events, log: silent });
  return {
    counts: () => relay.counts,
    async stop() {
      await relay.stop();
      await publisher.close();
      await connection.close();
    },
  };
}

/** When each event came, by its id. */
async function consume(amqpUrl: string) {
  const model = await connect(amqpUrl, { noDelay: true });
  await declareTopology(model, publishing);
  const channel = await model.createChannel();
  await channel.assertQueue("everything", { durable: true });
  await channel.bindQueue("everything", EVENTS, "#");
  const delivered = new Map<string, number>();
  const take = (id: unknown) => delivered.set(String(id), performance.now());
  await channel.consume("everything", (message) => take(message?.properties.messageId), {
    noAck: true,
  });
  return { delivered, close: () => model.close() };
}

const silent = { info() {}, warn() {}, error() {} };

function report(error: Error): void {
  console.error(`the database: ${error.message}`);
}
