import type { BrokerStatus, ErrorQueue, OutboxState, Unroutable } from "../core/messages.ts";
import type { Paint } from "./paint.ts";
import { bytes, count, printable } from "./words.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Some shared plans remove a queue, with all in it, that nobody has read for 28 days. */
const OLD_DAYS = 20;
const LISTED = 40;

type Facts = { readonly broker: BrokerStatus; readonly outbox: OutboxState };

/** How broker and outbox do, at one look. */
export function renderBrokerStatus(
  { broker, outbox }: Facts,
  now: Date,
  paint: Paint,
): readonly string[] {
  const { host, vhost, management } = broker;
  const version = management.kind === "asked" ? versionOf(management.broker) : "";
  return [
    `Broker ${printable(host)}${version}, virtual host ${printable(vhost)}`,
    ...alarmLines(broker, paint),
    ...managementLines(broker, paint),
    ...broker.queues.map((queue) => queueLine(queue, now, paint)),
    ...outboxLines(outbox, now, paint),
  ];
}

function versionOf({ product, version }: { product: string; version: string }): string {
  return ` (${printable(product)} ${printable(version)})`;
}

function alarmLines({ blocked, management }: BrokerStatus, paint: Paint): readonly string[] {
  const alarms = management.kind === "asked" ? management.alarms : [];
  if (alarms.length === 0 && blocked === undefined) return [];
  const named = alarms.map(({ node, kind }) => `${kind} at ${printable(node)}`);
  const why = named.length > 0 ? named.join(", ") : printable(blocked ?? "");
  return [`  ${paint.bad("alarm")}         it takes no messages: ${why}`];
}

function managementLines({ management }: BrokerStatus, paint: Paint): readonly string[] {
  switch (management.kind) {
    case "absent":
      return [
        `  ${paint.faint("management    AMQP_ADMIN_URL is not set: mode and bindings are unknown")}`,
      ];
    case "failed":
      return [
        `  ${paint.warn("management")}    ${printable(management.what)}: ${printable(management.why)}`,
        `                ${management.next}`,
      ];
    case "asked":
      return [
        `  unroutable    ${modeText(management.unroutable, paint)}`,
        ...boundLines(management),
      ];
  }
}

function modeText(unroutable: Unroutable, paint: Paint): string {
  switch (unroutable.mode) {
    case "keep":
      return "kept in events.errors";
    case "discard":
      return "dropped by the broker (slipway events keep)";
    case "unknown":
      return `a policy ${printable(unroutable.policy)} is in force, and this user may not read it`;
    case "broken":
      return `${paint.bad("dropped")}: the policy ${printable(unroutable.policy)} wants to keep them, but ${printable(unroutable.why)}`;
  }
}

function boundLines({
  bound,
}: Extract<BrokerStatus["management"], { readonly kind: "asked" }>): readonly string[] {
  if (bound.length === 0) return ["  bound         nobody"];
  const lines = bound
    .slice(0, LISTED)
    .map(({ queue, pattern }) => `${printable(pattern)} → ${printable(queue)}`);
  const hidden = bound.length - LISTED;
  const all = hidden > 0 ? [...lines, `… and ${hidden} more`] : lines;
  return all.map((line, place) => `  ${(place === 0 ? "bound" : "").padEnd(13)} ${line}`);
}

function queueLine(queue: ErrorQueue, now: Date, paint: Paint): string {
  const name = `  ${queue.name.padEnd(13)}`;
  if (queue.kind === "missing") return `${name} ${paint.warn("missing")} (slipway events setup)`;
  const { ready, held = 0, bytes: size, limit, oldest } = queue;
  const total = ready + held;
  const parts = [
    count(ready, "message"),
    ...(size === undefined || size === 0 ? [] : [bytes(size)]),
    ...(held === 0 ? [] : [`${held.toLocaleString("en-US")} held by somebody`]),
    ...(limit === undefined || total < limit ? [] : [paint.bad(`full: it takes ${limit}`)]),
    ...(oldest === undefined ? [] : [ageText(oldest, now, paint)]),
  ];
  return `${name} ${parts.join(", ")}`;
}

function ageText(oldest: Date, now: Date, paint: Paint): string {
  const days = Math.floor((now.getTime() - oldest.getTime()) / DAY_MS);
  const text = `the oldest of ${oldest.toISOString().slice(0, 16).replace("T", " ")}`;
  if (days < OLD_DAYS) return text;
  return paint.warn(`${text}, ${count(days, "day")} ago: look at it before the broker removes it`);
}

/** The API's outbox. */
export function outboxLines(outbox: OutboxState, now: Date, paint: Paint): readonly string[] {
  switch (outbox.kind) {
    case "absent":
      return [
        `  ${paint.faint("outbox        none: DATABASE_URL is not set, and the API has kept no file here")}`,
      ];
    case "failed":
      return [`  ${paint.warn("outbox")}        cannot be read: ${printable(outbox.why)}`];
    case "read":
      return readLines(outbox, now, paint);
  }
}

function readLines(
  outbox: Extract<OutboxState, { readonly kind: "read" }>,
  now: Date,
  paint: Paint,
): readonly string[] {
  const { store, pending, failing, oldestPending, unroutable, lastError } = outbox;
  const parts = [
    `${count(pending, "event")} waiting`,
    ...(oldestPending === undefined ? [] : [`since ${lagText(oldestPending, now)}`]),
    ...(failing === 0 ? [] : [paint.bad(`${failing.toLocaleString("en-US")} failing`)]),
    ...(unroutable === 0
      ? []
      : [`${unroutable.toLocaleString("en-US")} dropped as unroutable (slipway events republish)`]),
  ];
  return [
    `  outbox        ${parts.join(", ")} ${paint.faint(`in ${printable(store)}`)}`,
    ...(lastError === undefined ? [] : [`                last error: ${printable(lastError)}`]),
  ];
}

function lagText(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
