import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { openEmbeddedStore } from "../../../api/store/embedded/embedded-store.ts";
import { migrate } from "../../../api/store/postgres/migrate.ts";
import { openPostgresStore } from "../../../api/store/postgres/postgres-store.ts";
import { describeStore } from "../../contracts/store-contract.ts";
import { hasPostgres, type Postgres, startPostgres } from "../../support/postgres.ts";

describe("an embedded file", () => {
  let folder: string;
  let count = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-store-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describeStore("an embedded file", async () => openEmbeddedStore(join(folder, `${count++}.db`)));
});

describe.skipIf(!hasPostgres())("PostgreSQL", () => {
  let server: Postgres;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  describeStore("PostgreSQL", async () => {
    const url = await server.freshDatabase();
    await migrate(url);
    return openPostgresStore(url, () => {});
  });
});
