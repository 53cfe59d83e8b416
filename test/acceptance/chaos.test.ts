import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVENTS } from "../../api/broker/topology.ts";
import { openEmbeddedStore } from "../../api/store/embedded/embedded-store.ts";
import { migrate } from "../../api/store/postgres/migrate.ts";
import { openPostgresStore } from "../../api/store/postgres/postgres-store.ts";
import type { Store } from "../../api/store/store.ts";
import { drain, openChannel } from "../support/amqp.ts";
import { eventually } from "../support/eventually.ts";
import { findFreePorts } from "../support/free-ports.ts";
import { hasPostgres, startPostgres } from "../support/postgres.ts";
import { hasRabbit, makeVhost, type OwnRabbit, startRabbit } from "../support/rabbitmq.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { tempFolder } from "../support/temp-folder.ts";

const LONG = 180_000;
const runs = hasRabbit() && runsSlow("fifteen seconds of chaos");
/** How long registrations come in, and how many a second. */
const load = { seconds: 15, perSecond: 300 };

/**
 * Registrations come in at the API's own process while it and the broker are killed. A registration that
 * was answered 202 must be told, at least once, under an id of its own.
 */
describe.skipIf(!runs)("registrations while everything dies", () => {
  let rabbit: OwnRabbit;
  beforeAll(async () => {
    rabbit = await startRabbit();
  }, LONG);
  afterAll(() => rabbit?.remove(), LONG);

  test(
    "are all told, from an embedded file",
    async () => {
      const folder = await tempFolder();
      const open = () => openEmbeddedStore(`${folder}/api.db`);
      await endure(rabbit, { env: { DATA_DIR: folder }, open });
    },
    LONG,
  );

  test.skipIf(!hasPostgres())(
    "are all told, from PostgreSQL",
    async () => {
      const server = await startPostgres();
      try {
        const url = await server.freshDatabase();
        await migrate(url);
        const env = { DATABASE_URL: url, DATA_DIR: await tempFolder() };
        await endure(rabbit, { env, open: () => openPostgresStore(url, () => {}) });
      } finally {
        await server.remove();
      }
    },
    LONG,
  );
});

type Ground = { readonly env: Readonly<Record<string, string>>; readonly open: () => Store };

async function endure(rabbit: OwnRabbit, { env, open }: Ground): Promise<void> {
  const { amqpUrl } = await makeVhost(rabbit, `chaos-${crypto.randomUUID()}`);
  const { channel } = await openChannel(amqpUrl);
  await channel.assertExchange(EVENTS, "topic", { durable: true });
  await channel.assertQueue("everything", { durable: true });
  await channel.bindQueue("everything", EVENTS, "#");
  const port = await findFreePorts(1);
  const start = () => startApi(port, { ...env, AMQP_URL: amqpUrl });
  let api = await start();
  try {
    const stream = register(port);
    await sleep(load.seconds * 200);
    const brokerIsBack = rabbit.kill().then(() => rabbit.restart());
    await sleep(load.seconds * 200);
    await api.kill();
    api = await start();
    await sleep(load.seconds * 600);
    const taken = await stream.stop();
    await brokerIsBack;
    await api.kill();
    await allTold({ open, start: async () => (api = await start()), amqpUrl, taken });
  } finally {
    await api.kill();
  }
}

type Reckoning = {
  readonly open: () => Store;
  readonly start: () => Promise<Api>;
  readonly amqpUrl: string;
  /** The request ids of those that were answered 202. */
  readonly taken: ReadonlySet<string>;
};

/** The last process publishes the rest; then the queue is held against the answers. */
async function allTold({ open, start, amqpUrl, taken }: Reckoning): Promise<void> {
  const api = await start();
  const patience = { seconds: 90, describe: api.said };
  await eventually(async () => {
    const store = open();
    const { pending } = await store.outbox.status(new Date());
    await store.close();
    return pending === 0 ? true : undefined;
  }, patience);
  const { channel } = await openChannel(amqpUrl);
  const messages = await drain(channel, "everything");
  const told = messages.map(({ content }) => JSON.parse(content.toString()));
  const ids = new Set(told.map(({ id }) => id));
  const causes = new Set(told.map(({ correlationid }) => correlationid));
  console.log(`${taken.size} taken, ${ids.size} told, ${told.length - ids.size} of them twice`);
  expect(taken.size).toBeGreaterThan(load.seconds * load.perSecond * 0.2);
  expect([...taken].filter((id) => !causes.has(id))).toEqual([]);
  // No registration has two ids. One whose answer died with the process is told as well.
  expect(ids.size).toBe(causes.size);
}

type Api = { readonly said: () => string; kill(): Promise<void> };

async function startApi(port: number, env: Readonly<Record<string, string>>): Promise<Api> {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", "api/main.ts"], {
    // Every request comes from an address of its own: what is tried here is not the rate limit.
    env: {
      PATH: process.env.PATH ?? "",
      PORT: String(port),
      PROXY_HOPS: "1",
      LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-5_000);
    });
  }
  const ended = once(child, "exit");
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  };
  const isUp = async () => (await fetch(`http://127.0.0.1:${port}/api/livez`)).ok || undefined;
  await eventually(() => isUp().catch(() => undefined), { seconds: 30, describe: () => said });
  return { said: () => said, kill };
}

/** Posts at a steady pace, whatever becomes of it; `stop` gives the ids of those answered 202. */
function register(port: number) {
  const underWay = new Set<Promise<void>>();
  let count = 0;
  const taken = new Set<string>();
  const post = async (n: number) => {
    const id = `chaos-request-${n}`;
    const headers = { "content-type": "application/json", "x-request-id": id };
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/registrations`, {
      method: "POST",
      headers: { ...headers, "x-forwarded-for": addressOf(n) },
      body: JSON.stringify({ email: `chaos-${n}@example.com` }),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    if (response?.status === 202) taken.add(id);
    await response?.arrayBuffer().catch(() => undefined);
  };
  const started = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * load.perSecond;
    for (; count < due; count++) {
      const posting = post(count);
      underWay.add(posting);
      void posting.then(() => underWay.delete(posting));
    }
  }, 10);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return taken;
    },
  };
}

const addressOf = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
