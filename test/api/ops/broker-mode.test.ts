import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { keepPolicy } from "../../../api/broker/policies.ts";
import { BrokerSession } from "../../../api/broker/session.ts";
import { setUpBroker } from "../../../api/ops/setup.ts";
import { readStatus } from "../../../api/ops/status.ts";
import { type TailedEvent, tailEvents } from "../../../api/ops/tail.ts";
import { readUnroutable, switchUnroutable } from "../../../api/ops/unroutable.ts";
import { eventually } from "../../support/eventually.ts";
import { idsIn, managementOf, visit } from "../../support/ops-visit.ts";
import { askAdmin, hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";

const ERRORS = "events.errors";

describe.skipIf(!hasRabbit())("the broker's set-up and mode", { timeout: 120_000 }, () => {
  it("is set up as often as one likes", async () => {
    const { session, management } = await visit(await freshVhost());
    const parts = {
      exchanges: ["events", "events.unrouted", "events.dead"],
      queues: [ERRORS, "events.failed"],
    };
    expect(await setUpBroker(session, management)).toEqual({ ...parts, bound: "written" });
    expect(await setUpBroker(session, management)).toEqual({ ...parts, bound: "unchanged" });
    expect(await setUpBroker(session, undefined)).toEqual({ ...parts, bound: "unknown" });
  });

  it("says what is in the way of a set-up", async () => {
    const { session, management, channel } = await visit(await freshVhost());
    await channel.assertExchange("events", "fanout");
    await expect(setUpBroker(session, management)).rejects.toMatchObject({
      kind: "refused",
      text: { why: expect.stringContaining("inequivalent arg 'type'") },
    });
  });

  it("switches live between keeping and discarding, proves it, and leaves no probe behind", async () => {
    const at = await visit(await freshVhost());
    const { session, management } = at;
    await setUpBroker(session, management);
    expect(await readUnroutable(management)).toEqual({ mode: "discard", policy: undefined });
    for (const changed of [true, false]) {
      const keep = await switchUnroutable(session, management, "keep");
      expect(keep).toEqual({ mode: "keep", changed, kind: "proven" });
    }
    expect(await readUnroutable(management)).toEqual({ mode: "keep", policy: "events-keep" });
    await at.publish("a.b.v1");
    for (const changed of [true, false]) {
      const discard = await switchUnroutable(session, management, "discard");
      expect(discard).toEqual({ mode: "discard", changed, kind: "proven" });
    }
    await at.publish("a.b.v1");
    expect(await idsIn(at.channel, ERRORS)).toEqual(["1"]);
  });

  it("does not believe a policy that another one outranks, and says what is wrong", async () => {
    const at = await freshVhost();
    const { session, management } = await visit(at);
    await setUpBroker(session, management);
    const elsewhere = { "alternate-exchange": "nowhere" };
    await askAdmin(at, "PUT", `policies/${at.name}/louder`, {
      pattern: "^events$",
      "apply-to": "exchanges",
      priority: 99,
      definition: elsewhere,
    });
    expect(await switchUnroutable(session, management, "keep")).toMatchObject({
      kind: "unproven",
      why: expect.stringContaining("outrank"),
    });
    expect(await readUnroutable(management)).toEqual({
      mode: "broken",
      policy: "louder",
      why: "it names the exchange nowhere, which is not there",
    });
    await management.putPolicy("louder", { ...keepPolicy, priority: 99 });
    expect(await switchUnroutable(session, management, "discard")).toMatchObject({
      kind: "unproven",
      why: expect.stringContaining("still keeps"),
    });
  });

  it("cannot prove it while somebody takes every message, and names who", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    await at.channel.assertQueue("archive", { durable: true });
    await at.channel.bindQueue("archive", "events", "#");
    expect(await switchUnroutable(at.session, at.management, "keep")).toMatchObject({
      kind: "unproven",
      why: expect.stringContaining("archive"),
    });
    expect(await idsIn(at.channel, "archive")).toEqual([]);
  });

  it("cannot prove it while the error queue is full", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    await switchUnroutable(at.session, at.management, "keep");
    await at.management.putPolicy("tiny", {
      pattern: "^events\\.errors$",
      applyTo: "queues",
      priority: 99,
      definition: { "max-length": 1, overflow: "reject-publish" },
    });
    await at.publish("a.b.v1");
    const full = await eventually(
      async () => {
        const switched = await switchUnroutable(at.session, at.management, "keep");
        return switched.kind === "unproven" ? switched : undefined;
      },
      { seconds: 10, describe: () => "the policy is not in force" },
    );
    expect(full.why).toContain("full");
  });

  it("shows depth, mode, bindings and limits in one look", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    await switchUnroutable(at.session, at.management, "keep");
    await at.channel.assertQueue("mailer.welcome", { durable: true });
    await at.channel.bindQueue("mailer.welcome", "events", "user.registered.*");
    await at.publish("a.b.v1", "a.b.v1");
    const status = await eventually(
      async () => {
        const read = await readStatus(at.session, at.management);
        const [errors] = read.queues;
        return errors?.kind === "present" && errors.limit !== undefined ? read : undefined;
      },
      { seconds: 10, describe: () => "the broker counts nothing" },
    );
    expect(status).toMatchObject({
      blocked: undefined,
      queues: [
        {
          name: ERRORS,
          kind: "present",
          ready: 2,
          limit: 100_000,
          oldest: new Date(1_700_000_001_000),
        },
        { name: "events.failed", kind: "present", ready: 0, oldest: undefined },
      ],
      management: {
        kind: "asked",
        unroutable: { mode: "keep" },
        bound: [{ queue: "mailer.welcome", pattern: "user.registered.*" }],
        alarms: [],
      },
    });
  });

  it("shows queues that are missing, before a set-up", async () => {
    const { session, management } = await visit(await freshVhost());
    const status = await readStatus(session, management);
    expect(status.queues.map(({ kind }) => kind)).toEqual(["missing", "missing"]);
    expect(status.management).toMatchObject({ unroutable: { mode: "discard" }, bound: [] });
  });
});

describe.skipIf(!hasRabbit())("watching events", { timeout: 120_000 }, () => {
  it("shows what others get and what nobody gets, and changes neither", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    await switchUnroutable(at.session, at.management, "keep");
    await at.channel.assertQueue("mailer", { durable: true });
    await at.channel.bindQueue("mailer", "events", "user.#");
    const seen: TailedEvent[] = [];
    const options = {
      kinds: [],
      max: 3,
      signal: new AbortController().signal,
      onEvent: (event: TailedEvent) => seen.push(event),
    };
    const tailing = tailEvents(at.session, at.management, options);
    await eventually(
      async () => {
        const bindings = await at.management.bindingsOf("events");
        const tail = bindings.find(({ destination }) => destination.startsWith("ops.tail."));
        return tail?.routingKey === "user.#" ? tail : undefined;
      },
      { seconds: 10, describe: () => "no tail is bound" },
    );
    await at.publish("user.erased.v1", "site.made.v1", "user.erased.v1");
    expect(await tailing).toBe(3);
    expect(seen.map(({ id, kind, queues }) => [id, kind, queues])).toEqual([
      ["1", "user.erased.v1", ["mailer"]],
      ["2", "site.made.v1", []],
      ["3", "user.erased.v1", ["mailer"]],
    ]);
    expect(seen[0]?.body).toEqual({ encoding: "utf-8", text: '{"n":1}', cut: false });
    expect(await idsIn(at.channel, ERRORS)).toEqual(["2"]);
    expect(await idsIn(at.channel, "mailer")).toEqual(["1", "3"]);
  });

  it("ends when it is told to, and picks by kind", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    await switchUnroutable(at.session, at.management, "keep");
    const stop = new AbortController();
    const seen: string[] = [];
    const tailing = tailEvents(at.session, at.management, {
      kinds: ["site.#"],
      max: undefined,
      signal: stop.signal,
      onEvent: ({ kind }) => seen.push(kind),
    });
    await eventually(
      async () =>
        (await at.management.bindingsOf("events.unrouted")).length > 1 ? true : undefined,
      { seconds: 10, describe: () => "no tail is bound" },
    );
    await at.publish("user.erased.v1", "site.made.v1");
    await eventually(() => (seen.length > 0 ? true : undefined), {
      seconds: 10,
      describe: () => "nothing was seen",
    });
    stop.abort();
    expect(await tailing).toBe(1);
    expect(seen).toEqual(["site.made.v1"]);
  });

  it("asks nothing more once its queue is gone", async () => {
    const at = await visit(await freshVhost());
    await setUpBroker(at.session, at.management);
    let asked = 0;
    const management = {
      ...at.management,
      bindingsOf(exchange: string) {
        asked++;
        return at.management.bindingsOf(exchange);
      },
    };
    const signal = new AbortController().signal;
    const options = { kinds: [], max: undefined, signal, onEvent: () => {} };
    const tailing = tailEvents(at.session, management, options);
    await eventually(() => (asked > 0 ? true : undefined), {
      ...{ seconds: 10, describe: () => "it does not look who is bound" },
    });
    void at.session.close();
    await expect(tailing).rejects.toMatchObject({ name: "BrokerError" });
    const before = asked;
    await sleep(2_500);
    expect(asked).toBeLessThanOrEqual(before + 1);
  });

  it("says what is missing where nothing is set up", async () => {
    const { session, management } = await visit(await freshVhost());
    const options = { kinds: [], max: 1, signal: AbortSignal.timeout(5_000), onEvent: () => {} };
    await expect(tailEvents(session, management, options)).rejects.toMatchObject({
      kind: "missing",
      text: { what: "The broker has no such exchange" },
    });
  });
});

describe.skipIf(!hasRabbit())("a visit to the broker", { timeout: 120_000 }, () => {
  it.each([
    ["a wrong password", (url: string) => url.replace("guest:guest", "guest:s3cret"), "denied"],
    ["no such virtual host", (url: string) => url.replace(/[^/]*$/, "s3cret"), "missing"],
    ["a closed port", () => "amqp://guest:s3cret@127.0.0.1:9", "unreachable"],
    ["no such host", () => "amqp://guest:s3cret@nowhere.invalid", "unreachable"],
    ["another protocol", () => "http://guest:s3cret@localhost", "config"],
    ["no address", () => "s3cret", "config"],
  ])("fails at once with %s, and shows no password", async (_, spoil, kind) => {
    const { amqpUrl } = await freshVhost();
    const started = performance.now();
    const error = await BrokerSession.open({ url: spoil(amqpUrl), name: "test" }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "BrokerError", kind });
    const { message, text, cause } = error as Error & { text: object };
    const shown = `${message} ${Object.values(text).join(" ")} ${String(cause)}`;
    if (kind !== "missing") expect(shown).not.toContain("s3cret");
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it("tells a user of the management API who may not write what to do", async () => {
    const at = await freshVhost();
    await askAdmin(at, "PUT", "users/reader", { password: "reader", tags: "management" });
    const all = { configure: ".*", write: ".*", read: ".*" };
    await askAdmin(at, "PUT", `permissions/${at.name}/reader`, all);
    const adminUrl = at.adminUrl.replace("guest:guest", "reader:reader");
    const management = managementOf({ ...at, adminUrl });
    const { session } = await visit(at);
    await expect(switchUnroutable(session, management, "keep")).rejects.toMatchObject({
      kind: "denied",
      text: { next: expect.stringContaining("policymaker") },
    });
    await setUpBroker(session, undefined);
    await switchUnroutable(session, managementOf(at), "keep");
    expect(await readStatus(session, management)).toMatchObject({
      management: { kind: "asked", unroutable: { mode: "unknown", policy: "events-keep" } },
    });
  });
});
