import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Libsql from "libsql";
import { messageOf } from "../../log.ts";
import { type AppliedMigration, migrationsToApply, readMigrations } from "../migrations.ts";
import { StoreUnavailable } from "../store.ts";

type Value = string | number | Uint8Array | null;

export type EmbeddedDatabase = {
  /** Runs a statement that gives no rows; gives how many rows it changed. */
  run(sql: string, ...values: readonly Value[]): number;
  all<R>(sql: string, ...values: readonly Value[]): readonly R[];
  get<R>(sql: string, ...values: readonly Value[]): R | undefined;
  /** All of `work`, or nothing of it; nobody else writes meanwhile. */
  transaction<T>(work: () => T): T;
  close(): void;
};

/** How long a writer waits for another process that writes to the same file. */
const BUSY_MS = 3000;

const BOOKKEEPING = `create table if not exists schema_migrations (
  number integer primary key,
  name text not null,
  digest text not null,
  applied_at integer not null
) strict`;

/**
 * Opens the file, makes it when it is missing, and brings its tables to this release. Every commit
 * reaches the disk before it returns (synchronous=full), and the calls block: this store is for a
 * laptop and for tests, where a commit takes less than a millisecond.
 */
export function openEmbeddedDatabase(file: string): EmbeddedDatabase {
  const db = open(file);
  const statements = new Map<string, Libsql.Statement>();
  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const database: EmbeddedDatabase = {
    run: (sql, ...values) => attempt(() => prepare(sql).run(...values).changes),
    all: <R>(sql: string, ...values: readonly Value[]) =>
      attempt(() => prepare(sql).all(...values) as R[]),
    get: <R>(sql: string, ...values: readonly Value[]) =>
      attempt(() => prepare(sql).get(...values) as R | undefined),
    transaction: (work) => attempt(() => db.transaction(work).immediate()),
    close() {
      statements.clear();
      db.close();
    },
  };
  attempt(() => migrate(db, database));
  return database;
}

function open(file: string): Libsql.Database {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const db = new Libsql(file);
    for (const pragma of [`busy_timeout = ${BUSY_MS}`, "journal_mode = wal"]) db.pragma(pragma);
    for (const pragma of ["synchronous = full", "foreign_keys = on"]) db.pragma(pragma);
    return db;
  } catch (error) {
    const why = `the embedded database ${file} cannot be opened: ${messageOf(error)}`;
    throw new StoreUnavailable(why, { cause: error });
  }
}

function migrate(db: Libsql.Database, database: EmbeddedDatabase): void {
  const known = readMigrations(new URL("./migrations/", import.meta.url));
  database.transaction(() => {
    db.exec(BOOKKEEPING);
    const applied = database.all<AppliedMigration>(
      "select number, digest from schema_migrations order by number",
    );
    for (const { number, name, digest, sql } of migrationsToApply(known, applied)) {
      db.exec(sql);
      database.run(
        "insert into schema_migrations (number, name, digest, applied_at) values (?, ?, ?, ?)",
        ...[number, name, digest, Date.now()],
      );
    }
  });
}

/** https://www.sqlite.org/rescode.html: busy, locked, read-only, input/output, full, cannot open. */
const NOT_NOW = /^SQLITE_(?:BUSY|LOCKED|READONLY|IOERR|FULL|CANTOPEN)/;

/** Throws StoreUnavailable for what may succeed later. */
export function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && "code" in error && NOT_NOW.test(String(error.code))) {
      throw new StoreUnavailable(`the embedded database: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
