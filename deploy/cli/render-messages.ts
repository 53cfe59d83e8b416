import type {
  KindCount,
  MessageBody,
  MessageList,
  PeekedMessage,
  PeekedMessages,
  ReplayPreview,
  TailedEvent,
  Walked,
} from "../core/messages.ts";
import type { Paint } from "./paint.ts";
import { table } from "./table.ts";
import { bytes, count, printable } from "./words.ts";

/** Kinds named one by one before the rest is only counted. */
const LISTED = 40;
/** Of one body, on a terminal. */
const SHOWN_CHARACTERS = 2_000;
const TAIL_CHARACTERS = 160;

/** What lies in a queue, by kind. */
export function renderList(list: MessageList, paint: Paint): readonly string[] {
  const { groups } = list;
  if (groups.length === 0) return [emptiness(list)];
  const hidden = groups.length - LISTED;
  const rows = groups.slice(0, LISTED).map((group) => {
    const deaths = group.deaths.map(
      ({ queue, reason, count: n }) => `${n} × ${reason} by ${queue}`,
    );
    const again = group.replayed === 0 ? [] : [`${group.replayed} replayed before`];
    return [
      group.count.toLocaleString("en-US"),
      printable(group.kind),
      bytes(group.bytes),
      dateOf(group.oldest),
      dateOf(group.newest),
      printable([...deaths, ...again].join(", ")),
    ];
  });
  const [head = "", ...lines] = table(
    [["messages", "kind", "size", "oldest", "newest", ""], ...rows],
    [0, 2],
  );
  return [
    paint.faint(head),
    ...lines,
    ...(hidden > 0 ? [`… and ${hidden} more kinds; --json has them all`] : []),
    ...notAllSeen(list),
  ];
}

/** Messages, one below the other. */
export function renderPeek(peeked: PeekedMessages, paint: Paint): readonly string[] {
  const { messages } = peeked;
  if (messages.length === 0) return [emptiness(peeked)];
  return [
    ...messages.flatMap((message) => [...renderMessage(message, paint), ""]),
    ...notAllSeen(peeked),
  ];
}

function renderMessage(message: PeekedMessage, paint: Paint): readonly string[] {
  const { death, correlationId, appId, replays, headers } = message;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["id", message.id ?? "none"],
    ["published", message.time?.toISOString()],
    ["from", appId],
    ["request", correlationId],
    ["given up", death && `${death.count} × ${death.reason} by ${death.queue}`],
    ["replayed", replays === 0 ? undefined : count(replays, "time")],
    ["headers", Object.keys(headers).length === 0 ? undefined : JSON.stringify(headers)],
    ["body", `${bytes(message.bytes)}, ${message.contentType ?? "of no named type"}`],
  ];
  return [
    `${paint.strong(printable(message.kind))} ${paint.faint(`#${message.position}`)}`,
    ...facts.flatMap(([name, value]) =>
      value === undefined ? [] : [`  ${name.padEnd(9)} ${shortened(printable(value))}`],
    ),
    ...bodyLines(message.body).map((line) => `    ${line}`),
  ];
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} …` : text;
}

function bodyLines(body: MessageBody): readonly string[] {
  if (body.text === "") return [];
  if (body.encoding === "base64") return ["(no text; slipway events export has it as base64)"];
  const shown = body.text.slice(0, SHOWN_CHARACTERS);
  const isWhole = shown.length === body.text.length && !body.cut;
  const lines = shown.split(/\r?\n/).map(printable);
  return isWhole ? lines : [...lines, "… shortened; slipway events export has all of it"];
}

/** Who would get what. */
export function renderRoutes({ routes }: ReplayPreview, paint: Paint): readonly string[] {
  const hidden = routes.length - LISTED;
  const rows = routes
    .slice(0, LISTED)
    .map(({ kind, count: messages, queues }) => [
      messages.toLocaleString("en-US"),
      printable(kind),
      printable(reached(queues)),
    ]);
  const nobody = routes.filter(({ queues }) => queues?.length === 0);
  const [head = "", ...lines] = table([["messages", "kind", "goes to"], ...rows], [0]);
  return [
    paint.faint(head),
    ...lines,
    ...(hidden > 0 ? [`… and ${hidden} more kinds`] : []),
    ...nobody
      .slice(0, LISTED)
      .map(({ kind }) => `${paint.warn("Note")} no queue is bound for ${printable(kind)}`),
  ];
}

function reached(queues: readonly string[] | undefined): string {
  if (queues === undefined) return "unknown: AMQP_ADMIN_URL is not set";
  return queues.length === 0 ? "nobody; stays where it is" : queues.join(", ");
}

/** How many of which kind. */
export function renderKinds(kinds: readonly KindCount[], paint: Paint): readonly string[] {
  const rows = kinds
    .slice(0, LISTED)
    .map(({ kind, count: messages }) => [messages.toLocaleString("en-US"), printable(kind)]);
  const [head = "", ...lines] = table([["messages", "kind"], ...rows], [0]);
  const hidden = kinds.length - LISTED;
  return [paint.faint(head), ...lines, ...(hidden > 0 ? [`… and ${hidden} more kinds`] : [])];
}

/** One event as it passes by. */
export function renderTailed(event: TailedEvent, now: Date, paint: Paint): string {
  const { kind, queues, replays, body } = event;
  const to = queues.length === 0 ? paint.warn("nobody") : printable(queues.join(", "));
  const again = replays === 0 ? "" : paint.faint(` replayed ${count(replays, "time")}`);
  const text = body.encoding === "base64" ? "(no text)" : body.text;
  const shown = printable(text.slice(0, TAIL_CHARACTERS));
  const rest = text.length > TAIL_CHARACTERS || body.cut ? " …" : "";
  return `${now.toISOString().slice(11, 23)} ${paint.strong(printable(kind))} → ${to}${again} ${paint.faint(shown + rest)}`;
}

function emptiness({ queue, depth, seen }: Walked): string {
  const name = printable(queue);
  if (depth === 0) return `${name} is empty.`;
  return `None of the ${count(seen, "message")} looked at in ${name} is meant.`;
}

/** Said wherever the numbers are not those of the whole queue. */
export function notAllSeen({ queue, depth, seen }: Walked): readonly string[] {
  if (seen >= depth) return [];
  return [
    `Looked at the first ${seen.toLocaleString("en-US")} of ${depth.toLocaleString("en-US")} in ${printable(queue)}.`,
  ];
}

function dateOf(time: Date | undefined): string {
  return time === undefined ? "" : time.toISOString().slice(0, 16).replace("T", " ");
}
