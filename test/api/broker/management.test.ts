import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { BrokerError } from "../../../api/broker/broker-error.ts";
import { createManagement, type ManagementOptions } from "../../../api/broker/management.ts";

const SECRET = "s3cr%et";
const ENCODED = encodeURIComponent(SECRET);

describe("the management client", () => {
  it("asks as the user of the address, for the virtual host of the broker", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      const [, token = ""] = (request.headers.authorization ?? "").split(" ");
      asked.push(`${request.method} ${request.url} as ${Buffer.from(token, "base64").toString()}`);
      response.end(JSON.stringify({ pattern: "^events$", "apply-to": "exchanges", priority: 10 }));
    });
    const management = createManagement({ url: withUser(url), vhost: "/" });
    expect(await management.policy("events keep")).toEqual({
      pattern: "^events$",
      applyTo: "exchanges",
      priority: 10,
      definition: {},
    });
    expect(asked).toEqual([`GET /api/policies/%2F/events%20keep as ops:${SECRET}`]);
  });

  it("takes the broker's own user where the address names none, and a path before /api", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      response.end("[]");
    });
    const fallbackCredentials = { user: "api", password: "x" };
    const options = { url: `${url}/rabbit/`, vhost: "shop", fallbackCredentials };
    expect(await createManagement(options).bindingsOf("events")).toEqual([]);
    const token = Buffer.from("api:x").toString("base64");
    expect(asked).toEqual([`/rabbit/api/exchanges/shop/events/bindings/source Basic ${token}`]);
  });

  it("reads a queue as the broker tells of it, and none where there is none", async () => {
    const url = await serve((request, response) => {
      if (request.url?.endsWith("/nothing") === true) response.statusCode = 404;
      response.end(
        JSON.stringify({
          type: "quorum",
          durable: true,
          messages: 7,
          messages_unacknowledged: 2,
          consumers: 1,
          message_bytes: 1234,
          head_message_timestamp: 1_700_000_000,
          policy: "events-errors-bound",
          arguments: { "x-delivery-limit": 3 },
          effective_policy_definition: [],
        }),
      );
    });
    const management = createManagement({ url: withUser(url), vhost: "/" });
    expect(await management.queue("events.errors")).toEqual({
      name: "events.errors",
      type: "quorum",
      durable: true,
      messages: 7,
      unacknowledged: 2,
      consumers: 1,
      bytes: 1234,
      headTimestamp: new Date(1_700_000_000_000),
      policy: "events-errors-bound",
      arguments: { "x-delivery-limit": 3 },
      effectivePolicy: {},
    });
    expect(await management.queue("nothing")).toBeUndefined();
  });

  it("tells which nodes hold publishers up, and why", async () => {
    const nodes = [
      { name: "a", mem_alarm: true, disk_free_alarm: false },
      { name: "b", mem_alarm: false, disk_free_alarm: true },
      { name: "c", mem_alarm: false, disk_free_alarm: false },
    ];
    const url = await serve((_, response) => response.end(JSON.stringify(nodes)));
    expect(await createManagement({ url: withUser(url), vhost: "/" }).alarms()).toEqual([
      { node: "a", kind: "memory" },
      { node: "b", kind: "disk" },
    ]);
  });
});

describe("the management client's refusals", () => {
  it.each([
    ["no address at all", "not a url"],
    ["an AMQP address", "amqp://ops:s3cr@localhost"],
    ["no user", "http://localhost:15672"],
    ["a broken escape", "http://ops:%E0%A4%A@localhost:15672"],
  ])("%s is told without what was written there", (_, url) => {
    const error = caught(() => createManagement({ url, vhost: "/" }));
    expect(error.kind).toBe("config");
    expect(textOf(error)).toContain("AMQP_ADMIN_URL");
    expect(textOf(error)).not.toMatch(/s3cr|%E0/);
  });

  it.each([
    [401, '{"error":"not_authorised"}', "denied", "does not let ops in"],
    [401, '{"reason":"Login failed"}', "denied", "does not let ops in"],
    [401, '{"reason":"Not monitor user"}', "denied", "Not monitor user"],
    [403, "", "denied", "may not do that"],
    [302, "", "failed", "leads elsewhere"],
    [503, "<html>busy</html>", "failed", "503"],
    [400, '{"error":"bad_request","reason":"no such thing"}', "failed", "no such thing"],
    [200, "<html>a router</html>", "failed", "no JSON"],
    [200, "[1]", "failed", "object"],
  ])("an answer %i %s is %s: %s", async (status, body, kind, said) => {
    const url = await serve((_, response) => {
      response.writeHead(status, status === 302 ? { location: "http://127.0.0.1:1/" } : {});
      response.end(body);
    });
    const error = await failure({ url: withUser(url), vhost: "/" });
    expect(error.kind).toBe(kind);
    expect(textOf(error)).toContain(said);
    expect(textOf(error)).not.toContain("s3cr");
  });

  it("a write that the user has no right to names the right", async () => {
    const url = await serve((_, response) =>
      response.writeHead(401).end('{"reason":"User not authorised to access object"}'),
    );
    const management = createManagement({ url: withUser(url), vhost: "/" });
    const error = await management
      .putPolicy("p", { pattern: "", applyTo: "queues", priority: 0, definition: {} })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: "denied", text: { next: /policymaker/ } });
  });

  it("a write into a virtual host that is not there says so", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    const management = createManagement({ url: withUser(url), vhost: "gone" });
    const policy = { pattern: "", applyTo: "queues", priority: 0, definition: {} } as const;
    await expect(management.putPolicy("p", policy)).rejects.toMatchObject({ kind: "missing" });
    await expect(management.deletePolicy("p")).resolves.toBeUndefined();
  });

  it("a closed port and a silent server are unreachable, in a time that is known", async () => {
    const silent = await serve(() => {});
    const late = await failure({ url: withUser(silent), vhost: "/", timeoutMs: 100 });
    expect(late).toMatchObject({ kind: "unreachable", text: { why: "nothing came within 0.1 s" } });
    const closed = await failure({ url: "http://ops:s3cr@127.0.0.1:1", vhost: "/" });
    expect(closed.kind).toBe("unreachable");
    expect(textOf(closed)).not.toContain("s3cr");
  });
});

async function failure(options: ManagementOptions): Promise<BrokerError> {
  const reason = await createManagement(options)
    .overview()
    .catch((error: unknown) => error);
  if (reason instanceof BrokerError) return reason;
  throw new Error(`no BrokerError but ${String(reason)}`);
}

function caught(act: () => unknown): BrokerError {
  try {
    act();
  } catch (error) {
    if (error instanceof BrokerError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** All that a person or a log could get to see of it. */
function textOf(error: BrokerError): string {
  return [error.message, ...Object.values(error.text), String(error.cause ?? "")].join("\n");
}

function withUser(url: string): string {
  return url.replace("http://", `http://ops:${ENCODED}@`);
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
