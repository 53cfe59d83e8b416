import { randomUUID } from "node:crypto";
import type { NewEvent } from "../../events/new-event.ts";
import type { Redeemed, Redemption, Users } from "../../users/users.ts";
import type { Database, Sql } from "./database.ts";

/** The consumer that asks for the welcome mail, as `consumed` knows it. */
const WELCOME = "mailer.welcome";

/** A mail that waits already is given up a day after this instead. */
const ASKED_ANEW = "on conflict (user_id, kind) do update set asked_at = excluded.asked_at";

/**
 * One statement, so that a registration costs one round trip. Both events are written about $1, the id
 * of a new user; a known user's id is put in its place.
 */
const REGISTER = `
with known as (
  insert into users (id, address, address_key, locale, state, registered_at, confirm_asked_at)
  values ($1, $2, $3, $4, 'pending', $5, $5)
  on conflict (address_key) do update set confirm_asked_at =
    case when users.confirm_asked_at <= $6 then $5 else users.confirm_asked_at end
  returning id, state, id = $1 as is_new, confirm_asked_at = $5 as asks
), told as (
  insert into outbox (id, routing_key, envelope, created_at, next_try_at)
  select
    case when is_new then $7::uuid else $10::uuid end,
    case when is_new then $8 else $11 end,
    replace(case when is_new then $9 else $12 end, $1::text, id::text)::jsonb,
    $5, $5
  from known
), asked as (
  insert into mails (id, user_id, kind, asked_at, next_try_at)
  select $13, id, case state when 'pending' then 'confirm' else 'already-registered' end, $5, $5
  from known where asks
  ${ASKED_ANEW}
)
select pg_notify('outbox', '')`;

const RESEND = `
with asking as (
  update users set confirm_asked_at = $2
  where address_key = $1 and state = 'pending' and confirm_asked_at <= $3
  returning id
)
insert into mails (id, user_id, kind, asked_at, next_try_at)
select $4, id, 'confirm', $2, $2 from asking
${ASKED_ANEW}`;

const ASK_ERASURE = `
with asking as (
  update users set erase_asked_at = $2
  where address_key = $1 and (erase_asked_at is null or erase_asked_at <= $3)
  returning id
)
insert into mails (id, user_id, kind, asked_at, next_try_at)
select $4, id, 'erase', $2, $2 from asking
${ASKED_ANEW}`;

/** Users in PostgreSQL. */
export function createUsers(database: Database): Users {
  return {
    async register({ userId, address, locale, now, notSince, registered, repeated }) {
      const fresh = registered(userId);
      const again = repeated(userId);
      await database.query(REGISTER, [
        ...[userId, address.text, address.key, locale, now, notSince],
        ...[fresh.id, fresh.routingKey, fresh.envelope],
        ...[again.id, again.routingKey, again.envelope],
        randomUUID(),
      ]);
    },
    async resend({ address, now, notSince }) {
      await database.query(RESEND, [address.key, now, notSince, randomUUID()]);
    },
    async askErasure({ address, now, notSince }) {
      await database.query(ASK_ERASURE, [address.key, now, notSince, randomUUID()]);
    },
    confirm: (redemption) => database.transaction((sql) => confirm(sql, redemption)),
    erase: (redemption) => database.transaction((sql) => erase(sql, redemption)),
    welcome: ({ messageId, userId, now }) =>
      database.transaction(async (sql) => {
        const first = await sql.query(
          `insert into consumed (consumer, message_id, consumed_at) values ($1, $2, $3)
           on conflict do nothing returning message_id`,
          [WELCOME, messageId, now],
        );
        if (first.length === 0) return "seen-before";
        const asked = await sql.query(
          `insert into mails (id, user_id, kind, asked_at, next_try_at)
           select $1, id, 'welcome', $3, $3 from users where id = $2
           ${ASKED_ANEW} returning id`,
          [randomUUID(), userId, now],
        );
        return asked.length > 0 ? "asked" : "no-such-user";
      }),
  };
}

async function confirm(sql: Sql, { hash, now, tell }: Redemption): Promise<Redeemed> {
  const userId = await redeem(sql, { hash, now, purpose: "confirm" });
  if (userId === undefined) return "refused";
  const changed = await sql.query(
    `update users set state = 'confirmed', confirmed_at = $2
     where id = $1 and state = 'pending' returning id`,
    [userId, now],
  );
  await sql.query("delete from tokens where user_id = $1 and purpose = 'confirm'", [userId]);
  await sql.query("delete from mails where user_id = $1 and kind = 'confirm'", [userId]);
  if (changed.length > 0) await addEvent(sql, tell(userId), now);
  return "redeemed";
}

async function erase(sql: Sql, { hash, now, tell }: Redemption): Promise<Redeemed> {
  const userId = await redeem(sql, { hash, now, purpose: "erase" });
  if (userId === undefined) return "refused";
  await sql.query("delete from users where id = $1", [userId]);
  await sql.query("insert into erasures (user_id, erased_at) values ($1, $2)", [userId, now]);
  await addEvent(sql, tell(userId), now);
  return "redeemed";
}

/**
 * Takes the token and gives its user. The user's row is locked first, always, so that two redemptions
 * for one user wait for each other instead of dying in a deadlock.
 */
async function redeem(
  sql: Sql,
  { hash, now, purpose }: Pick<Redemption, "hash" | "now"> & { readonly purpose: string },
): Promise<string | undefined> {
  const key = [Buffer.from(hash), purpose, now];
  await sql.query(
    `select id from users where id = (
       select user_id from tokens where hash = $1 and purpose = $2 and expires_at > $3
     ) for update`,
    key,
  );
  const taken = await sql.query<{ user_id: string }>(
    "delete from tokens where hash = $1 and purpose = $2 and expires_at > $3 returning user_id",
    key,
  );
  return taken[0]?.user_id;
}

async function addEvent(sql: Sql, event: NewEvent, now: Date): Promise<void> {
  await sql.query(
    `with told as (
       insert into outbox (id, routing_key, envelope, created_at, next_try_at)
       values ($1, $2, $3::jsonb, $4, $4)
     )
     select pg_notify('outbox', '')`,
    [event.id, event.routingKey, event.envelope, now],
  );
}
