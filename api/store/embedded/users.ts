import { randomUUID } from "node:crypto";
import type { NewEvent } from "../../events/new-event.ts";
import type { MailKind } from "../../mail/mail-queue.ts";
import type { Redeemed, Redemption, Registration, Users } from "../../users/users.ts";
import type { EmbeddedDatabase } from "./database.ts";

/** The consumer that asks for the welcome mail, as `consumed` knows it. */
const WELCOME = "mailer.welcome";

type UserRow = {
  readonly id: string;
  readonly state: "pending" | "confirmed";
  readonly confirm_asked_at: number;
  readonly erase_asked_at: number | null;
};

/** Users in the embedded database. `committed` is called after each transaction that told an event. */
export function createUsers(database: EmbeddedDatabase, committed: () => void): Users {
  const writes = createWrites(database);

  function inTransaction<T>(work: () => T): T {
    const result = database.transaction(work);
    committed();
    return result;
  }

  return {
    async register(registration) {
      inTransaction(() => register(writes, registration));
    },
    async resend({ address, now, notSince }) {
      database.transaction(() => {
        const user = writes.findByKey(address.key);
        if (user?.state === "pending") writes.askConfirmation(user, now, notSince);
      });
    },
    async askErasure({ address, now, notSince }) {
      database.transaction(() => {
        const user = writes.findByKey(address.key);
        if (user === undefined || (user.erase_asked_at ?? -1) > notSince.getTime()) return;
        database.run("update users set erase_asked_at = ? where id = ?", now.getTime(), user.id);
        writes.addMail(user.id, "erase", now);
      });
    },
    confirm: async (redemption) => inTransaction(() => confirm(writes, redemption)),
    erase: async (redemption) => inTransaction(() => erase(writes, redemption)),
    welcome: async ({ messageId, userId, now }) =>
      database.transaction(() => {
        const first = database.run(
          "insert into consumed (consumer, message_id, consumed_at) values (?, ?, ?) on conflict do nothing",
          ...[WELCOME, messageId, now.getTime()],
        );
        if (first === 0) return "seen-before";
        if (database.get("select id from users where id = ?", userId) === undefined) {
          return "no-such-user";
        }
        writes.addMail(userId, "welcome", now);
        return "asked";
      }),
  };
}

function register(writes: Writes, registration: Registration): void {
  const { userId, address, locale, now, notSince, registered, repeated } = registration;
  const known = writes.findByKey(address.key);
  if (known === undefined) {
    writes.database.run(
      `insert into users (id, address, address_key, locale, state, registered_at, confirm_asked_at)
       values (?, ?, ?, ?, 'pending', ?, ?)`,
      ...[userId, address.text, address.key, locale, now.getTime(), now.getTime()],
    );
    writes.addMail(userId, "confirm", now);
    writes.addEvent(registered(userId), now);
    return;
  }
  writes.askConfirmation(known, now, notSince);
  writes.addEvent(repeated(known.id), now);
}

function confirm(writes: Writes, { hash, now, tell }: Redemption): Redeemed {
  const userId = writes.redeem(hash, "confirm", now);
  if (userId === undefined) return "refused";
  const changed = writes.database.run(
    "update users set state = 'confirmed', confirmed_at = ? where id = ? and state = 'pending'",
    ...[now.getTime(), userId],
  );
  writes.database.run("delete from tokens where user_id = ? and purpose = 'confirm'", userId);
  writes.database.run("delete from mails where user_id = ? and kind = 'confirm'", userId);
  if (changed > 0) writes.addEvent(tell(userId), now);
  return "redeemed";
}

function erase(writes: Writes, { hash, now, tell }: Redemption): Redeemed {
  const userId = writes.redeem(hash, "erase", now);
  if (userId === undefined) return "refused";
  writes.database.run("delete from users where id = ?", userId);
  const values = [userId, now.getTime()] as const;
  writes.database.run("insert into erasures (user_id, erased_at) values (?, ?)", ...values);
  writes.addEvent(tell(userId), now);
  return "redeemed";
}

type Writes = ReturnType<typeof createWrites>;

/** The statements that more than one of the transactions needs. */
function createWrites(database: EmbeddedDatabase) {
  /** One that waits already is asked for anew: it is given up a day after that. */
  function addMail(userId: string, kind: MailKind, now: Date): void {
    database.run(
      `insert into mails (id, user_id, kind, asked_at, next_try_at) values (?, ?, ?, ?, ?)
       on conflict (user_id, kind) do update set asked_at = excluded.asked_at`,
      ...[randomUUID(), userId, kind, now.getTime(), now.getTime()],
    );
  }

  return {
    database,
    addMail,
    findByKey: (key: string) =>
      database.get<UserRow>(
        "select id, state, confirm_asked_at, erase_asked_at from users where address_key = ?",
        key,
      ),
    askConfirmation({ id, state, confirm_asked_at }: UserRow, now: Date, notSince: Date): void {
      if (confirm_asked_at > notSince.getTime()) return;
      database.run("update users set confirm_asked_at = ? where id = ?", now.getTime(), id);
      addMail(id, state === "pending" ? "confirm" : "already-registered", now);
    },
    addEvent(event: NewEvent, now: Date): void {
      database.run(
        `insert into outbox (id, routing_key, envelope, created_at, next_try_at)
         values (?, ?, ?, ?, ?)`,
        ...[event.id, event.routingKey, event.envelope, now.getTime(), now.getTime()],
      );
    },
    /** Takes the token and gives its user. */
    redeem(hash: Uint8Array, purpose: string, now: Date): string | undefined {
      const taken = database.get<{ readonly user_id: string }>(
        "delete from tokens where hash = ? and purpose = ? and expires_at > ? returning user_id",
        ...[Buffer.from(hash), purpose, now.getTime()],
      );
      return taken?.user_id;
    },
  };
}
