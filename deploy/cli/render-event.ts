import type { ProgressEvent } from "../core/progress.ts";

/** What stands in an event log: what happens while a command works, between its begin and its end. */
export type LoggedEvent =
  | { readonly kind: "command-started"; readonly command: string; readonly environment: string }
  | ProgressEvent
  | { readonly kind: "command-finished"; readonly command: string; readonly exitCode: number };

/** The version of every line; it grows when a field goes away or changes its meaning. */
const VERSION = 1;

/** One event as one line of JSON, without its end. */
export function renderEvent(event: LoggedEvent, time: Date): string {
  const { kind, ...fields } = event;
  return JSON.stringify({ version: VERSION, time: time.toISOString(), kind, ...fields });
}
