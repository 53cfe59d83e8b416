import { beforeAll, describe, expect, test } from "vitest";
import { BrokerConnection, findAmqpUrlProblem } from "../../../api/broker/connection.ts";
import { eventMessage } from "../../../api/broker/event-message.ts";
import { ERRORS, EVENTS, UNROUTED } from "../../../api/broker/topology.ts";
import { makeEvent } from "../../../api/events/envelope.ts";
import { routingKey } from "../../../api/events/routing-key.ts";
import { drain, openChannel } from "../../support/amqp.ts";
import { eventually } from "../../support/eventually.ts";
import { someEvents } from "../../support/memory-outbox.ts";
import { boundedTo, keepIn, putPolicy } from "../../support/policies.ts";
import { quietLog } from "../../support/quiet-log.ts";
import { askAdmin, hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost, sharedRabbit } from "../../support/shared-rabbit.ts";
import { openPublisher } from "../../support/test-publisher.ts";

describe("the address of a broker", () => {
  test.each([
    ["amqp://localhost", undefined],
    ["amqps://user:secret@broker.example.com:5671/vhost?heartbeat=30", undefined],
    ["", "it is not a URL"],
    ["localhost:5672", "it starts with localhost: instead of amqp: or amqps:"],
    ["https://broker.example.com", "it starts with https: instead of amqp: or amqps:"],
    ["amqp://", "it names no host"],
    ["amqp:///vhost", "it names no host"],
  ])("%j: %s", (url, problem) => {
    expect(findAmqpUrlProblem(url)).toBe(problem);
  });

  test("is refused without being repeated, for it holds a password", async () => {
    const opened = BrokerConnection.open({
      ...{ url: "http://me:secret@localhost", name: "a test", log: quietLog() },
    });
    await expect(opened).rejects.toThrow(/^not the address of a broker: it starts with http:/);
    await expect(opened).rejects.not.toThrow(/secret/);
  });
});

describe("an event's message", () => {
  const userId = "0b8f6c1e-5d0a-4f0e-9c55-0d1f4f6f2a11";
  const event = makeEvent("user.erased.v1", {
    ...{ source: "/api", subject: userId, time: new Date("2026-11-30T12:00:00.900Z") },
    ...{ correlationId: "request-1", data: { userId } },
  });

  test("repeats in its properties what the broker's own tools show", () => {
    const { content, ...rest } = eventMessage(event, "api/1.2.3");
    expect(rest).toEqual({
      exchange: "events",
      routingKey: "user.erased.v1",
      properties: {
        messageId: event.id,
        type: "user.erased.v1",
        timestamp: 1_796_040_000,
        contentType: "application/cloudevents+json; charset=utf-8",
        deliveryMode: 2,
        appId: "api/1.2.3",
        correlationId: "request-1",
      },
    });
    expect(content.toString()).toBe(event.envelope);
  });
});

describe.skipIf(!hasRabbit())("the publisher", () => {
  beforeAll(async () => {
    await sharedRabbit();
  }, 120_000);

  test("tells what nobody wanted from what somebody took", async () => {
    const { vhost, events, channel } = await world();
    const [dropped, wanted, kept] = someEvents(3);
    if (!dropped || !wanted || !kept) throw new Error("three were made");
    expect(await events.publish(dropped)).toEqual({ kind: "unroutable" });
    await channel.assertQueue("mailer", { durable: true });
    await channel.bindQueue("mailer", EVENTS, "user.#");
    expect(await events.publish(wanted)).toEqual({ kind: "routed" });
    await channel.unbindQueue("mailer", EVENTS, "user.#");
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    expect(await events.publish(kept)).toEqual({ kind: "routed" });

    const [message] = await drain(channel, "mailer");
    expect(message?.content.toString()).toBe(wanted.envelope);
    expect(message?.properties).toMatchObject({
      ...{ messageId: wanted.id, type: wanted.routingKey, deliveryMode: 2, appId: "test/1" },
      contentType: "application/cloudevents+json; charset=utf-8",
    });
    expect((await drain(channel, ERRORS)).map(({ properties }) => properties.messageId)).toEqual([
      kept.id,
    ]);
  });

  test("tells them apart among hundreds under way at once", async () => {
    const { events, channel } = await world();
    await channel.assertQueue("erasures", { durable: true });
    await channel.bindQueue("erasures", EVENTS, "user.erased.*");
    const sent = someEvents(400).map((event, index) =>
      index % 3 === 0 ? { ...event, routingKey: routingKey("user.erased.v1") } : event,
    );
    const results = await Promise.all(sent.map((event) => events.publish(event)));
    expect(results.map(({ kind }) => kind)).toEqual(
      sent.map((_, index) => (index % 3 === 0 ? "routed" : "unroutable")),
    );
    const ids = (await drain(channel, "erasures")).map(({ properties }) => properties.messageId);
    expect(ids).toEqual(sent.filter((_, index) => index % 3 === 0).map(({ id }) => id));
  });

  test("reports what a full queue refuses", async () => {
    const { vhost, events } = await world();
    await putPolicy(vhost, "events-keep", keepIn(UNROUTED));
    await putPolicy(vhost, "events-errors-bound", boundedTo(1));
    const [first, second] = someEvents(2);
    if (!first || !second) throw new Error("two were made");
    expect(await events.publish(first)).toEqual({ kind: "routed" });
    expect(await events.publish(second)).toEqual({
      ...{ kind: "failed", error: "the broker refused it (nack): a queue is full" },
    });
  });

  test("mends an exchange that somebody deleted, and goes on", async () => {
    const { vhost, events, untilReady, channel } = await world();
    await askAdmin(vhost, "DELETE", `exchanges/${vhost.name}/${EVENTS}`);
    const [refused, next] = someEvents(2);
    if (!refused || !next) throw new Error("two were made");
    const result = await events.publish(refused);
    expect(result.kind).toBe("failed");
    expect(result).toMatchObject({ error: expect.stringMatching(/404 .*no exchange 'events'/) });
    await untilReady();
    await channel.checkExchange(EVENTS);
    expect(await events.publish(next)).toEqual({ kind: "unroutable" });
  });

  test("publishes without the right to declare, and says that it could not", async () => {
    const { vhost, channel } = await world();
    const name = `publisher-${crypto.randomUUID()}`;
    await askAdmin(vhost, "PUT", `users/${name}`, { password: "secret", tags: "" });
    await askAdmin(vhost, "PUT", `permissions/${vhost.name}/${name}`, {
      ...{ configure: "^$", write: "^events$", read: "^$" },
    });
    await channel.assertQueue("mailer", { durable: true });
    await channel.bindQueue("mailer", EVENTS, "#");
    const url = vhost.amqpUrl.replace("guest:guest", `${name}:secret`);
    const { events, untilReady, log } = await openPublisher(url);
    await untilReady();
    const [event] = someEvents(1);
    if (!event) throw new Error("one was made");
    expect(await events.publish(event)).toEqual({ kind: "routed" });
    expect(log.lines.join()).toMatch(/could not be declared.*ACCESS/);
    expect(log.lines.join()).not.toMatch(/secret/);
  });

  test("goes on trying, and says why, when the broker knows no such user", async () => {
    const { amqpUrl } = await freshVhost();
    const { events, log } = await openPublisher(amqpUrl.replace("guest:guest", "guest:wrong"));
    await eventually(() => log.lines.find((line) => line.includes("ACCESS_REFUSED")), {
      ...{ seconds: 10, describe: () => log.lines.join("\n") },
    });
    const [event] = someEvents(1);
    if (!event) throw new Error("one was made");
    expect(await events.publish(event)).toMatchObject({ kind: "unavailable" });
    expect(log.lines.join()).not.toMatch(/wrong/);
  });

  test("takes an unreadable envelope for a failure of that event alone", async () => {
    const { events } = await world();
    const [event] = someEvents(1);
    if (!event) throw new Error("one was made");
    expect(await events.publish({ ...event, envelope: "{" })).toMatchObject({
      ...{ kind: "failed", error: expect.stringMatching(/envelope/) },
    });
    expect(await events.publish(event)).toEqual({ kind: "unroutable" });
  });
});

async function world() {
  const vhost = await freshVhost();
  const opened = await openPublisher(vhost.amqpUrl);
  await opened.untilReady();
  return { vhost, ...opened, ...(await openChannel(vhost.amqpUrl)) };
}
