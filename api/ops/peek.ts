import type { Held } from "../broker/held-queue.ts";
import type { Death, StoredMessage } from "../broker/stored-message.ts";
import type { Selection } from "./selection.ts";
import { type QueuePlace, type Walked, walkQueue } from "./walk-queue.ts";

/** A body as it can be shown; base64 where it is no UTF-8. */
export type Body = {
  readonly encoding: "utf-8" | "base64";
  readonly text: string;
  /** Whether this is only its beginning. */
  readonly cut: boolean;
};

export type PeekedMessage = {
  /** From the head of the queue, which is 1. */
  readonly position: number;
  readonly id: string | undefined;
  readonly kind: string;
  readonly exchange: string;
  readonly time: Date | undefined;
  readonly appId: string | undefined;
  readonly correlationId: string | undefined;
  readonly contentType: string | undefined;
  readonly replays: number;
  readonly death: Death | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of the whole body. */
  readonly bytes: number;
  readonly body: Body;
};

export type PeekedMessages = Walked & {
  readonly queue: string;
  readonly messages: readonly PeekedMessage[];
};

/** What is enough for every message of ours; an export has the rest of a foreign one. */
const MAX_BODY_BYTES = 256 * 1024;

/** Shows messages, and leaves each where it is. */
export async function peekMessages(
  place: QueuePlace,
  selection: Selection,
): Promise<PeekedMessages> {
  const messages: PeekedMessage[] = [];
  const visit = async ({ message }: Held, position: number) => {
    messages.push(peeked(message, position));
    return "go-on" as const;
  };
  const walked = await walkQueue(place, { selection, visit });
  return { ...walked, queue: place.queue, messages };
}

function peeked(message: StoredMessage, position: number): PeekedMessage {
  const { id, routingKey, exchange, time, replays, death, content, properties } = message;
  const { appId, correlationId, contentType, headers } = properties;
  return {
    position,
    id,
    kind: routingKey,
    exchange,
    time,
    appId,
    correlationId,
    contentType,
    replays,
    death,
    headers: headers ?? {},
    bytes: content.length,
    body: bodyOf(content, MAX_BODY_BYTES),
  };
}

/** The body as text, at most so many bytes of it. */
export function bodyOf(content: Buffer, maxBytes: number): Body {
  const cut = content.length > maxBytes;
  const shown = cut ? content.subarray(0, wholeCharacters(content, maxBytes)) : content;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(shown);
    return { encoding: "utf-8", text, cut };
  } catch {
    return { encoding: "base64", text: content.subarray(0, maxBytes).toString("base64"), cut };
  }
}

/** Where to cut so that no character is cut in two: never in front of a continuation byte. */
function wholeCharacters(content: Buffer, bytes: number): number {
  let end = bytes;
  while (end > bytes - 3 && ((content[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
