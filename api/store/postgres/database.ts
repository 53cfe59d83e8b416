import { Pool, type PoolClient, type QueryResultRow } from "pg";
import { SchemaMismatch, StoreUnavailable } from "../store.ts";

export type Row = QueryResultRow;
export type Values = readonly unknown[];

/** What runs SQL: the pool, or the one connection that a transaction runs on. */
export interface Sql {
  /** The rows of one statement. Rejects with StoreUnavailable when the server cannot be reached. */
  query<R extends Row>(text: string, values?: Values): Promise<readonly R[]>;
}

export type Database = Sql & {
  /** All of `work`, or nothing of it. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Of one process; hosted plans for beginners allow 20 in all. */
const MAX_CONNECTIONS = 8;
const CONNECT_MS = 3000;
/** What mends a schema that is behind. */
export const MIGRATE = "Run npm run api:migrate.";
/** For a request; nobody waits longer for a page. */
const STATEMENT_MS = 5000;
/** For a migration, which may have to rewrite a table. */
const PATIENT_MS = 15 * 60_000;

/**
 * A pool of connections. A connection that breaks while it idles is told to `report` and replaced by
 * the next query.
 */
export function openDatabase(
  url: string,
  { patience, report }: { patience: "request" | "migration"; report: (error: Error) => void },
): Database {
  const statementMs = patience === "request" ? STATEMENT_MS : PATIENT_MS;
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    application_name: "slipway-api",
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1000,
    idle_in_transaction_session_timeout: 2 * statementMs,
    keepAlive: true,
  });
  pool.on("error", report);
  return {
    query: (text, values) => run(pool, text, values),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

async function run<R extends Row>(
  runner: Pool | PoolClient,
  text: string,
  values: Values = [],
): Promise<readonly R[]> {
  try {
    const { rows } = await runner.query<R>(text, [...values]);
    return rows;
  } catch (error) {
    throw explain(error);
  }
}

async function inTransaction<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw explain(error);
  });
  // Without a listener a connection that breaks between two statements ends the process.
  const ignore = () => {};
  client.on("error", ignore);
  let broken: Error | undefined;
  try {
    await run(client, "begin");
    const result = await work({ query: (text, values) => run(client, text, values) });
    await run(client, "commit");
    return result;
  } catch (error) {
    // The server rolls back by itself when the connection is what broke.
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off("error", ignore);
    client.release(broken);
  }
}

/**
 * SQLSTATE classes that say "not now" (https://www.postgresql.org/docs/15/errcodes-appendix.html):
 * connection failure, user or password refused, out of resources (full disk too), shut down, read-only
 * standby, no such database, a right that is missing, statement cancelled by its time limit, deadlock and
 * serialization failure. An operator mends them, and the same call succeeds.
 */
const NOT_NOW = /^(?:08|28|53|57)|^(?:25006|3D000|42501|40001|40P01)$/;
/** A table or column that is missing: the migration of this release has not run. */
const NOT_MIGRATED = /^(?:42P01|42703)$/;
/** Of Node's network and TLS: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const NO_CONNECTION =
  /^E(?:CONN|HOST|NET|PIPE|PROTO|TIMEDOUT|AI_AGAIN|NOTFOUND|NOENT)|^ERR_(?:TLS|SSL)|CERT|LEAF_SIGNATURE/;

function explain(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailable) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && NOT_MIGRATED.test(code)) {
    return new SchemaMismatch(`PostgreSQL: ${error.message}`, MIGRATE, { cause: error });
  }
  if (code !== undefined && (NOT_NOW.test(code) || NO_CONNECTION.test(code))) {
    return new StoreUnavailable(`PostgreSQL: ${error.message}`, { cause: error });
  }
  // Time-outs and lost connections of the client library itself carry no code.
  if (code === undefined && /timeout|terminated|Connection/i.test(error.message)) {
    return new StoreUnavailable(`PostgreSQL: ${error.message}`, { cause: error });
  }
  return error;
}
