import type { DueMail, MailKind, MailQueue } from "../../mail/mail-queue.ts";
import type { Database } from "./database.ts";

type MailRow = {
  readonly id: string;
  readonly kind: MailKind;
  readonly user_id: string;
  readonly address: string;
  readonly attempts: number;
  readonly asked_at: Date;
};

/** "skip locked" lets several processes claim at once without waiting for each other. */
const CLAIM = `
with due as (
  select id from mails where next_try_at <= $2 order by next_try_at limit $1
  for update skip locked
), claimed as (
  update mails set next_try_at = $3 from due where mails.id = due.id
  returning mails.id, kind, user_id, attempts, asked_at
)
select claimed.id, kind, user_id, attempts, asked_at, address
from claimed join users on users.id = user_id
order by asked_at, claimed.id`;

/** The mails to send, in PostgreSQL. */
export function createMails(database: Database): MailQueue {
  return {
    async claim({ limit, now, leaseUntil }) {
      const rows = await database.query<MailRow>(CLAIM, [limit, now, leaseUntil]);
      return rows.map(dueMail);
    },
    async issue({ hash, userId, purpose, expiresAt }) {
      const kept = await database.query(
        `insert into tokens (hash, user_id, purpose, expires_at)
         select $1, id, $3, $4 from users where id = $2 for key share returning user_id`,
        [Buffer.from(hash), userId, purpose, expiresAt],
      );
      return kept.length > 0;
    },
    async done(id) {
      await database.query("delete from mails where id = $1", [id]);
    },
    async failed(id, error, nextTryAt) {
      await database.query(
        `update mails set attempts = attempts + 1, last_error = $2, next_try_at = $3 where id = $1`,
        [id, error, nextTryAt],
      );
    },
    async release({ ids, leaseUntil, now }) {
      await database.query(
        "update mails set next_try_at = $3 where id = any($1::uuid[]) and next_try_at = $2",
        [ids, leaseUntil, now],
      );
    },
  };
}

function dueMail(row: MailRow): DueMail {
  return {
    id: row.id,
    kind: row.kind,
    userId: row.user_id,
    address: row.address,
    attempts: row.attempts,
    askedAt: row.asked_at,
  };
}
