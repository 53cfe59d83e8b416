import { createHash, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "../../api/events/new-event.ts";
import { routingKey } from "../../api/events/routing-key.ts";
import type { TokenPurpose } from "../../api/mail/mail-queue.ts";
import type { PendingEvent } from "../../api/outbox/outbox.ts";
import type { Store } from "../../api/store/store.ts";
import { readEmailAddress } from "../../api/users/email-address.ts";

const NOON = Date.parse("2026-11-30T12:00:00Z");
const MINUTE = 60_000;

/** What every store promises. `open` gives an empty one; what it gives is closed after each test. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`the store in ${name}`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    describe("registers", () => {
      it("a new address, tells of it and asks for one confirmation mail", async () => {
        const userId = await register(store, "Ada@example.com");

        const [event, ...more] = await pending(store);
        expect(more).toEqual([]);
        expect(event?.routingKey).toBe("user.registered.v1");
        expect(JSON.parse(event?.envelope ?? "")).toEqual({ told: "registered", subject: userId });
        expect(event).toMatchObject({ attempts: 0, createdAt: new Date(NOON) });
        expect(await claimAll(store)).toMatchObject([
          { kind: "confirm", userId, address: "Ada@example.com", attempts: 0 },
        ]);
      });

      it("a known address in another spelling once only, and tells of the known user", async () => {
        const userId = await register(store, "ada@example.com");
        await register(store, "ADA@EXAMPLE.COM", MINUTE);

        const [, again] = await pending(store, 2 * MINUTE);
        expect(again?.routingKey).toBe("user.registration-repeated.v1");
        expect(JSON.parse(again?.envelope ?? "")).toEqual({ told: "repeated", subject: userId });
        expect(await claimAll(store, 2 * MINUTE)).toHaveLength(1);
      });

      it("a known address again after the pause, with one mail more", async () => {
        await register(store, "ada@example.com");
        await sendAll(store);
        await register(store, "ada@example.com", 9 * MINUTE);
        expect(await claimAll(store, 9 * MINUTE)).toEqual([]);
        await register(store, "ada@example.com", 10 * MINUTE);
        expect(await claimAll(store, 10 * MINUTE)).toMatchObject([{ kind: "confirm" }]);
      });

      it("a confirmed address with the mail that says so", async () => {
        const userId = await register(store, "ada@example.com");
        await redeem(store, "confirm", await issue(store, userId, "confirm"));
        await register(store, "ada@example.com", 11 * MINUTE);
        expect(await claimAll(store, 11 * MINUTE)).toMatchObject([{ kind: "already-registered" }]);
      });

      it("fifty at once, of ten addresses, as ten users and fifty events", async () => {
        const addresses = Array.from({ length: 50 }, (_, at) => `user${at % 10}@example.com`);
        await Promise.all(addresses.map((address) => register(store, address)));

        const events = await pending(store);
        const kinds = events.map(({ routingKey }) => routingKey);
        expect(kinds.filter((kind) => kind === "user.registered.v1")).toHaveLength(10);
        expect(kinds.filter((kind) => kind === "user.registration-repeated.v1")).toHaveLength(40);
        expect(new Set(events.map(({ envelope }) => JSON.parse(envelope).subject)).size).toBe(10);
        expect(await claimAll(store)).toHaveLength(10);
      });
    });

    describe("sends mails", () => {
      it("again to who waits for it, and to nobody else, once in the pause", async () => {
        const userId = await register(store, "ada@example.com");
        await sendAll(store);
        await ask(store, "resend", "ada@example.com", 5 * MINUTE);
        await ask(store, "resend", "nobody@example.com", 15 * MINUTE);
        expect(await claimAll(store, 15 * MINUTE)).toEqual([]);

        await ask(store, "resend", "ADA@example.com", 15 * MINUTE);
        await ask(store, "resend", "ada@example.com", 16 * MINUTE);
        expect(await claimAll(store, 16 * MINUTE)).toMatchObject([{ kind: "confirm", userId }]);
      });

      it("no confirmation to who has confirmed", async () => {
        const userId = await register(store, "ada@example.com");
        await redeem(store, "confirm", await issue(store, userId, "confirm"));
        await ask(store, "resend", "ada@example.com", 60 * MINUTE);
        expect(await claimAll(store, 60 * MINUTE)).toEqual([]);
      });

      it("at once to the next claimant when it is given back, unless another holds it", async () => {
        await register(store, "ada@example.com");
        const [mail] = await claimAll(store);
        const ids = [mail?.id ?? ""];
        await store.mails.release({ ids, leaseUntil: at(MINUTE), now: at(1) });
        expect(await claimAll(store, 1)).toHaveLength(1);
        await store.mails.release({ ids, leaseUntil: at(MINUTE), now: at(2) });
        expect(await claimAll(store, 2)).toEqual([]);
      });

      it("to one claimant at a time, and again when the lease is over", async () => {
        await register(store, "ada@example.com");
        const [first, second] = await Promise.all([claimAll(store), claimAll(store)]);
        expect([...first, ...second]).toHaveLength(1);
        expect(await claimAll(store, MINUTE - 1)).toEqual([]);
        expect(await claimAll(store, MINUTE)).toHaveLength(1);
      });

      it("later again after a failure, counted, and never after done", async () => {
        await register(store, "ada@example.com");
        const [mail] = await claimAll(store);
        await store.mails.failed(mail?.id ?? "", "451 later", at(3 * MINUTE));
        expect(await claimAll(store, 2 * MINUTE)).toEqual([]);
        const [again] = await claimAll(store, 3 * MINUTE);
        expect(again).toMatchObject({ id: mail?.id, attempts: 1 });
        await store.mails.done(mail?.id ?? "");
        expect(await claimAll(store, 60 * MINUTE)).toEqual([]);
      });

      it("as new to who asks again while it cannot be sent, with its tries so far", async () => {
        await register(store, "ada@example.com");
        const [mail] = await claimAll(store);
        await store.mails.failed(mail?.id ?? "", "451 later", at(MINUTE));
        await ask(store, "resend", "ada@example.com", 15 * MINUTE);
        const again = { id: mail?.id, attempts: 1, askedAt: at(15 * MINUTE) };
        expect(await claimAll(store, 15 * MINUTE)).toMatchObject([again]);
        await store.mails.failed(mail?.id ?? "", "451 later", at(16 * MINUTE));
        await register(store, "ada@example.com", 30 * MINUTE);
        const last = { id: mail?.id, attempts: 2, askedAt: at(30 * MINUTE) };
        expect(await claimAll(store, 30 * MINUTE)).toMatchObject([last]);
        for (const minutes of [30, 45]) {
          await ask(store, "askErasure", "ada@example.com", minutes * MINUTE);
        }
        const due = await claimAll(store, 45 * MINUTE);
        expect(due.find(({ kind }) => kind === "erase")).toMatchObject({
          askedAt: at(45 * MINUTE),
        });
      });

      it("a welcome once for each message, and none to who is gone", async () => {
        const userId = await register(store, "ada@example.com");
        await sendAll(store);
        const message = { messageId: randomUUID(), userId, now: at(MINUTE) };
        expect(await store.users.welcome(message)).toBe("asked");
        await sendAll(store, MINUTE);
        expect(await store.users.welcome(message)).toBe("seen-before");
        expect(await claimAll(store, MINUTE)).toEqual([]);
        const stranger = { messageId: randomUUID(), userId: randomUUID(), now: at(MINUTE) };
        expect(await store.users.welcome(stranger)).toBe("no-such-user");
      });
    });

    describe("redeems", () => {
      it("a confirmation once, and tells of it once", async () => {
        const userId = await register(store, "ada@example.com");
        const [hash, second] = [
          await issue(store, userId, "confirm"),
          await issue(store, userId, "confirm"),
        ];
        expect(await redeem(store, "confirm", hash)).toBe("redeemed");
        expect(await redeem(store, "confirm", hash)).toBe("refused");
        // One confirmation takes all tokens that were sent for it.
        expect(await redeem(store, "confirm", second)).toBe("refused");
        expect(await claimAll(store)).toEqual([]);
        const told = (await pending(store)).map(({ envelope }) => JSON.parse(envelope).told);
        expect(told).toEqual(["registered", "confirm"]);
      });

      it("of twenty tries at once with one token exactly one", async () => {
        const userId = await register(store, "ada@example.com");
        const hash = await issue(store, userId, "confirm");
        const tries = Array.from({ length: 20 }, () => redeem(store, "confirm", hash));
        const good = (await Promise.all(tries)).filter((result) => result === "redeemed");
        expect(good).toHaveLength(1);
        expect(await pending(store)).toHaveLength(2);
      });

      it("no token that expired, is for something else, or was never issued", async () => {
        const userId = await register(store, "ada@example.com");
        const hash = await issue(store, userId, "confirm");
        expect(await redeem(store, "erase", hash)).toBe("refused");
        expect(await redeem(store, "confirm", sha256("never"))).toBe("refused");
        expect(await redeem(store, "confirm", hash, 24 * 60 * MINUTE)).toBe("refused");
        expect(await redeem(store, "confirm", hash, 24 * 60 * MINUTE - 1)).toBe("redeemed");
      });

      it("an erasure: user, tokens and mails are gone, id and time stay, others keep theirs", async () => {
        const ada = await register(store, "ada@example.com");
        const bob = await register(store, "bob@example.com");
        const bobs = await issue(store, bob, "confirm");
        const adas = await issue(store, ada, "confirm");
        await ask(store, "askErasure", "ada@example.com", MINUTE);
        const kinds = (await claimAll(store, MINUTE)).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === "erase")).toHaveLength(1);

        const hash = await issue(store, ada, "erase");
        expect(await redeem(store, "erase", hash, MINUTE)).toBe("redeemed");
        expect(await redeem(store, "erase", hash, MINUTE)).toBe("refused");
        expect(await redeem(store, "confirm", adas, MINUTE)).toBe("refused");
        expect(await redeem(store, "confirm", bobs, MINUTE)).toBe("redeemed");
        const due = await claimAll(store, 5 * MINUTE);
        expect(due.filter(({ userId }) => userId === ada)).toEqual([]);
        const erased = (await pending(store, MINUTE)).filter((event) => told(event) === "erase");
        expect(erased.map(({ envelope }) => JSON.parse(envelope).subject)).toEqual([ada]);
        // The address is free again, for another user.
        expect(await register(store, "ada@example.com", 2 * MINUTE)).not.toBe(ada);
      });

      it("nothing half: an event that cannot be made leaves the token and the user as they were", async () => {
        const userId = await register(store, "ada@example.com");
        const hash = await issue(store, userId, "confirm");
        const tell = () => {
          throw new Error("no event");
        };
        const failing = store.users.confirm({ hash, now: at(0), tell });
        await expect(failing).rejects.toThrow("no event");
        expect(await pending(store)).toHaveLength(1);
        expect(await redeem(store, "confirm", hash)).toBe("redeemed");
        expect(await pending(store)).toHaveLength(2);
      });

      it("a token for nobody: it is not kept", async () => {
        const token = { hash: sha256("x"), userId: randomUUID(), purpose: "confirm" } as const;
        expect(await store.mails.issue({ ...token, expiresAt: at(MINUTE) })).toBe(false);
      });
    });

    describe("keeps an outbox that", () => {
      it("gives what is pending and due, in order, up to a limit", async () => {
        for (const name of ["a", "b", "c"]) await register(store, `${name}@example.com`);
        const all = await pending(store);
        expect(all.map(({ seq }) => seq)).toEqual(
          all.map(({ seq }) => seq).toSorted((a, b) => a - b),
        );
        expect(await store.outbox.pending(2, at(0))).toEqual(all.slice(0, 2));
        expect(await store.outbox.pending(2, new Date(NOON - 1))).toEqual([]);
      });

      it("settles published and failed ones together, and lets no late failure undo a success", async () => {
        for (const name of ["a", "b", "c"]) await register(store, `${name}@example.com`);
        const [a, b, c] = (await pending(store)).map(({ seq }) => seq) as [number, number, number];
        const nextTryAt = at(2 * MINUTE);
        await store.outbox.settle(
          [
            { kind: "published", seq: a, outcome: "routed" },
            { kind: "published", seq: b, outcome: "unroutable" },
            { kind: "failed", seq: c, error: "nacked", nextTryAt },
          ],
          at(MINUTE),
        );
        await store.outbox.settle(
          [{ kind: "failed", seq: a, error: "late", nextTryAt }],
          at(MINUTE),
        );
        expect(await store.outbox.status(at(MINUTE))).toEqual({
          pending: 1,
          failing: 1,
          oldestPending: at(0),
          unroutable: 1,
          lastError: "nacked",
        });
        expect(await pending(store, MINUTE)).toEqual([]);
        expect(await pending(store, 2 * MINUTE)).toMatchObject([{ seq: c, attempts: 1 }]);
      });

      it("is empty at first", async () => {
        expect(await store.outbox.status(at(0))).toEqual({
          pending: 0,
          failing: 0,
          oldestPending: undefined,
          unroutable: 0,
          lastError: undefined,
        });
      });

      it("publishes again what nobody wanted since a time, and prunes what is old", async () => {
        for (const name of ["a", "b", "c"]) await register(store, `${name}@example.com`);
        const [a, b, c] = (await pending(store)).map(({ seq }) => seq) as [number, number, number];
        await store.outbox.settle(
          [{ kind: "published", seq: a, outcome: "unroutable" }],
          at(MINUTE),
        );
        await store.outbox.settle(
          [{ kind: "published", seq: b, outcome: "unroutable" }],
          at(3 * MINUTE),
        );
        await store.outbox.settle(
          [{ kind: "published", seq: c, outcome: "routed" }],
          at(3 * MINUTE),
        );
        const filter = { outcome: "unroutable", since: at(2 * MINUTE) } as const;
        expect(await store.outbox.republish(filter)).toBe(1);
        expect(await store.outbox.republish(filter)).toBe(0);
        expect(await pending(store, 4 * MINUTE)).toMatchObject([{ seq: b, attempts: 0 }]);
        // With the three addresses, which nobody has confirmed.
        expect(await store.upkeep.prune(at(0), at(2 * MINUTE))).toBe(4);
        expect(await store.outbox.status(at(4 * MINUTE))).toMatchObject({
          pending: 1,
          unroutable: 0,
        });
      });

      it("wakes a listener after a commit, until it stops listening", async () => {
        let wakes = 0;
        let woken = () => {};
        const stop = await store.signals.onCommit(() => {
          wakes++;
          woken();
        });
        const wake = () =>
          new Promise<void>((resolve) => {
            woken = resolve;
          });
        await settled();
        const first = wake();
        await register(store, "ada@example.com");
        await first;
        await stop();
        const before = wakes;
        await register(store, "bob@example.com");
        await settled();
        expect(wakes).toBe(before);
      });

      it("is led by one at a time", async () => {
        const lead = await store.signals.lead();
        expect(lead).toBeDefined();
        expect(await store.signals.lead()).toBeUndefined();
        await lead?.release();
        const next = await store.signals.lead();
        expect(next).toBeDefined();
        await next?.release();
      });
    });

    it("forgets expired tokens and old notes", async () => {
      const userId = await register(store, "ada@example.com");
      await redeem(store, "confirm", await issue(store, userId, "confirm"));
      const hash = await issue(store, userId, "erase");
      await store.users.welcome({ messageId: randomUUID(), userId, now: at(0) });
      expect(await store.upkeep.prune(at(MINUTE), at(0))).toBe(0);
      expect(await store.upkeep.prune(at(24 * 60 * MINUTE), at(MINUTE))).toBe(2);
      expect(await redeem(store, "erase", hash, MINUTE)).toBe("refused");
    });

    it("forgets addresses that nobody confirmed, with all that hangs on them, and no others", async () => {
      const confirmed = await register(store, "ada@example.com");
      await redeem(store, "confirm", await issue(store, confirmed, "confirm"));
      const forgotten = await register(store, "bob@example.com");
      const hash = await issue(store, forgotten, "confirm");
      await register(store, "cy@example.com");
      await register(store, "cy@example.com", 20 * MINUTE);
      expect(await store.upkeep.prune(at(30 * MINUTE), at(20 * MINUTE))).toBe(1);

      expect(await redeem(store, "confirm", hash, 30 * MINUTE)).toBe("refused");
      const mails = await claimAll(store, 60 * MINUTE);
      expect(mails.map(({ address }) => address)).toEqual(["cy@example.com"]);
      // Who comes back is new; who is confirmed is known still.
      const anew = await register(store, "bob@example.com", 60 * MINUTE);
      await register(store, "ada@example.com", 60 * MINUTE);
      const kinds = (await pending(store, 60 * MINUTE)).slice(-2);
      expect(kinds.map(({ envelope }) => JSON.parse(envelope))).toEqual([
        { told: "registered", subject: anew },
        { told: "repeated", subject: confirmed },
      ]);
    });

    it("is in order", async () => {
      await store.check();
    });
  });
}

const at = (ms: number) => new Date(NOON + ms);
const PAUSE = 10 * MINUTE;

/** Gives the id of the user whom the address belongs to. */
export async function register(store: Store, typed: string, ms = 0): Promise<string> {
  const userId = randomUUID();
  await store.users.register({
    userId,
    address: addressOf(typed),
    locale: "en",
    now: at(ms),
    notSince: at(ms - PAUSE),
    registered: (subject) => event("user.registered.v1", { told: "registered", subject }),
    repeated: (subject) => event("user.registration-repeated.v1", { told: "repeated", subject }),
  });
  return userId;
}

async function ask(
  store: Store,
  what: "resend" | "askErasure",
  typed: string,
  ms: number,
): Promise<void> {
  await store.users[what]({ address: addressOf(typed), now: at(ms), notSince: at(ms - PAUSE) });
}

async function issue(store: Store, userId: string, purpose: TokenPurpose): Promise<Uint8Array> {
  const hash = sha256(randomUUID());
  const kept = await store.mails.issue({ hash, userId, purpose, expiresAt: at(24 * 60 * MINUTE) });
  expect(kept).toBe(true);
  return hash;
}

function redeem(store: Store, purpose: TokenPurpose, hash: Uint8Array, ms = 0) {
  const kind = purpose === "confirm" ? "user.confirmed.v1" : "user.erased.v1";
  const tell = (subject: string) => event(kind, { told: purpose, subject });
  return store.users[purpose]({ hash, now: at(ms), tell });
}

const pending = (store: Store, ms = 0) => store.outbox.pending(1000, at(ms));

const told = ({ envelope }: PendingEvent): unknown => JSON.parse(envelope).told;

function claimAll(store: Store, ms = 0) {
  return store.mails.claim({ limit: 100, now: at(ms), leaseUntil: at(ms + MINUTE) });
}

async function sendAll(store: Store, ms = 0): Promise<void> {
  for (const { id } of await claimAll(store, ms)) await store.mails.done(id);
}

function event(kind: string, envelope: unknown): NewEvent {
  return { id: randomUUID(), routingKey: routingKey(kind), envelope: JSON.stringify(envelope) };
}

function addressOf(typed: string) {
  const read = readEmailAddress(typed);
  if (read.kind === "refused") throw new Error(read.why);
  return read.address;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Longer than a notification takes on this machine. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 250));
