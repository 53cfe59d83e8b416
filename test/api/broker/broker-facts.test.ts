import { connect } from "amqplib";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  DEAD,
  deadLetters,
  declareTopology,
  ERRORS,
  EVENTS,
  FAILED,
  publishing,
  UNROUTED,
} from "../../../api/broker/topology.ts";
import { drain, openChannel, textsIn } from "../../support/amqp.ts";
import { eventually } from "../../support/eventually.ts";
import { boundedTo, deletePolicy, keepIn, putPolicy } from "../../support/policies.ts";
import { askAdmin, hasRabbit, type Rabbit, type Vhost } from "../../support/rabbitmq.ts";
import { freshVhost, sharedRabbit } from "../../support/shared-rabbit.ts";

const KEY = "user.registered.v1";
const patience = { seconds: 10, describe: () => "it did not come" };

/** What the design stands on, asked of the broker itself: a new version that differs is seen here. */
describe.skipIf(!hasRabbit())("the broker", () => {
  beforeAll(async () => {
    await sharedRabbit();
  }, 120_000);

  test("confirms what no queue wants, and drops it", async () => {
    const { channel, publish } = await world();
    expect(await publish(EVENTS, KEY, "lost", { mandatory: false })).toBe("ack");
    expect(await textsIn(channel, ERRORS)).toEqual([]);
  });

  test("hands a mandatory one back before it confirms it", async () => {
    const { publish, heard } = await world();
    await publish(EVENTS, KEY, "lost", { messageId: "m1" });
    expect(heard).toEqual(["return 312 m1", "ack m1"]);
  });

  test("keeps them from the moment the policy is there until it is gone, on one channel", async () => {
    const { channel, publish, heard, vhost } = await world();
    await publish(EVENTS, KEY, "before", { messageId: "m1" });
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    await publish(EVENTS, KEY, "kept", { messageId: "m2" });
    await deletePolicy(vhost, "events-keep");
    await publish(EVENTS, KEY, "after", { messageId: "m3" });
    expect(heard).toEqual(["return 312 m1", "ack m1", "ack m2", "return 312 m3", "ack m3"]);
    expect(await textsIn(channel, ERRORS)).toEqual(["kept"]);
  });

  test("keeps them as they came: exchange, key, headers and id", async () => {
    const { channel, publish, vhost } = await world();
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    const headers = { "x-replay-count": 2 };
    await publish(EVENTS, KEY, "kept", { messageId: "m1", type: KEY, headers });
    const [message] = await drain(channel, ERRORS);
    expect(message?.fields).toMatchObject({ exchange: EVENTS, routingKey: KEY });
    expect(message?.properties).toMatchObject({ messageId: "m1", type: KEY });
    expect(message?.properties.headers).toEqual(headers);
  });

  test("refuses the exchange with the alternate as an argument, so it is never one", async () => {
    const { channel, errors } = await world();
    const declared = channel.assertExchange(EVENTS, "topic", {
      durable: true,
      alternateExchange: UNROUTED,
    });
    await expect(declared).rejects.toThrow(/406/);
    expect(errors[0]).toMatch(/406 \(PRECONDITION-FAILED\)/);
  });

  test.each(["events.nowhere", "events.queueless"])(
    "drops them in spite of a policy that names %s",
    async (target) => {
      const { channel, publish, heard, vhost } = await world();
      await channel.assertExchange("events.queueless", "fanout", { durable: true });
      await putPolicy(vhost, "events-keep", keepIn(target));
      await publish(EVENTS, KEY, "lost", { messageId: "m1" });
      expect(heard).toEqual(["return 312 m1", "ack m1"]);
    },
  );

  test("gives what a queue wants to that queue only", async () => {
    const { channel, publish, heard, vhost } = await world();
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    await channel.assertQueue("mailer", { durable: true });
    await channel.bindQueue("mailer", EVENTS, "user.*.v1");
    await publish(EVENTS, KEY, "wanted", { messageId: "m1" });
    expect(heard).toEqual(["ack m1"]);
    expect(await textsIn(channel, "mailer")).toEqual(["wanted"]);
    expect(await textsIn(channel, ERRORS)).toEqual([]);
  });

  test("keeps them for a publisher who may write to the one exchange and no more", async () => {
    const { channel, vhost } = await world();
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    const user = await makeUser(vhost, { tags: "", write: "^events$" });
    const publisher = await openChannel(asUser(vhost.amqpUrl, user));
    await publisher.publish(EVENTS, KEY, "kept", { messageId: "m1" });
    expect(publisher.heard).toEqual(["ack m1"]);
    expect(await textsIn(channel, ERRORS)).toEqual(["kept"]);
    void publisher.publish(UNROUTED, KEY, "past the exchange");
    await eventually(() => publisher.errors[0], patience);
    expect(publisher.errors[0]).toMatch(/403 \(ACCESS-REFUSED\)/);
  });

  test("lets nobody publish to the internal exchange", async () => {
    const { publish, errors } = await world();
    void publish(UNROUTED, KEY, "past the exchange");
    await eventually(() => errors[0], patience);
    expect(errors[0]).toMatch(/403 .*internal/);
  });

  test("refuses what a full error queue cannot take, and takes what is wanted elsewhere", async () => {
    const { channel, publish, vhost } = await world();
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    await putPolicy(vhost, "events-errors-bound", boundedTo(3));
    await channel.assertQueue("mailer", { durable: true });
    await channel.bindQueue("mailer", EVENTS, "user.confirmed.v1");
    const answers = [];
    for (const text of ["1", "2", "3", "4"]) answers.push(await publish(EVENTS, KEY, text));
    expect(answers).toEqual(["ack", "ack", "ack", "nack"]);
    expect(await publish(EVENTS, "user.confirmed.v1", "wanted")).toBe("ack");
    expect(await textsIn(channel, ERRORS)).toEqual(["1", "2", "3"]);
  });

  test("loses the oldest without a word when the full queue drops its head", async () => {
    const { channel, publish, vhost } = await world();
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    await putPolicy(vhost, "events-errors-bound", boundedTo(3, "drop-head"));
    const answers = [];
    for (const text of ["1", "2", "3", "4"]) answers.push(await publish(EVENTS, KEY, text));
    expect(answers).toEqual(["ack", "ack", "ack", "ack"]);
    expect(await textsIn(channel, ERRORS)).toEqual(["2", "3", "4"]);
  });

  test("deletes a queue that expires unread, with its messages; declaring it is a sign of life", async () => {
    const { channel, vhost } = await world();
    const short = { durable: true, expires: 1_500 };
    await channel.assertQueue("forgotten", short);
    await channel.assertQueue("remembered", short);
    channel.sendToQueue("forgotten", Buffer.from("lost"));
    const names = async () => {
      const queues = await askAdmin(vhost, "GET", `queues/${vhost.name}?columns=name`);
      return (queues as { readonly name: string }[]).map(({ name }) => name);
    };
    await eventually(
      async () => {
        await channel.assertQueue("remembered", short);
        return (await names()).includes("forgotten") ? undefined : true;
      },
      { seconds: 15, describe: () => "the forgotten queue is still there" },
    );
    expect(await names()).toContain("remembered");
  });

  test("takes the whole topology as definitions, as often as one likes", async () => {
    const vhost = await freshVhost();
    const definitions = {
      exchanges: publishing.exchanges.map((exchange) => ({
        ...{ ...exchange, durable: true, auto_delete: false, arguments: {} },
      })),
      queues: [{ name: ERRORS, durable: true, auto_delete: false, arguments: {} }],
      bindings: [
        {
          ...{ source: UNROUTED, destination: ERRORS, destination_type: "queue" },
          ...{ routing_key: "", arguments: {} },
        },
      ],
      policies: [{ name: "events-keep", ...keepIn(UNROUTED) }],
    };
    await askAdmin(vhost, "POST", `definitions/${vhost.name}`, definitions);
    await askAdmin(vhost, "POST", `definitions/${vhost.name}`, definitions);
    const model = await connect(vhost.amqpUrl);
    await declareTopology(model, publishing);
    await model.close();
    const { publish, heard } = await openChannel(vhost.amqpUrl);
    await publish(EVENTS, KEY, "kept", { messageId: "m1" });
    expect(heard).toEqual(["ack m1"]);
  });

  test.each([
    ["policymaker", 201],
    ["management", 401],
  ])("lets a %s set a policy: answer %i", async (tags, status) => {
    const { vhost } = await world();
    const { name, password } = await makeUser(vhost, { tags, write: ".*" });
    const response = await fetch(
      `http://127.0.0.1:${vhost.adminPort}/api/policies/${vhost.name}/events-keep`,
      {
        method: "PUT",
        headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
        body: JSON.stringify(keepIn(UNROUTED)),
      },
    );
    expect(response.status).toBe(status);
  });

  test("moves what a consumer gives up to the dead letters, by policy, and says why", async () => {
    const { channel, publish, vhost } = await world();
    await putPolicy(vhost, "consumers-dead-letter", {
      ...{ pattern: "^mailer\\.", "apply-to": "queues" },
      definition: { "dead-letter-exchange": DEAD },
    });
    await channel.assertQueue("mailer.welcome", { durable: true });
    await channel.bindQueue("mailer.welcome", EVENTS, "user.#");
    await publish(EVENTS, KEY, "hopeless", { messageId: "m1" });
    const delivered = await channel.get("mailer.welcome");
    if (delivered === false) throw new Error("it was routed there");
    channel.nack(delivered, false, false);
    const [dead] = await eventually(async () => {
      const messages = await drain(channel, FAILED);
      return messages.length === 0 ? undefined : messages;
    }, patience);
    expect(dead?.fields.routingKey).toBe(KEY);
    expect(dead?.properties.messageId).toBe("m1");
    expect(dead?.properties.headers).toMatchObject({
      ...{ "x-first-death-reason": "rejected", "x-first-death-queue": "mailer.welcome" },
      "x-first-death-exchange": EVENTS,
      "x-death": [{ count: 1, reason: "rejected", "routing-keys": [KEY] }],
    });
  });
});

async function world() {
  const vhost = await freshVhost();
  const model = await connect(vhost.amqpUrl);
  await declareTopology(model, publishing, deadLetters);
  await model.close();
  return { vhost, ...(await openChannel(vhost.amqpUrl)) };
}

type User = { readonly name: string; readonly password: string };

async function makeUser(
  vhost: Rabbit & Vhost,
  { tags, write }: { readonly tags: string; readonly write: string },
): Promise<User> {
  const name = `user-${crypto.randomUUID()}`;
  const password = crypto.randomUUID();
  await askAdmin(vhost, "PUT", `users/${name}`, { password, tags });
  onTestFinished(async () => {
    await askAdmin(vhost, "DELETE", `users/${name}`);
  });
  const rights = { configure: "^$", write, read: "^$" };
  await askAdmin(vhost, "PUT", `permissions/${vhost.name}/${name}`, rights);
  return { name, password };
}

function asUser(amqpUrl: string, { name, password }: User): string {
  const url = new URL(amqpUrl);
  url.username = name;
  url.password = password;
  return url.href;
}
