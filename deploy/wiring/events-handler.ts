import type { EventsFlags, SelectionFlags, Since } from "../cli/events-options.ts";
import { EXIT_CODES, eventsExitCode } from "../cli/exit-codes.ts";
import { renderEvents } from "../cli/render-events.ts";
import { renderJsonLine } from "../cli/render-json.ts";
import { renderKinds, renderRoutes, renderTailed } from "../cli/render-messages.ts";
import { count } from "../cli/words.ts";
import { SlipwayError } from "../core/errors.ts";
import type { DropPreview, EventsResult, ReplayPreview, Walked } from "../core/messages.ts";
import { openExportFile } from "../local/export-file.ts";
import { listenForInterruption } from "../local/interruption.ts";
import { systemClock } from "../local/system-clock.ts";
import { glanceAtOutbox, managed, readOutbox, withBus, withOutbox } from "./bus.ts";
import { askPerson, type Done } from "./handlers.ts";
import type { Wiring } from "./wiring.ts";

/** `slipway events` */
export async function runEvents(wiring: Wiring, flags: EventsFlags): Promise<Done> {
  if (flags.verb === "tail") return await runTail(wiring, flags);
  const result = await carryOut(wiring, flags);
  wiring.say(renderEvents(result, systemClock.now(), wiring.paint));
  return { exitCode: eventsExitCode(result), result: { command: "events", result } };
}

type Tail = Extract<EventsFlags, { readonly verb: "tail" }>;

async function carryOut(wiring: Wiring, flags: Exclude<EventsFlags, Tail>): Promise<EventsResult> {
  const { surroundings } = wiring;
  switch (flags.verb) {
    case "setup": {
      const { setUpBroker } = await import("../../api/ops/setup.ts");
      const result = await withBus(surroundings, ({ session, management }) =>
        setUpBroker(session, management),
      );
      return { verb: "setup", result };
    }
    case "status": {
      const { readStatus } = await import("../../api/ops/status.ts");
      const broker = await withBus(surroundings, ({ session, management }) =>
        readStatus(session, management),
      );
      return { verb: "status", result: { broker, outbox: await glanceAtOutbox(surroundings) } };
    }
    case "keep":
    case "discard":
      return { verb: flags.verb, result: await runSwitch(wiring, flags.verb) };
    case "list": {
      const { listMessages } = await import("../../api/ops/list.ts");
      const result = await onQueue(wiring, flags, (place, selection) =>
        listMessages(place, selection),
      );
      return { verb: "list", result };
    }
    case "peek": {
      const { peekMessages } = await import("../../api/ops/peek.ts");
      const result = await onQueue(wiring, flags, (place, selection) =>
        peekMessages(place, selection),
      );
      return { verb: "peek", result };
    }
    case "export":
      return { verb: "export", result: await runExport(wiring, flags) };
    case "replay":
      return { verb: "replay", result: await runReplay(wiring, flags) };
    case "drop":
    case "purge":
      return { verb: flags.verb, result: await runDrop(wiring, flags) };
    case "republish":
      return { verb: "republish", result: await runRepublish(wiring, flags.since) };
    case "outbox":
      return { verb: "outbox", result: await readOutbox(surroundings) };
  }
}

async function runSwitch(wiring: Wiring, mode: "keep" | "discard") {
  const question = "Let the broker drop every message that no queue is bound for, from now on?";
  if (mode === "discard" && !(await askPerson(question, wiring))) {
    return { kind: "declined", mode } as const;
  }
  const { switchUnroutable } = await import("../../api/ops/unroutable.ts");
  return await withBus(wiring.surroundings, (bus) => {
    const { session, management } = managed(bus, `slipway events ${mode}`);
    return switchUnroutable(session, management, mode);
  });
}

type QueuePlace = Parameters<typeof import("../../api/ops/walk-queue.ts").walkQueue>[0];
type Selection = Pick<SelectionFlags, "kinds" | "ids" | "max">;

/** Works on the queue that is meant. An id that is asked for and is not there is a mistake. */
async function onQueue<Result extends Walked>(
  { surroundings }: Wiring,
  { queue, kinds, ids, max }: SelectionFlags,
  work: (place: QueuePlace, selection: Selection) => Promise<Result>,
): Promise<Result> {
  const { checkSelection } = await import("../../api/ops/selection.ts");
  const selection = { kinds, ids, max };
  const result = await withBus(surroundings, async ({ session, management }) => {
    checkSelection(selection);
    return await work({ session, management, queue }, selection);
  });
  if (ids.length > 0 && result.matched === 0) throw noSuchMessage(ids, result);
  return result;
}

async function runExport(wiring: Wiring, flags: Extract<EventsFlags, { verb: "export" }>) {
  const { exportMessages } = await import("../../api/ops/export.ts");
  return await onQueue(wiring, flags, async (place, selection) => {
    const file = await openExportFile(wiring.surroundings.root, flags.file);
    return await exportMessages(place, selection, file);
  });
}

async function runReplay(wiring: Wiring, flags: Extract<EventsFlags, { verb: "replay" }>) {
  const { replayMessages } = await import("../../api/ops/replay.ts");
  const confirm = async (preview: ReplayPreview) => {
    wiring.say(renderRoutes(preview, wiring.paint));
    const question = `Publish ${count(preview.matched, "message")} again, each under its own id?`;
    return await askPerson(question, wiring);
  };
  return await onQueue(wiring, flags, (place, selection) =>
    replayMessages(place, { selection, dryRun: flags.dryRun, confirm }),
  );
}

async function runDrop(wiring: Wiring, flags: Extract<EventsFlags, { verb: "drop" | "purge" }>) {
  if (flags.verb === "drop" && flags.kinds.length === 0 && flags.ids.length === 0) {
    throw dropsEverything();
  }
  const { dropMessages } = await import("../../api/ops/drop.ts");
  const { surroundings, paint } = wiring;
  const name = flags.out ?? exportName(flags.queue, systemClock.now());
  // Where nobody can answer, that is said before anything is written.
  const isAnswerable = wiring.invocation.global.yes || surroundings.stdin.isTTY === true;
  if (!flags.dryRun && !isAnswerable)
    await askPerson(`Remove messages from ${flags.queue}?`, wiring);
  const confirm = async ({ kinds, file }: DropPreview) => {
    wiring.say([...renderKinds(kinds, paint), `A copy is in ${file}.`]);
    return await askPerson(`Remove them from ${flags.queue}?`, wiring);
  };
  const openExport = () => openExportFile(surroundings.root, name);
  return await onQueue(wiring, flags, (place, selection) =>
    dropMessages(place, { selection, dryRun: flags.dryRun, openExport, confirm }),
  );
}

async function runRepublish(wiring: Wiring, wanted: Since) {
  const now = systemClock.now().getTime();
  const since = wanted.kind === "at" ? wanted.time : new Date(now - wanted.milliseconds);
  const question = `Send every event again that was dropped as unroutable since ${since.toISOString()}?`;
  if (!(await askPerson(question, wiring))) return { kind: "declined", since } as const;
  const events = await withOutbox(wiring.surroundings, (outbox) =>
    outbox.republish({ outcome: "unroutable", since }),
  );
  if (events === undefined) throw noOutbox();
  return { kind: "republished", since, events } as const;
}

/** `slipway events tail`: a line an event, until it is told to end. */
async function runTail(wiring: Wiring, { kinds, max }: Tail): Promise<Done> {
  const { surroundings, paint, say, invocation } = wiring;
  const { tailEvents } = await import("../../api/ops/tail.ts");
  const { checkSelection } = await import("../../api/ops/selection.ts");
  const interruption = listenForInterruption(() => {});
  const { signal } = interruption;
  try {
    await withBus(surroundings, async (bus) => {
      checkSelection({ kinds, ids: [] });
      const { session, management } = managed(bus, "slipway events tail");
      await tailEvents(session, management, {
        kinds,
        max,
        signal,
        onEvent(event) {
          if (!invocation.global.json) say([renderTailed(event, systemClock.now(), paint)]);
          else
            surroundings.stdout.write(renderJsonLine({ command: "events", verb: "tail", event }));
        },
      });
    });
  } finally {
    interruption.stop();
  }
  return { exitCode: EXIT_CODES.done.code };
}

/** A queue's name may hold anything, a file's may not. */
function exportName(queue: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace(".", "");
  return `${queue.replace(/[^\w.-]/g, "_")}-${stamp}.jsonl`;
}

function noSuchMessage(ids: readonly string[], { queue, seen, depth }: Walked): SlipwayError {
  const all = seen === depth ? "" : "; others hold the rest";
  return new SlipwayError("usage", {
    what: `No message in ${queue} has ${ids.length === 1 ? `the id ${ids[0]}` : "one of these ids"}`,
    why: `${count(seen, "message")} of ${depth} were looked at${all}`,
    next: "slipway events peek shows the ids; it may have been replayed or dropped meanwhile.",
  });
}

function dropsEverything(): SlipwayError {
  return new SlipwayError("usage", {
    what: "drop does not say which messages",
    why: "neither --kind nor --id was given",
    next: "Name some, or use slipway events purge for all of them.",
  });
}

function noOutbox(): SlipwayError {
  return new SlipwayError("config", {
    what: "There is no outbox to send events from",
    why: "DATABASE_URL is not set, and the API has kept no file here",
    next: "Set DATABASE_URL to the API's database.",
  });
}
