import type { Store } from "../store.ts";
import { openDatabase } from "./database.ts";
import { createMails } from "./mails.ts";
import { checkSchema } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { createSignals } from "./signals.ts";
import { createUsers } from "./users.ts";

/**
 * The store in PostgreSQL. Opening it asks nothing of the server yet; `check` does. What breaks in the
 * background is told to `report`, and mended by itself.
 */
export function openPostgresStore(url: string, report: (error: Error) => void): Store {
  const database = openDatabase(url, { patience: "request", report });
  let isCurrent = false;
  return {
    users: createUsers(database),
    mails: createMails(database),
    outbox: createOutbox(database),
    signals: createSignals(url, report),
    upkeep: {
      async prune(now, before) {
        const old = await database.query<Count>(PRUNE, [now, before]);
        // A statement of its own: it takes tokens with it, which the one above deletes too.
        const pending = await database.query<Count>(PRUNE_PENDING, [before]);
        return countOf(old) + countOf(pending);
      },
    },
    async check() {
      if (isCurrent) await database.query("select 1");
      else await checkSchema(database);
      isCurrent = true;
    },
    close: () => database.close(),
  };
}

type Count = { readonly count: string };

const PRUNE = `
with old_tokens as (delete from tokens where expires_at <= $1 returning 1),
  old_notes as (delete from consumed where consumed_at < $2 returning 1),
  old_events as (delete from outbox where published_at < $2 returning 1)
select (select count(*) from old_tokens) + (select count(*) from old_notes)
  + (select count(*) from old_events) as count`;

const PRUNE_PENDING = `
with gone as (delete from users where state = 'pending' and confirm_asked_at < $1 returning 1)
select count(*) from gone`;

const countOf = ([row]: readonly Count[]) => Number(row?.count ?? 0);
