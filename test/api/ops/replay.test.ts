import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BrokerSession } from "../../../api/broker/session.ts";
import { type ReplayPreview, replayMessages } from "../../../api/ops/replay.ts";
import { setUpBroker } from "../../../api/ops/setup.ts";
import { switchUnroutable } from "../../../api/ops/unroutable.ts";
import { drain } from "../../support/amqp.ts";
import { idsIn, type Visit, visit } from "../../support/ops-visit.ts";
import { hasRabbit, makeVhost, startRabbit } from "../../support/rabbitmq.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";
import { runsSlow } from "../../support/slow-tests.ts";

const ALL = { kinds: [], ids: [], max: undefined };
const YES = { dryRun: false, confirm: async () => true };
const ERRORS = "events.errors";
const TEN = [..."ususuususu"].map((is) => (is === "u" ? "user.erased.v1" : "site.made.v1"));

describe.skipIf(!hasRabbit())("replaying", { timeout: 120_000 }, () => {
  it("of 6 in 10 leaves the other 4 in order, and changes nothing in them but the count", async () => {
    const at = await keptVisit();
    await at.publish(...TEN);
    await at.channel.assertQueue("mailer", { durable: true });
    await at.channel.bindQueue("mailer", "events", "user.erased.*");
    const asked: ReplayPreview[] = [];
    const result = await replayMessages(
      { ...at, queue: ERRORS },
      {
        selection: { ...ALL, kinds: ["user.*.v1"] },
        dryRun: false,
        confirm: async (preview) => {
          asked.push(preview);
          return true;
        },
      },
    );
    expect(asked).toMatchObject([
      { matched: 6, routes: [{ kind: "user.erased.v1", count: 6, queues: ["mailer"] }] },
    ]);
    expect(result).toMatchObject({ kind: "replayed", replayed: 6, unbound: 0, failedCount: 0 });
    const arrived = await drain(at.channel, "mailer");
    expect(arrived.map(({ properties }) => properties.messageId)).toEqual([
      "1",
      "3",
      "5",
      "6",
      "8",
      "10",
    ]);
    expect(arrived[0]).toMatchObject({
      fields: { exchange: "events", routingKey: "user.erased.v1" },
      properties: {
        timestamp: 1_700_000_001,
        deliveryMode: 2,
        headers: { number: 1, "x-replay-count": 1 },
      },
      content: Buffer.from('{"n":1}'),
    });
    const left = await drain(at.channel, ERRORS);
    expect(left.map(({ properties }) => properties.messageId)).toEqual(["2", "4", "7", "9"]);
    expect(left[0]?.properties.headers).toEqual({ number: 2 });
  });

  it("leaves alone what nobody is bound for, and says so before and after", async () => {
    const at = await keptVisit();
    await at.publish("user.erased.v1", "site.made.v1", "user.erased.v1");
    const place = { ...at, queue: ERRORS };
    expect(await replayMessages(place, { selection: ALL, ...YES })).toMatchObject({
      kind: "nobody-bound",
      routes: [
        { kind: "user.erased.v1", count: 2, queues: [] },
        { kind: "site.made.v1", count: 1, queues: [] },
      ],
    });
    await at.channel.assertQueue("sites", { durable: true });
    await at.channel.bindQueue("sites", "events", "site.#");
    expect(await replayMessages(place, { selection: ALL, ...YES })).toMatchObject({
      kind: "replayed",
      replayed: 1,
      unbound: 2,
    });
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "3"]);
  });

  it("while nothing is bound and they are kept comes to an end without the management API too", async () => {
    const at = await keptVisit();
    await at.publish(...TEN);
    const place = { ...at, management: undefined, queue: ERRORS };
    const result = await replayMessages(place, { selection: ALL, ...YES });
    expect(result).toMatchObject({ kind: "replayed", replayed: 10, depth: 10 });
    const again = await drain(at.channel, ERRORS);
    expect(again).toHaveLength(10);
    expect(again[0]?.properties).toMatchObject({
      messageId: "1",
      headers: { number: 1, "x-replay-count": 1 },
    });
  });

  it("while nothing is bound and they are discarded loses none of them", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1", "a.b.v1", "a.b.v1");
    await switchUnroutable(at.session, at.management, "discard");
    const place = { ...at, management: undefined, queue: ERRORS };
    const result = await replayMessages(place, { selection: ALL, ...YES });
    expect(result).toMatchObject({ kind: "replayed", replayed: 0, unbound: 3 });
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "2", "3"]);
  });

  it.each([
    ["a dry run", { dryRun: true, confirm: async () => true }, "dry-run"],
    ["a no", { dryRun: false, confirm: async () => false }, "declined"],
  ])("changes nothing on %s", async (_, how, kind) => {
    const at = await keptVisit();
    await at.publish("a.b.v1", "a.b.v1");
    await at.channel.assertQueue("q", { durable: true });
    await at.channel.bindQueue("q", "events", "#");
    const result = await replayMessages({ ...at, queue: ERRORS }, { selection: ALL, ...how });
    expect(result).toMatchObject({ kind, matched: 2 });
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "2"]);
    expect(await idsIn(at.channel, "q")).toEqual([]);
  });

  it("brings a message that a consumer gave up on back under its kind, its death forgotten", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    const settings = {
      "x-dead-letter-exchange": "events.dead",
      "x-dead-letter-routing-key": "odd",
    };
    await at.channel.assertQueue("mailer", { durable: true, arguments: settings });
    await at.channel.bindQueue("mailer", "events", "user.#");
    await at.publish("user.erased.v1");
    const message = await at.channel.get("mailer");
    if (message !== false) at.channel.nack(message, false, false);
    await at.channel.checkQueue("mailer");
    const place = { ...at, queue: "events.failed" };
    const result = await replayMessages(place, { selection: ALL, ...YES });
    expect(result).toMatchObject({ replayed: 1, routes: [{ kind: "user.erased.v1" }] });
    const [again] = await drain(at.channel, "mailer");
    expect(again?.fields.routingKey).toBe("user.erased.v1");
    expect(again?.properties.headers).toEqual({ number: 1, "x-replay-count": 1 });
  });

  it("takes two messages of one id, and one of none, for what they are", async () => {
    const at = await keptVisit();
    for (const properties of [{ messageId: "twin" }, { messageId: "twin" }, {}]) {
      at.channel.publish("events", "a.b.v1", Buffer.from("x"), properties);
      await at.channel.waitForConfirms();
    }
    await at.channel.assertQueue("q", { durable: true });
    await at.channel.bindQueue("q", "events", "a.#");
    const result = await replayMessages({ ...at, queue: ERRORS }, { selection: ALL, ...YES });
    expect(result).toMatchObject({ replayed: 3 });
    expect(await idsIn(at.channel, "q")).toEqual([
      "twin",
      "twin",
      expect.stringMatching(/^[\da-f-]{36}$/),
    ]);
  });

  it("keeps what the queue that should get it refuses", async () => {
    const at = await keptVisit();
    await at.publish(...TEN);
    const full = { "x-max-length": 2, "x-overflow": "reject-publish" };
    await at.channel.assertQueue("full", { durable: true, arguments: full });
    await at.channel.bindQueue("full", "events", "#");
    const result = await replayMessages({ ...at, queue: ERRORS }, { selection: ALL, ...YES });
    if (result.kind !== "replayed") throw new Error(result.kind);
    expect(result.replayed).toBeGreaterThanOrEqual(2);
    expect(result.failed[0]?.why).toContain("full");
    const there = await idsIn(at.channel, "full");
    const left = await idsIn(at.channel, ERRORS);
    expect(there.length).toBe(result.replayed);
    expect([...there, ...left].sort((a, b) => Number(a) - Number(b))).toEqual(
      TEN.map((__, n) => String(n + 1)),
    );
  });
});

describe.skipIf(!hasRabbit() || !runsSlow("a broker killed in mid-replay takes 20 s"))(
  "a broker killed in mid-replay",
  { timeout: 240_000 },
  () => {
    it("loses nothing: what is not at its queue is in the error queue still", async () => {
      const rabbit = await startRabbit();
      try {
        const vhost = await makeVhost(rabbit, "killed");
        const at = await keptVisit(vhost);
        const count = 3_000;
        for (let n = 1; n <= count; n += 1) {
          const properties = { messageId: String(n), persistent: true };
          at.channel.publish("events", "a.b.v1", Buffer.alloc(500), properties);
        }
        await at.channel.waitForConfirms();
        await at.channel.assertQueue("q", { durable: true });
        await at.channel.bindQueue("q", "events", "#");
        const session = await BrokerSession.open({ url: vhost.amqpUrl, name: "replay" });
        const replaying = replayMessages(
          { ...at, session, queue: ERRORS },
          { selection: ALL, ...YES },
        ).catch((error: unknown) => error);
        for (let looks = 0; looks < 2_000; looks += 1) {
          const { messageCount } = await at.channel.checkQueue("q");
          if (messageCount > 50) break;
          await wait(1);
        }
        await rabbit.kill();
        const outcome = await replaying;
        await session.close();
        await rabbit.restart();
        const after = await visit(vhost);
        const there = new Set(await idsIn(after.channel, "q"));
        const left = new Set(await idsIn(after.channel, ERRORS));
        expect(there.size).toBeGreaterThan(0);
        expect(left.size).toBeGreaterThan(0);
        expect(new Set([...there, ...left]).size).toBe(count);
        expect(outcome).toMatchObject({ stopped: expect.any(String) });
      } finally {
        await rabbit.remove();
      }
    });
  },
);

/** A vhost that is set up, in which unroutable messages are kept. */
async function keptVisit(vhost?: Parameters<typeof visit>[0]): Promise<Visit> {
  const at = await visit(vhost ?? (await freshVhost()));
  await setUpBroker(at.session, at.management);
  await switchUnroutable(at.session, at.management, "keep");
  return at;
}
