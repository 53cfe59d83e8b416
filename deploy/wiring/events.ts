import type { Invocation } from "../cli/program.ts";
import { type LoggedEvent, renderEvent } from "../cli/render-event.ts";
import { openEventFile } from "../local/event-file.ts";
import { systemClock } from "../local/system-clock.ts";
import type { Surroundings } from "./wiring.ts";

/** The log of events that a pipeline asked for, or one that keeps nothing. */
export type EventLog = { add(event: LoggedEvent): void; close(): void };

/** Opens what `--events` or SLIPWAY_EVENTS names. Throws a SlipwayError when that cannot be. */
export function openEventLog({ global }: Invocation, surroundings: Surroundings): EventLog {
  const { root, env, stderr } = surroundings;
  const name = global.events ?? env.SLIPWAY_EVENTS ?? "";
  if (name === "") return { add: () => {}, close: () => {} };
  const file = openEventFile(root, name, (why) => {
    stderr.write(`The events in ${name} end here: ${why}\n`);
  });
  return { add: (event) => file.append(renderEvent(event, systemClock.now())), close: file.close };
}
