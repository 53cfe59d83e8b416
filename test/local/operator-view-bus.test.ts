import { expect, it } from "vitest";
import type { BusGlance } from "../../deploy/core/messages.ts";
import { renderBus } from "../../deploy/local/edge/operator-view/render-bus.ts";
import { createBusGlance } from "../../deploy/wiring/bus-glance.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp-folder.ts";

const NOW = new Date("2026-11-30T12:00:00Z");
const HOSTILE = "<script>\u202e";
const outbox = {
  kind: "read",
  store: ".slipway/api",
  pending: 3,
  failing: 1,
  oldestPending: new Date("2026-11-30T11:50:00Z"),
  unroutable: 2,
  lastError: HOSTILE,
} as const;

it("the view shows the error queues and the outbox, and nothing of it is markup", () => {
  const seen: BusGlance = {
    kind: "seen",
    broker: {
      host: HOSTILE,
      vhost: "/",
      blocked: undefined,
      queues: [
        {
          kind: "present",
          name: "events.errors",
          ready: 12,
          held: 0,
          bytes: 2_000,
          limit: 100,
          oldest: new Date("2026-11-30T11:00:00Z"),
        },
        { kind: "missing", name: "events.failed" },
      ],
      management: {
        kind: "asked",
        broker: { product: "RabbitMQ", version: "3.10.8" },
        unroutable: { mode: "keep", policy: "events-keep" },
        bound: [],
        alarms: [{ node: "a", kind: "memory" }],
      },
    },
    outbox,
  };
  const { text } = renderBus(seen, NOW);
  expect(text).not.toContain("<script>");
  expect(text).toContain("<code>events.errors</code> <strong>12</strong>, 2.0 kB, the oldest of");
  expect(text).toContain("<code>events.failed</code> is missing");
  expect(text).toContain("are kept");
  expect(text).toContain("An alarm holds every publisher up");
  expect(text).toContain("<strong>3 events</strong> waiting");
  expect(text).toContain("1 failing, 2 dropped as unroutable");
});

it.each<[string, BusGlance, string]>([
  ["no broker was named", { kind: "absent", outbox: { kind: "absent" } }, "AMQP_URL"],
  ["it has not looked yet", { kind: "looking" }, "Looking"],
  ["the broker is away", { kind: "failed", why: "ECONNREFUSED", outbox }, "ECONNREFUSED"],
  [
    "the outbox cannot be read",
    { kind: "absent", outbox: { kind: "failed", why: "locked" } },
    "The outbox cannot be read: locked",
  ],
])("the view says when %s", (_, glance, said) => {
  expect(renderBus(glance, NOW).text).toContain(said);
});

it.each([
  ["absent", {}],
  ["failed", { AMQP_URL: "amqp://guest:s3cret@127.0.0.1:9" }],
])(
  "a look at a bus that is %s answers at once, and later with what it found",
  async (kind, env) => {
    const glance = createBusGlance({ env, root: await tempFolder() });
    expect(glance()).toEqual({ kind: "looking" });
    const found = await eventually(() => (glance().kind === "looking" ? undefined : glance()), {
      seconds: 10,
      describe: () => "nothing was seen",
    });
    expect(found).toMatchObject({ kind, outbox: { kind: "absent" } });
    expect(JSON.stringify(found)).not.toContain("s3cret");
  },
);
