import { describe, expect, test } from "vitest";
import { makeEvent, readEnvelope } from "../../../api/events/envelope.ts";
import { isRoutingKey, routingKey } from "../../../api/events/routing-key.ts";

const userId = "0b8f6c1e-5d0a-4f0e-9c55-0d1f4f6f2a11";
const facts = {
  source: "/api",
  subject: userId,
  time: new Date("2026-11-30T12:00:00Z"),
  data: { userId, locale: "en" },
};

describe("an event", () => {
  test("is a CloudEvents envelope with its kind as routing key", () => {
    const event = makeEvent("user.registered.v1", { ...facts, correlationId: "req-12345678" });
    expect(event.routingKey).toBe("user.registered.v1");
    expect(JSON.parse(event.envelope)).toEqual({
      specversion: "1.0",
      id: event.id,
      source: "/api",
      type: "user.registered.v1",
      subject: userId,
      time: "2026-11-30T12:00:00.000Z",
      datacontenttype: "application/json",
      correlationid: "req-12345678",
      data: { userId, locale: "en" },
    });
  });

  test("cannot carry what the catalogue does not name, such as an address", () => {
    const data = { userId, locale: "en", email: "someone@example.com" };
    expect(() => makeEvent("user.registered.v1", { ...facts, data })).toThrow(/email|additional/i);
  });

  test("cannot be made of wrong facts", () => {
    const data = { userId: "someone", locale: "en" };
    expect(() => makeEvent("user.registered.v1", { ...facts, data })).toThrow(/\/data\/userId/);
    expect(() => makeEvent("user.registered.v1", { ...facts, id: "7" })).toThrow(/\/id/);
  });

  test("is read back as it was made", () => {
    const { envelope, id } = makeEvent("user.registered.v1", facts);
    const read = readEnvelope(envelope);
    expect(read).toMatchObject({ kind: "event", envelope: { id, data: { userId, locale: "en" } } });
  });

  test("of a newer release may have more fields", () => {
    const { envelope } = makeEvent("user.registered.v1", facts);
    const newer = JSON.parse(envelope);
    newer.data.channel = "web";
    newer.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    expect(readEnvelope(JSON.stringify(newer)).kind).toBe("event");
  });

  test.each([
    ["nothing", "", "malformed"],
    ["no JSON", "{", "malformed"],
    ["null", "null", "malformed"],
    ["a list", "[]", "malformed"],
    ["a type that is no string", '{"type":7}', "malformed"],
    ["the name of an object's own property", '{"type":"constructor"}', "unknown-kind"],
    ["an unknown kind", '{"type":"user.danced.v1"}', "unknown-kind"],
    ["a known kind without the rest", '{"type":"user.erased.v1"}', "malformed"],
  ])("is not read from %s", (_what, text, kind) => {
    expect(readEnvelope(text).kind).toBe(kind);
  });
});

describe("a routing key", () => {
  test.each([
    "user.registered.v1",
    "user.registration-repeated.v12",
    `${"a".repeat(100)}.${"b".repeat(151)}.v1`,
  ])("may be %s", (text) => {
    expect(routingKey(text)).toBe(text);
  });

  test.each([
    "",
    "user",
    "user.registered",
    "user.registered.v0",
    "user.registered.1",
    "User.registered.v1",
    "user.registered.v1.more",
    "user.*.v1",
    "user.#",
    "user..v1",
    "user.-x.v1",
    "user.registered.v1\n",
    "üser.registered.v1",
    `${"a".repeat(100)}.${"b".repeat(152)}.v1`,
  ])("may not be %j", (text) => {
    expect(isRoutingKey(text)).toBe(false);
    expect(() => routingKey(text)).toThrow(/<aggregate>.<past-tense-event>.v<major>/);
  });
});
