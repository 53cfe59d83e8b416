import { type AppliedMigration, migrationsToApply, readMigrations } from "../migrations.ts";
import { SchemaMismatch } from "../store.ts";
import { type Database, MIGRATE, openDatabase, type Sql } from "./database.ts";

/** Any number of our own; whoever migrates holds it, so that two releases never do at once. */
const MIGRATING = 7_203_114_002;

const TABLE = `create table if not exists schema_migrations (
  number int primary key,
  name text not null,
  digest text not null,
  applied_at timestamptz not null default now()
)`;

const own = () => readMigrations(new URL("./migrations/", import.meta.url));

/**
 * Brings the tables to this release, all steps in one transaction, and gives the names of the steps
 * that were needed. Waits for another process that does the same.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const database = openDatabase(url, { patience: "migration", report: () => {} });
  try {
    return await database.transaction(migrateIn);
  } finally {
    await database.close();
  }
}

async function migrateIn(sql: Sql): Promise<readonly string[]> {
  await sql.query("select pg_advisory_xact_lock($1)", [MIGRATING]);
  await sql.query(TABLE);
  const missing = migrationsToApply(own(), await appliedTo(sql));
  for (const { number, name, digest, sql: text } of missing) {
    await sql.query(text);
    await sql.query("insert into schema_migrations (number, name, digest) values ($1, $2, $3)", [
      ...[number, name, digest],
    ]);
  }
  return missing.map(({ name }) => name);
}

/** Throws a SchemaMismatch unless the tables are those of this release. */
export async function checkSchema(database: Database): Promise<void> {
  const [found] = await database.query<{ present: boolean }>(
    "select to_regclass('schema_migrations') is not null as present",
  );
  const applied = found?.present ? await appliedTo(database) : [];
  const missing = migrationsToApply(own(), applied);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new SchemaMismatch(
      `the database lacks ${missing.length} migration(s) of this release: ${names}`,
      MIGRATE,
    );
  }
}

async function appliedTo(sql: Sql): Promise<readonly AppliedMigration[]> {
  return await sql.query<AppliedMigration>(
    "select number, digest from schema_migrations order by number",
  );
}
