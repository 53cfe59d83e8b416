import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { migrate } from "../../api/store/postgres/migrate.ts";
import { eventually } from "../support/eventually.ts";
import { findFreePorts } from "../support/free-ports.ts";
import { hasPostgres, type Postgres, startPostgres } from "../support/postgres.ts";
import { type ScriptProcess, startScript } from "../support/script-process.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** The API's process killed while it writes, and beside a database that is away. */

const isSlow = runsSlow("ten kills of the API while it writes");
const KILLS = 10;
const VISITORS_AT_ONCE = 16;

type Env = Readonly<Record<string, string>>;
type Api = ScriptProcess & { readonly url: string };
type Rows = readonly Readonly<Record<string, unknown>>[];

/** A database, and how it is read from outside. */
type Ground = { readonly env: Env; readonly rows: (sql: string) => Promise<Rows> };

async function startApi(env: Env): Promise<Api> {
  const port = await findFreePorts(1);
  const all = { PORT: String(port), PROXY_HOPS: "1", LOG_LEVEL: "info", ...env };
  const api = startScript("api/main.ts", { cwd: await tempFolder(), env: all });
  onTestFinished(async () => {
    api.signal("SIGKILL");
    await api.ended;
  });
  await api.says(/Server listening/);
  return { ...api, url: `http://127.0.0.1:${port}` };
}

let visitors = 0;

/** One registration, of a visitor of its own so that the rate limit lets it through; 0: no answer. */
async function register(url: string) {
  const visitor = visitors++;
  const email = `visitor${visitor}@example.com`;
  const from = `10.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`;
  const response = await fetch(`${url}/api/v1/registrations`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-for": from },
    body: JSON.stringify({ email }),
  }).catch(() => undefined);
  await response?.arrayBuffer().catch(() => undefined);
  return { email, status: response?.status ?? 0 };
}

async function embedded(): Promise<Ground> {
  const folder = await tempFolder();
  return {
    env: { DATA_DIR: folder },
    async rows(sql) {
      const db = new Database(`${folder}/api.db`);
      try {
        return db.prepare(sql).all() as Rows;
      } finally {
        db.close();
      }
    },
  };
}

async function inPostgres(server: Postgres): Promise<Ground> {
  const url = await server.freshDatabase();
  await migrate(url);
  return {
    env: { DATABASE_URL: url },
    async rows(sql) {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

/** Kills the API under load, again and again; gives the addresses that were answered 202. */
async function killUnderLoad({ env }: Ground): Promise<readonly string[]> {
  const taken: string[] = [];
  let cutOff = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const api = await startApi(env);
    const visits = Array.from({ length: VISITORS_AT_ONCE }, async () => {
      for (;;) {
        const { status, email } = await register(api.url);
        if (status !== 202) break;
        taken.push(email);
      }
      cutOff++;
    });
    const ended = Promise.all(visits).then(() => "ended" as const);
    // In the middle of its work, however long that takes to begin on a busy machine.
    const enough = taken.length + VISITORS_AT_ONCE;
    while (taken.length <= enough && (await Promise.race([ended, sleep(10)])) !== "ended");
    await sleep(Math.random() * 250);
    api.signal("SIGKILL");
    await api.ended;
    await ended;
  }
  expect(taken.length).toBeGreaterThan(VISITORS_AT_ONCE);
  expect(cutOff).toBe(KILLS * VISITORS_AT_ONCE);
  return taken;
}

async function expectNothingLost(ground: Ground): Promise<void> {
  const taken = await killUnderLoad(ground);
  // What was left behind is taken up as it is.
  const again = await startApi(ground.env);
  expect((await fetch(`${again.url}/api/readyz`)).status).toBe(200);

  const users = await ground.rows("select id, address_key from users");
  const events = await ground.rows(
    "select envelope from outbox where routing_key = 'user.registered.v1'",
  );
  const told = events.map(({ envelope }): string => {
    const event = typeof envelope === "string" ? JSON.parse(envelope) : envelope;
    return event.subject;
  });
  const addresses = new Set(users.map(({ address_key }) => address_key));
  expect(taken.filter((email) => !addresses.has(email))).toEqual([]);
  expect([...told].sort()).toEqual(users.map(({ id }) => id).sort());
}

const LONG = 120_000;

describe.skipIf(!isSlow)(
  "kill -9 under load loses no answered registration, and every user is told of once",
  () => {
    it("in the API's own file", async () => expectNothingLost(await embedded()), LONG);

    it.skipIf(!hasPostgres())(
      "in PostgreSQL",
      async () => {
        const server = await startPostgres();
        onTestFinished(() => server.remove());
        await expectNothingLost(await inPostgres(server));
      },
      LONG,
    );
  },
);

/** What every endpoint says while nothing can be stored. */
async function expectAway(api: Api): Promise<void> {
  expect((await fetch(`${api.url}/api/livez`)).status).toBe(200);
  for (const [path, init] of [
    ["readyz", {}],
    [
      "v1/registrations",
      {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-for": "192.0.2.7" },
        body: JSON.stringify({ email: "ada@example.com" }),
      },
    ],
  ] as const) {
    const response = await fetch(`${api.url}/api/${path}`, init);
    expect(response.status).toBe(503);
    expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(await response.json()).toMatchObject({ status: 503, title: expect.any(String) });
  }
  // What it writes comes by a pipe of its own, which may be read after the answer.
  await api.says(/ECONNREFUSED|Connection terminated/);
  expect(api.said()).not.toMatch(/s3cret|ada@example/);
}

describe.skipIf(!hasPostgres())("while PostgreSQL is away", () => {
  let server: Postgres;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.remove());

  it("the API starts, lives, says so without the password, and ends in order", async () => {
    const port = await findFreePorts(1);
    const api = await startApi({ DATABASE_URL: `postgres://me:s3cret@127.0.0.1:${port}/nothing` });
    await api.says(/no registration can be stored yet/);
    await expectAway(api);
    api.signal("SIGTERM");
    expect(await api.ended).toBe(0);
  });

  it("the API says so, and takes registrations as soon as it is back", async () => {
    const { env } = await inPostgres(server);
    const api = await startApi(env);
    expect((await register(api.url)).status).toBe(202);
    await server.kill();
    await expectAway(api);
    await server.restart();
    await eventually(async () => (await fetch(`${api.url}/api/readyz`)).ok || undefined, {
      seconds: 20,
      describe: () => api.said(),
    });
    expect((await register(api.url)).status).toBe(202);
  }, 60_000);
});
