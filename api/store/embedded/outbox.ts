import type { RoutingKey } from "../../events/routing-key.ts";
import type { Outbox, Settled } from "../../outbox/outbox.ts";
import type { EmbeddedDatabase } from "./database.ts";

type EventRow = {
  readonly seq: number;
  readonly id: string;
  readonly routing_key: string;
  readonly envelope: string;
  readonly attempts: number;
  readonly created_at: number;
};

type StatusRow = {
  readonly pending: number;
  readonly failing: number;
  readonly oldest: number | null;
  readonly unroutable: number;
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

/** The outbox in the embedded database. `committed` is called when old events are pending again. */
export function createOutbox(database: EmbeddedDatabase, committed: () => void): Outbox {
  return {
    async pending(limit, now) {
      const rows = database.all<EventRow>(
        `select seq, id, routing_key, envelope, attempts, created_at from outbox
         where published_at is null and next_try_at <= ? order by seq limit ?`,
        ...[now.getTime(), limit],
      );
      return rows.map((row) => ({
        seq: row.seq,
        id: row.id,
        // Only routing keys are ever written there.
        routingKey: row.routing_key as RoutingKey,
        envelope: row.envelope,
        attempts: row.attempts,
        createdAt: new Date(row.created_at),
      }));
    },
    async settle(settled, now) {
      database.transaction(() => {
        for (const one of settled) settle(database, one, now);
      });
    },
    async status() {
      const row = database.get<StatusRow>(STATUS);
      const oldest = row?.oldest ?? undefined;
      return {
        pending: row?.pending ?? 0,
        failing: row?.failing ?? 0,
        oldestPending: oldest === undefined ? undefined : new Date(oldest),
        unroutable: row?.unroutable ?? 0,
        lastError: row?.last_error ?? undefined,
      };
    },
    async republish({ outcome, since }) {
      const again = database.run(
        `update outbox set published_at = null, outcome = null, attempts = 0
         where outcome = ? and published_at >= ?`,
        ...[outcome, since.getTime()],
      );
      if (again > 0) committed();
      return again;
    },
  };
}

function settle(database: EmbeddedDatabase, settled: Settled, now: Date): void {
  switch (settled.kind) {
    case "published":
      database.run(
        "update outbox set published_at = ?, outcome = ? where seq = ? and published_at is null",
        ...[now.getTime(), settled.outcome, settled.seq],
      );
      return;
    case "failed":
      database.run(
        `update outbox set attempts = attempts + 1, last_error = ?, failed_at = ?, next_try_at = ?
         where seq = ? and published_at is null`,
        ...[settled.error, now.getTime(), settled.nextTryAt.getTime(), settled.seq],
      );
  }
}
