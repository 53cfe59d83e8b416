import { describe, expect, it } from "vitest";
import { eventsExitCode } from "../../deploy/cli/exit-codes.ts";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderEvents } from "../../deploy/cli/render-events.ts";
import { renderJson } from "../../deploy/cli/render-json.ts";
import { renderTailed } from "../../deploy/cli/render-messages.ts";
import { printable } from "../../deploy/cli/words.ts";
import type {
  EventsResult,
  PeekedMessage,
  ReplayPreview,
  ReplayResult,
} from "../../deploy/core/messages.ts";

const PAINT = createPaint(false);
const NOW = new Date("2026-11-30T12:00:00Z");
const WALKED = { queue: "events.errors", depth: 2, seen: 2, matched: 2 };
const HOSTILE = "a\u001b[2J\u009b31m\u202eb\nc\u0007";

const message: PeekedMessage = {
  position: 1,
  id: HOSTILE,
  kind: HOSTILE,
  exchange: "events",
  time: NOW,
  appId: HOSTILE,
  correlationId: undefined,
  contentType: HOSTILE,
  replays: 1,
  death: { queue: HOSTILE, reason: "rejected", count: 2, time: NOW },
  headers: { [HOSTILE]: HOSTILE },
  bytes: 10_000_000,
  body: { encoding: "utf-8", text: `${HOSTILE}${"x".repeat(5_000)}`, cut: true },
};

function shown(done: EventsResult): string {
  return renderEvents(done, NOW, PAINT).join("\n");
}

describe("messages from anywhere", () => {
  it("are shown without anything that a terminal obeys, and shortened", () => {
    const text = shown({ verb: "peek", result: { ...WALKED, messages: [message] } });
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("a\\x1b[2J\\x9b31m\\u{202e}b");
    expect(text.length).toBeLessThan(4_000);
    expect(text).toContain("10 MB");
    expect(text).toContain("slipway events export has all of it");
  });

  it("are one line each while they pass by", () => {
    const { kind, id, time, replays, bytes, body } = message;
    const event = { kind, id, time, replays, bytes, body, queues: [HOSTILE] };
    const line = renderTailed(event, NOW, PAINT);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(line).toContain(" …");
  });

  it("are JSON without anything that a terminal obeys, and still the same text", () => {
    const result = { ...WALKED, messages: [message] };
    const text = renderJson({ command: "events", result: { verb: "peek", result } }, 0);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      command: "events",
      verb: "peek",
      exitCode: 0,
      messages: [{ kind: HOSTILE, headers: { [HOSTILE]: HOSTILE }, time: NOW.toISOString() }],
    });
  });
});

it.each([
  ["plain", "plain"],
  ["esc\u001b[0m", "esc\\x1b[0m"],
  ["c1\u009b", "c1\\x9b"],
  ["over\u202eride", "over\\u{202e}ride"],
  ["line\u2028two", "line\\u{2028}two"],
  ["half\ud800", "half\\u{d800}"],
  ["rød 🎉", "rød 🎉"],
])("%j is printed as %j", (text, expected) => {
  expect(printable(text)).toBe(expected);
});

const ROUTES = [
  { kind: "user.erased.v1", count: 2, queues: ["mailer"] },
  { kind: "site.made.v1", count: 1, queues: [] },
];
const REPLAYED = { replayed: 2, unbound: 0, failed: [], failedCount: 0, stopped: undefined };
type Rest<Result> = Result extends unknown ? Omit<Result, keyof ReplayPreview> : never;
const replay = (rest: Rest<ReplayResult>): EventsResult => ({
  verb: "replay",
  result: { ...WALKED, routes: ROUTES, ...rest },
});

describe("the exit code of a verb", () => {
  it.each<[string, EventsResult, number]>([
    ["a whole replay", replay({ kind: "replayed", ...REPLAYED }), 0],
    ["a replay of nothing", replay({ kind: "nothing-matched" }), 0],
    ["a replay that left the unbound", replay({ kind: "replayed", ...REPLAYED, unbound: 1 }), 0],
    ["a replay with failures", replay({ kind: "replayed", ...REPLAYED, failedCount: 1 }), 5],
    ["a replay that stopped", replay({ kind: "replayed", ...REPLAYED, stopped: "lost" }), 5],
    ["a replay for nobody", replay({ kind: "nobody-bound" }), 4],
    ["a no", replay({ kind: "declined" }), 2],
    ["a list", { verb: "list", result: { ...WALKED, groups: [] } }, 0],
    [
      "a switch that was not proven",
      { verb: "keep", result: { mode: "keep", kind: "unproven", changed: true, why: "" } },
      5,
    ],
    ["an outbox that cannot be read", { verb: "outbox", result: { kind: "failed", why: "" } }, 6],
    ["no outbox", { verb: "outbox", result: { kind: "absent" } }, 0],
  ])("of %s", (_, done, code) => {
    expect(eventsExitCode(done)).toBe(code);
  });
});

describe("what a person reads", () => {
  it("names who would get what, and for whom nobody is bound", () => {
    const text = shown(replay({ kind: "dry-run" }));
    expect(text).toMatch(/2 {2}user\.erased\.v1 {2}mailer/);
    expect(text).toContain("Note no queue is bound for site.made.v1");
    expect(text).toContain("Nothing was published.");
  });

  it("counts by kind, and says when not all was looked at", () => {
    const group = { bytes: 2_000, oldest: NOW, newest: NOW, replayed: 1 };
    const groups = [
      {
        kind: "user.erased.v1",
        count: 2,
        ...group,
        deaths: [{ queue: "mailer", reason: "rejected", count: 2 }],
      },
    ];
    const text = shown({ verb: "list", result: { ...WALKED, depth: 9, groups } });
    expect(text).toContain("2 × rejected by mailer, 1 replayed before");
    expect(text).toContain("2026-11-30 12:00");
    expect(text).toContain("Looked at the first 2 of 9");
    expect(shown({ verb: "list", result: { ...WALKED, depth: 0, seen: 0, groups: [] } })).toBe(
      "events.errors is empty.",
    );
  });

  it("sees at one look what is wrong with a broker", () => {
    const present = { kind: "present", held: 1, bytes: 9, limit: 10 } as const;
    const broker = {
      host: "mq:5672",
      vhost: "/",
      blocked: undefined,
      queues: [
        { name: "events.errors", ...present, ready: 9, oldest: new Date("2026-11-01T00:00:00Z") },
        { name: "events.failed", kind: "missing" as const },
      ],
      management: {
        kind: "asked" as const,
        broker: { product: "RabbitMQ", version: "3.10.8" },
        unroutable: { mode: "broken" as const, policy: "typo", why: "it names the exchange x" },
        bound: [{ queue: "mailer", pattern: "user.#" }],
        alarms: [{ node: "a", kind: "disk" as const }],
      },
    };
    const outbox = {
      kind: "read" as const,
      store: ".slipway/api",
      pending: 3,
      failing: 1,
      oldestPending: new Date("2026-11-30T11:59:00Z"),
      unroutable: 2,
      lastError: "a queue is full",
    };
    expect(shown({ verb: "status", result: { broker, outbox } }).split("\n")).toEqual([
      "Broker mq:5672 (RabbitMQ 3.10.8), virtual host /",
      "  alarm         it takes no messages: disk at a",
      "  unroutable    dropped: the policy typo wants to keep them, but it names the exchange x",
      "  bound         user.# → mailer",
      "  events.errors 9 messages, 9 B, 1 held by somebody, full: it takes 10, the oldest of 2026-11-01 00:00, 29 days ago: look at it before the broker removes it",
      "  events.failed missing (slipway events setup)",
      "  outbox        3 events waiting, since 60 s, 1 failing, 2 dropped as unroutable (slipway events republish) in .slipway/api",
      "                last error: a queue is full",
    ]);
  });
});
