import type { ConsumeMessage, GetMessage, Options } from "amqplib";

/** A message as it lies in a queue. */
export type StoredMessage = {
  /** Where it was published to, before the broker brought it here by other ways. */
  readonly exchange: string;
  /** What it was published with: the kind of the event. */
  readonly routingKey: string;
  /** As its publisher named it. Foreign messages may have none. */
  readonly id: string | undefined;
  readonly time: Date | undefined;
  /** How often it was replayed. */
  readonly replays: number;
  /** Why a queue gave it away; undefined for one that no queue was bound for. */
  readonly death: Death | undefined;
  /** Somebody has looked at it before. */
  readonly redelivered: boolean;
  readonly content: Buffer;
  /** All of its properties and headers, as they can be published again. */
  readonly properties: Options.Publish;
};

/** The first queue that gave a message away. */
export type Death = {
  readonly queue: string;
  /** `rejected`, `expired`, `maxlen`, `delivery_limit`. */
  readonly reason: string;
  /** How often, counting what happened after a replay anew. */
  readonly count: number;
  readonly time: Date | undefined;
};

export const REPLAY_COUNT = "x-replay-count";

type Message = GetMessage | ConsumeMessage;

/** Reads what the broker hands out. Whatever it holds, nothing of it is trusted to be of its type. */
export function readStored({ fields, properties, content }: Message): StoredMessage {
  const headers = recordOf(properties.headers);
  const first = firstDeathOf(headers);
  return {
    exchange: textOf(first?.exchange) ?? fields.exchange,
    routingKey: firstTextOf(first?.["routing-keys"]) ?? fields.routingKey,
    id: textOf(properties.messageId),
    time: timeOf(properties.timestamp),
    replays: countOf(headers[REPLAY_COUNT]) ?? 0,
    death: first === undefined ? undefined : deathOf(first),
    redelivered: fields.redelivered,
    content,
    properties: { ...properties, headers },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** RabbitMQ, "Dead Letter Exchanges": entries by queue and reason, the most recent one first. */
function firstDeathOf(headers: Fields): Fields | undefined {
  const deaths = headers["x-death"];
  if (!Array.isArray(deaths)) return undefined;
  const entries = deaths.map(recordOf);
  const { "x-first-death-queue": queue, "x-first-death-reason": reason } = headers;
  return entries.find((each) => each.queue === queue && each.reason === reason) ?? entries.at(-1);
}

function deathOf(entry: Fields): Death {
  return {
    queue: textOf(entry.queue) ?? "",
    reason: textOf(entry.reason) ?? "unknown",
    count: countOf(entry.count) ?? 1,
    time: timeOf(recordOf(entry.time).value),
  };
}

function recordOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The empty text is a routing key too. */
function firstTextOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "string" ? first : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** AMQP 0-9-1, 4.2.5.4: seconds since 1970. Publishers write what they like. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value !== "number") return undefined;
  const time = new Date(value * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
