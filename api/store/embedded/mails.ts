import type { DueMail, MailKind, MailQueue } from "../../mail/mail-queue.ts";
import type { EmbeddedDatabase } from "./database.ts";

type MailRow = {
  readonly id: string;
  readonly kind: MailKind;
  readonly user_id: string;
  readonly address: string;
  readonly attempts: number;
  readonly asked_at: number;
};

const DUE = `
select mails.id, kind, user_id, address, attempts, asked_at
from mails join users on users.id = user_id
where next_try_at <= ? order by next_try_at, asked_at limit ?`;

/** The mails to send, in the embedded database. */
export function createMails(database: EmbeddedDatabase): MailQueue {
  return {
    claim: async ({ limit, now, leaseUntil }) =>
      database.transaction(() => {
        const rows = database.all<MailRow>(DUE, now.getTime(), limit);
        for (const { id } of rows) {
          database.run("update mails set next_try_at = ? where id = ?", leaseUntil.getTime(), id);
        }
        return rows.map(dueMail);
      }),
    async issue({ hash, userId, purpose, expiresAt }) {
      const kept = database.run(
        `insert into tokens (hash, user_id, purpose, expires_at)
         select ?, id, ?, ? from users where id = ?`,
        ...[Buffer.from(hash), purpose, expiresAt.getTime(), userId],
      );
      return kept > 0;
    },
    async done(id) {
      database.run("delete from mails where id = ?", id);
    },
    async failed(id, error, nextTryAt) {
      database.run(
        "update mails set attempts = attempts + 1, last_error = ?, next_try_at = ? where id = ?",
        ...[error, nextTryAt.getTime(), id],
      );
    },
    async release({ ids, leaseUntil, now }) {
      database.transaction(() => {
        for (const id of ids) {
          database.run(
            "update mails set next_try_at = ? where id = ? and next_try_at = ?",
            ...[now.getTime(), id, leaseUntil.getTime()],
          );
        }
      });
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
    askedAt: new Date(row.asked_at),
  };
}
