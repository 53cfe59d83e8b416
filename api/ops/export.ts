import type { Held } from "../broker/held-queue.ts";
import type { StoredMessage } from "../broker/stored-message.ts";
import { bodyOf } from "./peek.ts";
import type { Selection } from "./selection.ts";
import { type QueuePlace, type Walked, walkQueue } from "./walk-queue.ts";

/** Where exported messages go, a line each. */
export interface ExportSink {
  /** As a person would find it again. */
  readonly name: string;
  /** Resolves when there is room for the next one. */
  write(line: string): Promise<void>;
  /** Resolves when all of it will survive a crash. */
  sync(): Promise<void>;
}

export type ExportedMessages = Walked & { readonly queue: string; readonly file: string };

/** Copies messages to a file, whole, and leaves each where it is. */
export async function exportMessages(
  place: QueuePlace,
  selection: Selection,
  sink: ExportSink,
): Promise<ExportedMessages> {
  const visit = async ({ message }: Held) => {
    await sink.write(exportLine(message, place.queue));
    return "go-on" as const;
  };
  const walked = await walkQueue(place, { selection, visit });
  await sink.sync();
  return { ...walked, queue: place.queue, file: sink.name };
}

/** One message as a line of JSON, with all that is needed to publish it again. */
export function exportLine(message: StoredMessage, queue: string): string {
  const { exchange, routingKey, properties, content } = message;
  const { encoding, text } = bodyOf(content, content.length);
  const fields = { version: 1, queue, exchange, routingKey, properties, encoding, body: text };
  return `${JSON.stringify(fields)}\n`;
}
