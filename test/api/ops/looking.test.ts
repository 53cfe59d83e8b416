import { describe, expect, it } from "vitest";
import { listMessages } from "../../../api/ops/list.ts";
import { peekMessages } from "../../../api/ops/peek.ts";
import { setUpBroker } from "../../../api/ops/setup.ts";
import { readStatus } from "../../../api/ops/status.ts";
import { switchUnroutable } from "../../../api/ops/unroutable.ts";
import { idsIn, managementOf, type Visit, visit } from "../../support/ops-visit.ts";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";

const ALL = { kinds: [], ids: [], max: undefined };
const ERRORS = "events.errors";

describe.skipIf(!hasRabbit())("looking at a queue", { timeout: 120_000 }, () => {
  it("shows messages by kind, in the order of the queue, and leaves each in its place", async () => {
    const at = await keptVisit();
    await at.publish("user.registered.v1", "user.erased.v1", "user.registered.v1");
    const place = { ...at, queue: ERRORS };
    for (let peeks = 0; peeks < 5; peeks += 1) {
      const { messages } = await peekMessages(place, ALL);
      expect(messages.map(({ id, position }) => [id, position])).toEqual([
        ["1", 1],
        ["2", 2],
        ["3", 3],
      ]);
    }
    const list = await listMessages(place, ALL);
    expect(list).toMatchObject({ depth: 3, seen: 3, matched: 3, queue: ERRORS });
    expect(list.groups).toMatchObject([
      { kind: "user.registered.v1", count: 2, oldest: new Date(1_700_000_001_000), deaths: [] },
      { kind: "user.erased.v1", count: 1 },
    ]);
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "2", "3"]);
  });

  it("shows those that are meant: by kind, by id, so many", async () => {
    const at = await keptVisit();
    await at.publish("user.registered.v1", "site.published.v1", "user.erased.v1", "user.erased.v2");
    const place = { ...at, queue: ERRORS };
    const idsOf = async (selection: object) =>
      (await peekMessages(place, { ...ALL, ...selection })).messages.map(({ id }) => id);
    expect(await idsOf({ kinds: ["user.*.v1"] })).toEqual(["1", "3"]);
    expect(await idsOf({ kinds: ["site.#", "user.erased.v2"] })).toEqual(["2", "4"]);
    expect(await idsOf({ ids: ["3", "none"] })).toEqual(["3"]);
    expect(await idsOf({ max: 2 })).toEqual(["1", "2"]);
    expect(await idsOf({ kinds: ["user.#"], max: 1 })).toEqual(["1"]);
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "2", "3", "4"]);
  });

  it("gives two who look at once different messages, and the order back when both are done", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1", "a.b.v1", "a.b.v1", "a.b.v1");
    const one = await at.session.hold(ERRORS);
    const mine = [await one.next(), await one.next()];
    const other = await peekMessages({ ...at, queue: ERRORS }, ALL);
    expect(mine.map((held) => held?.message.id)).toEqual(["1", "2"]);
    expect(other.messages.map(({ id }) => id)).toEqual(["3", "4"]);
    await one.close();
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1", "2", "3", "4"]);
  });

  it.each([
    ["a delivery limit", { "x-queue-type": "quorum", "x-delivery-limit": 3 }],
    ["no limit", { "x-queue-type": "quorum" }],
  ])("refuses a quorum queue with %s, with and without the management API", async (_, settings) => {
    const at = await visit(await freshVhost());
    await at.channel.assertQueue("jobs", { durable: true, arguments: settings });
    at.channel.sendToQueue("jobs", Buffer.from("x"), { messageId: "1" });
    await at.channel.waitForConfirms();
    for (const management of [at.management, undefined]) {
      await expect(peekMessages({ ...at, management, queue: "jobs" }, ALL)).rejects.toMatchObject({
        kind: "refused",
        text: { what: expect.stringContaining("quorum") },
      });
    }
    const [message] = [await at.channel.get("jobs")];
    expect(message).toMatchObject({ fields: { redelivered: false } });
  });

  it("says which queue is missing", async () => {
    const at = await visit(await freshVhost());
    await expect(listMessages({ ...at, queue: "nowhere" }, ALL)).rejects.toMatchObject({
      kind: "missing",
      text: { why: expect.stringContaining("nowhere") },
    });
  });

  it("works without the management API, and with one that nobody answers", async () => {
    const at = await keptVisit();
    await at.publish("a.b.v1");
    const silent = managementOf({ amqpUrl: "", adminUrl: "http://guest:x@127.0.0.1:9", name: "x" });
    for (const management of [undefined, silent]) {
      const list = await listMessages({ ...at, management, queue: ERRORS }, ALL);
      expect(list.matched).toBe(1);
      const status = await readStatus(at.session, management);
      expect(status.management.kind).toBe(management === undefined ? "absent" : "failed");
      expect(status.queues).toMatchObject([
        { name: ERRORS, kind: "present", ready: 1, oldest: new Date(1_700_000_001_000) },
        { name: "events.failed", kind: "present", ready: 0 },
      ]);
    }
  });

  it("shows why a consumer's queue gave a message away", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    const settings = { "x-dead-letter-exchange": "events.dead" };
    await at.channel.assertQueue("mailer", { durable: true, arguments: settings });
    await at.channel.bindQueue("mailer", "events", "user.#");
    await at.publish("user.registered.v1");
    const message = await at.channel.get("mailer");
    if (message !== false) at.channel.nack(message, false, false);
    await at.channel.checkQueue("mailer");
    const list = await listMessages({ ...at, queue: "events.failed" }, ALL);
    expect(list.groups).toMatchObject([
      { kind: "user.registered.v1", deaths: [{ queue: "mailer", reason: "rejected", count: 1 }] },
    ]);
  });

  it("shows bodies that are no text, and no JSON, as they are", async () => {
    const at = await keptVisit();
    const bodies = ["\u001b[2J\u009b31m{", Buffer.from([0xff, 0xfe, 0]), "", "x".repeat(300_000)];
    for (const body of bodies) {
      at.channel.publish("events", "a.b.v1", Buffer.from(body));
      await at.channel.waitForConfirms();
    }
    const { messages } = await peekMessages({ ...at, queue: ERRORS }, ALL);
    expect(messages.map(({ id, bytes, body }) => [id, bytes, body.encoding, body.cut])).toEqual([
      [undefined, 10, "utf-8", false],
      [undefined, 3, "base64", false],
      [undefined, 0, "utf-8", false],
      [undefined, 300_000, "utf-8", true],
    ]);
    expect(messages[0]?.body.text).toBe(bodies[0]);
    expect(messages[1]?.body.text).toBe("//4A");
  });
});

/** A vhost that is set up, in which unroutable messages are kept. */
async function keptVisit(): Promise<Visit> {
  const at = await visit(await freshVhost());
  await setUpBroker(at.session, at.management);
  const kept = await switchUnroutable(at.session, at.management, "keep");
  expect(kept).toEqual({ kind: "proven", mode: "keep", changed: true });
  return at;
}
