import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openEmbeddedDatabase } from "../../api/store/embedded/database.ts";
import { openStore, type StoreAddress } from "../../api/store/open-store.ts";
import { migrate } from "../../api/store/postgres/migrate.ts";
import { register } from "../contracts/store-contract.ts";
import { runCliHere } from "../support/cli-here.ts";
import { runCli } from "../support/cli-process.ts";
import { findFreePorts } from "../support/free-ports.ts";
import { hasPostgres, type Postgres, startPostgres } from "../support/postgres.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** `slipway events outbox` and `republish` on the API's databases, full, behind and away. */

type Env = Readonly<Record<string, string>>;

let project: TempProject;

beforeAll(async () => {
  project = await createTinyProject();
});
afterAll(() => project?.dispose());

const events = (env: Env, ...args: readonly string[]) =>
  runCliHere(project.root, ["events", ...args], { env });

/** Six events: one routed, three dropped by the broker, one that fails, and one that was not tried. */
async function fill(address: StoreAddress): Promise<void> {
  const store = openStore(address, () => {});
  try {
    for (let n = 0; n < 6; n++) await register(store, `visitor${n}@example.com`);
    const now = new Date();
    const seqs = (await store.outbox.pending(10, now)).map(({ seq }) => seq);
    const [routed = 0, failing = 0] = seqs;
    await store.outbox.settle(
      [
        { kind: "published", seq: routed, outcome: "routed" },
        { kind: "failed", seq: failing, error: "the queue is full", nextTryAt: now },
        ...seqs
          .slice(2, 5)
          .map((seq) => ({ kind: "published", seq, outcome: "unroutable" }) as const),
      ],
      now,
    );
  } finally {
    await store.close();
  }
}

async function expectOperable(env: Env): Promise<void> {
  const full = await events(env, "outbox", "--json");
  expect(full.exitCode).toBe(0);
  expect(JSON.parse(full.stdout)).toMatchObject({
    kind: "read",
    pending: 2,
    failing: 1,
    unroutable: 3,
  });
  const told = await events(env, "outbox");
  expect(told.stdout).toMatch(/2 events waiting.*1 failing.*3 dropped as unroutable/);
  expect(told.stdout).toContain("the queue is full");

  const asked = await events(env, "republish", "--since", "1h");
  expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--yes") });
  const republish = ["republish", "--since", "1h", "--yes", "--json"];
  const done = await runCli(project.root, ["events", ...republish], { env });
  expect(JSON.parse(done.stdout)).toMatchObject({ exitCode: 0, kind: "republished", events: 3 });
  const again = await events(env, ...republish);
  expect(JSON.parse(again.stdout)).toMatchObject({ exitCode: 0, kind: "republished", events: 0 });
  const after = await runCli(project.root, ["events", "outbox", "--json"], { env });
  expect(JSON.parse(after.stdout)).toMatchObject({ pending: 5, failing: 1, unroutable: 0 });
}

/** What every verb that reads the outbox says then; `status` would ask the broker first. */
async function expectRefusal(env: Env, exitCode: number, words: readonly string[]): Promise<void> {
  for (const args of [["outbox"], ["republish", "--since", "1h", "--yes"]]) {
    const result = await events(env, ...args);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr).toMatch(/^error .+\n {2}why: {2}.+\n {2}next: .+\n$/);
    for (const word of words) expect(result.stderr).toContain(word);
    expect(result.stderr).not.toContain("s3cret");
  }
}

describe("the API's own file", () => {
  it("is read, and sends again what the broker dropped", async () => {
    const folder = project.path("filled");
    await fill({ kind: "embedded", folder });
    await expectOperable({ DATA_DIR: folder });
  });

  it("of a newer release is named as such", async () => {
    const file = join(project.path("newer"), "api.db");
    const database = openEmbeddedDatabase(file);
    database.run(
      "insert into schema_migrations (number, name, digest, applied_at) values (99, 'x', 'x', 0)",
    );
    database.close();
    const words = ["is not that of this release", "a newer release has been here", "Run that one"];
    await expectRefusal({ DATA_DIR: "newer" }, 2, words);
  });
});

describe.skipIf(!hasPostgres())("PostgreSQL", () => {
  let server: Postgres;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.remove());

  it("is read, and sends again what the broker dropped", async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    await fill({ kind: "postgres", url });
    await expectOperable({ DATABASE_URL: url });
  });

  it("without its tables is told from one that does not answer, and the command is named", async () => {
    const url = await server.freshDatabase();
    await expectRefusal({ DATABASE_URL: url }, 2, [
      "not that of this release",
      "npm run api:migrate",
    ]);
  });

  it("that lacks a column is behind too", async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query("alter table outbox rename column outcome to result");
    await expectRefusal({ DATABASE_URL: url }, 2, ["outcome", "npm run api:migrate"]);
  });

  it("that lets nobody in, or has no such database, is said to, without its password", async () => {
    const url = new URL(await server.freshDatabase());
    url.username = "stranger";
    url.password = "s3cret";
    await expectRefusal({ DATABASE_URL: url.href }, 6, ["stranger", "DATABASE_URL"]);
    const none = new URL(await server.freshDatabase());
    none.pathname = "/elsewhere";
    await expectRefusal({ DATABASE_URL: none.href }, 6, ["elsewhere", "DATABASE_URL"]);
  });

  it("that is away is said to be, without its password", async () => {
    const port = await findFreePorts(1);
    const url = `postgres://me:s3cret@127.0.0.1:${port}/api`;
    await expectRefusal({ DATABASE_URL: url }, 6, [
      "does not answer",
      "ECONNREFUSED",
      "DATABASE_URL",
    ]);
  });
});
