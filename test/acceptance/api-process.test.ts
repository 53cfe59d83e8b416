import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Health } from "../../api/http/health.ts";
import { migrate } from "../../api/store/postgres/migrate.ts";
import { openPostgresStore } from "../../api/store/postgres/postgres-store.ts";
import { eventually } from "../support/eventually.ts";
import { findFreePorts, occupyPort } from "../support/free-ports.ts";
import { hasPostgres, type Postgres, startPostgres } from "../support/postgres.ts";
import { hasRabbit } from "../support/rabbitmq.ts";
import { type ScriptProcess, startScript } from "../support/script-process.ts";
import { freshVhost, sharedRabbit } from "../support/shared-rabbit.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** The API as a process of its own: signals, exit codes, and a database that dies under it. */

type Api = ScriptProcess & { readonly url: string };

async function startApi(env: Readonly<Record<string, string>> = {}): Promise<Api> {
  const cwd = await tempFolder();
  const port = await findFreePorts(1);
  // Every request of a test is another visitor's, so that the rate limit lets it through.
  const all = { PORT: String(port), PROXY_HOPS: "1", LOG_LEVEL: "info", ...env };
  const api = startScript("api/main.ts", { cwd, env: all });
  onTestFinished(async () => {
    api.signal("SIGKILL");
    await api.ended;
  });
  await api.says(/taking registrations/);
  await api.says(/Server listening/);
  return { ...api, url: `http://127.0.0.1:${port}` };
}

let visitors = 0;

/**
 * One registration over a connection of `agent`; the status, or the code of a broken connection. The
 * second half of its body leaves when `rest` does.
 */
function register(url: string, agent?: Agent, rest?: Promise<unknown>): Promise<number | string> {
  const visitor = visitors++;
  const from = `10.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`;
  return new Promise((resolve) => {
    const outgoing = request(
      `${url}/api/v1/registrations`,
      {
        method: "POST",
        ...(agent === undefined ? {} : { agent }),
        headers: { "content-type": "application/json", "x-forwarded-for": from },
      },
      (incoming) => {
        incoming.resume();
        incoming.on("end", () => resolve(incoming.statusCode ?? 0));
        incoming.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "broken"));
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "broken"));
    const body = JSON.stringify({ email: `visitor${visitor}@example.com` });
    outgoing.write(body.slice(0, 10));
    void Promise.resolve(rest).then(() => outgoing.end(body.slice(10)));
  });
}

it("npm run api names everything that is wrong in its environment, and ends with 2", async () => {
  const cwd = await tempFolder();
  const api = startScript("api/main.ts", { cwd, env: { PORT: "x", PUBLIC_URL: "y" } });
  expect(await api.ended).toBe(2);
  expect(api.said()).toContain("- PORT");
  expect(api.said()).toContain("- PUBLIC_URL");
});

it("npm run api names a port that is taken, and ends with 1", async () => {
  const port = await findFreePorts(1);
  const other = await occupyPort(port);
  const api = startScript("api/main.ts", {
    cwd: await tempFolder(),
    env: { PORT: String(port), LOG_LEVEL: "silent" },
  });
  expect(await api.ended).toBe(1);
  expect(api.said()).toBe(
    `The API did not start: port ${port} is taken by another program. End that one, or choose another port with PORT=${port + 10}.\n`,
  );
  await other.release();
});

it("SIGTERM under load: every request under way is answered, and the process ends with 0 in 5 s", async () => {
  const api = await startApi();
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  onTestFinished(() => agent.destroy());
  // Fifty connections that are kept alive, each in the middle of a request when the signal comes.
  const warm = await Promise.all(Array.from({ length: 50 }, () => register(api.url, agent)));
  expect(new Set(warm)).toEqual(new Set([202]));
  let goOn = () => {};
  const signalled = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const last = Array.from({ length: 50 }, () => register(api.url, agent, signalled));
  await sleep(300);
  const asked = performance.now();
  api.signal("SIGTERM");
  await sleep(300);
  expect(await register(api.url)).toBe("ECONNREFUSED");
  goOn();
  expect(await Promise.all(last)).toEqual(Array.from({ length: 50 }, () => 202));
  expect(await api.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(5000);
});

it.skipIf(!runsSlow("a mail that waits ten seconds for its next try"))(
  "kill -9 between answer and mail: the next process sends the mail",
  async () => {
    const folder = await tempFolder();
    // A mail server that takes no connection keeps the mail waiting.
    const first = await startApi({ DATA_DIR: folder, SMTP_URL: "smtp://127.0.0.1:1" });
    expect(await register(first.url)).toBe(202);
    await first.says(/a mail could not be sent/);
    first.signal("SIGKILL");
    await first.ended;
    const second = await startApi({ DATA_DIR: folder });
    await second.says(/a mail is on its way/, 30);
  },
);

describe.skipIf(!hasRabbit())("with a broker", () => {
  beforeAll(async () => {
    await sharedRabbit();
  }, 120_000);

  it("is ready, publishes what happened, and welcomes who has confirmed", async () => {
    const { amqpUrl } = await freshVhost();
    const folder = await tempFolder();
    const api = await startApi({ AMQP_URL: amqpUrl, DATA_DIR: folder });
    const patience = { seconds: 20, describe: () => api.said() };
    const ready = async () => (await (await fetch(`${api.url}/api/readyz`)).json()) as Health;
    await api.says(/taking events/);
    const post = (path: string, body: object) =>
      fetch(`${api.url}/api/v1/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const mail = (kind: string) =>
      eventually(() => {
        const names = readdirSync(join(folder, "mail"));
        const name = names.find((one) => one.includes(`-${kind}-`) && one.endsWith(".eml"));
        return name === undefined ? undefined : readFileSync(join(folder, "mail", name), "utf8");
      }, patience);

    expect((await post("registrations", { email: "ada@example.com" })).status).toBe(202);
    const token = /#([\w-]{43})$/m.exec(await mail("confirm"))?.[1];
    expect((await post("registrations/confirm", { token })).status).toBe(200);
    expect(await mail("welcome")).toContain("To: ada@example.com");
    await eventually(
      async () => ((await ready()).outbox.pending === 0 ? true : undefined),
      patience,
    );
    // Of the two events somebody asked for one only: that an address was registered, nobody reads.
    expect(await ready()).toMatchObject({
      status: "ok",
      broker: "connected",
      outbox: { pending: 0, unroutable: 1 },
    });
    api.signal("SIGTERM");
    expect(await api.ended).toBe(0);
  });
});

describe.skipIf(!hasPostgres())("with PostgreSQL", () => {
  let server: Postgres;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.remove());

  const readyOf = async (api: Api) => (await fetch(`${api.url}/api/readyz`)).status;

  it("waits for its migration, which the release phase brings, once", async () => {
    const url = await server.freshDatabase();
    const api = await startApi({ DATABASE_URL: url });
    await api.says(
      /lacks 1 migration\(s\).*npm run api:migrate.*no registration can be stored yet/,
    );
    expect(await readyOf(api)).toBe(503);
    expect(await register(api.url)).toBe(503);
    await api.says(/relation \\"users\\" does not exist\. Run npm run api:migrate/, 5);
    const cwd = await tempFolder();
    const [one, two] = [0, 1].map(() =>
      startScript("api/migrate.ts", { cwd, env: { DATABASE_URL: url } }),
    ) as [ScriptProcess, ScriptProcess];
    expect(await Promise.all([one.ended, two.ended])).toEqual([0, 0]);
    expect([one.said(), two.said()].sort()).toEqual([
      "Migrated: start.\n",
      "The database is up to date.\n",
    ]);
    await eventually(async () => ((await readyOf(api)) === 200 ? true : undefined), {
      seconds: 10,
      describe: () => api.said(),
    });
    expect(await register(api.url)).toBe(202);
  });

  it("a database killed in the middle: 503 or 202, nothing half-done, and on again afterwards", async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    const api = await startApi({ DATABASE_URL: url });
    const answers: (number | string)[] = [];
    let going = true;
    const visits = Array.from({ length: 8 }, async () => {
      while (going) answers.push(await register(api.url));
    });
    await sleep(400);
    await server.kill();
    const before = answers.length;
    await eventually(() => (answers.length > before + 8 ? true : undefined), {
      seconds: 20,
      describe: () => `${answers.length} answers; ${api.said().slice(-2000)}`,
    });
    expect(await readyOf(api)).toBe(503);
    await server.restart();
    await eventually(() => (answers.at(-1) === 202 ? true : undefined), {
      seconds: 20,
      describe: () => api.said().slice(-2000),
    });
    going = false;
    await Promise.all(visits);
    expect(new Set(answers)).toEqual(new Set([202, 503]));

    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(`select
      (select count(*)::int from users) as users,
      (select count(*)::int from outbox where routing_key = 'user.registered.v1') as events,
      (select count(*)::int from users u where not exists
        (select 1 from outbox o where o.envelope->>'subject' = u.id::text)) as untold`);
    await client.end();
    const [{ users, events, untold }] = rows;
    expect(events).toBe(users);
    expect(untold).toBe(0);
    // A commit whose answer was lost with the server may be there too; none that was answered is missing.
    const taken = answers.filter((answer) => answer === 202).length;
    expect(users).toBeGreaterThanOrEqual(taken);
    expect(users).toBeLessThanOrEqual(taken + 8);
  }, 90_000);

  it("a transaction whose session is killed leaves nothing of it", async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    const store = openPostgresStore(url, () => {});
    onTestFinished(() => store.close());
    const client = new Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    onTestFinished(() => client.end());
    const address = { text: "ada@example.com", key: "ada@example.com" } as never;
    const now = new Date();
    const event = (subject: string) => ({
      id: crypto.randomUUID(),
      routingKey: "user.confirmed.v1" as never,
      envelope: JSON.stringify({ subject }),
    });
    const userId = crypto.randomUUID();
    const about = { registered: event, repeated: event };
    await store.users.register({ userId, address, locale: "en", now, notSince: now, ...about });
    const hash = Buffer.alloc(32, 7);
    await store.mails.issue({ hash, userId, purpose: "confirm", expiresAt: new Date(+now + 1e6) });
    const kill = async () => {
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slipway-api'",
      );
    };
    // The transaction's last step: all that came before is undone with its session.
    const failing = store.users.confirm({
      hash,
      now,
      tell: (subject) => {
        void kill();
        const until = performance.now() + 300;
        while (performance.now() < until);
        return event(subject);
      },
    });
    await expect(failing).rejects.toThrow();
    const { rows } = await client.query(
      "select state, (select count(*)::int from tokens) as tokens from users",
    );
    expect(rows).toEqual([{ state: "pending", tokens: 1 }]);
    expect(await store.users.confirm({ hash, now, tell: event })).toBe("redeemed");
  });
});
