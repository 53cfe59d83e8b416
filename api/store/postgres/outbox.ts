import type { RoutingKey } from "../../events/routing-key.ts";
import type { Outbox, Settled } from "../../outbox/outbox.ts";
import type { Database, Sql } from "./database.ts";

type EventRow = {
  readonly seq: string;
  readonly id: string;
  readonly routing_key: string;
  readonly envelope: string;
  readonly attempts: number;
  readonly created_at: Date;
};

type StatusRow = {
  readonly pending: string;
  readonly failing: string;
  readonly oldest: Date | null;
  readonly unroutable: string;
  readonly last_error: string | null;
};

const STATUS = `
select
  (select count(*) from outbox where published_at is null) as pending,
  (select count(*) from outbox where published_at is null and attempts > 0) as failing,
  (select min(created_at) from outbox where published_at is null) as oldest,
  (select count(*) from outbox where outcome = 'unroutable') as unroutable,
  (select last_error from outbox where published_at is null and failed_at is not null
   order by failed_at desc limit 1) as last_error`;

/** The outbox in PostgreSQL. */
export function createOutbox(database: Database): Outbox {
  return {
    async pending(limit, now) {
      const rows = await database.query<EventRow>(
        `select seq, id, routing_key, envelope::text, attempts, created_at from outbox
         where published_at is null and next_try_at <= $2 order by seq limit $1`,
        [limit, now],
      );
      return rows.map((row) => ({
        seq: Number(row.seq),
        id: row.id,
        // Only routing keys are ever written there.
        routingKey: row.routing_key as RoutingKey,
        envelope: row.envelope,
        attempts: row.attempts,
        createdAt: row.created_at,
      }));
    },
    async settle(settled, now) {
      await database.transaction(async (sql) => {
        await settlePublished(sql, settled, now);
        await settleFailed(sql, settled, now);
      });
    },
    async status() {
      const [row] = await database.query<StatusRow>(STATUS);
      return {
        pending: Number(row?.pending ?? 0),
        failing: Number(row?.failing ?? 0),
        oldestPending: row?.oldest ?? undefined,
        unroutable: Number(row?.unroutable ?? 0),
        lastError: row?.last_error ?? undefined,
      };
    },
    async republish({ outcome, since }) {
      const [row] = await database.query<{ count: string }>(
        `with again as (
           update outbox set published_at = null, outcome = null, attempts = 0
           where outcome = $1 and published_at >= $2 returning seq
         ), told as (select pg_notify('outbox', ''))
         select (select count(*) from again) as count from told`,
        [outcome, since],
      );
      return Number(row?.count ?? 0);
    },
  };
}

async function settlePublished(sql: Sql, settled: readonly Settled[], now: Date): Promise<void> {
  const published = settled.filter((one) => one.kind === "published");
  if (published.length === 0) return;
  await sql.query(
    `update outbox set published_at = $3, outcome = done.outcome
     from unnest($1::bigint[], $2::text[]) as done (seq, outcome)
     where outbox.seq = done.seq and published_at is null`,
    [published.map(({ seq }) => seq), published.map(({ outcome }) => outcome), now],
  );
}

async function settleFailed(sql: Sql, settled: readonly Settled[], now: Date): Promise<void> {
  const failed = settled.filter((one) => one.kind === "failed");
  if (failed.length === 0) return;
  await sql.query(
    `update outbox set attempts = attempts + 1, last_error = tried.error, failed_at = $4,
       next_try_at = tried.next_try_at
     from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as tried (seq, error, next_try_at)
     where outbox.seq = tried.seq and published_at is null`,
    [
      failed.map(({ seq }) => seq),
      failed.map(({ error }) => error),
      failed.map(({ nextTryAt }) => nextTryAt),
      now,
    ],
  );
}
