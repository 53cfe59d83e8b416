import type {
  BrokerSetup,
  DropResult,
  EventsResult,
  ReplayResult,
  UnroutableSwitch,
} from "../core/messages.ts";
import type { Paint } from "./paint.ts";
import { outboxLines, renderBrokerStatus } from "./render-broker-status.ts";
import {
  notAllSeen,
  renderKinds,
  renderList,
  renderPeek,
  renderRoutes,
} from "./render-messages.ts";
import { count, printable } from "./words.ts";

/** What a verb of `slipway events` came to. */
export function renderEvents(done: EventsResult, now: Date, paint: Paint): readonly string[] {
  switch (done.verb) {
    case "setup":
      return renderSetup(done.result);
    case "status":
      return renderBrokerStatus(done.result, now, paint);
    case "keep":
    case "discard":
      return renderSwitch(done.result, paint);
    case "list":
      return renderList(done.result, paint);
    case "peek":
      return renderPeek(done.result, paint);
    case "export": {
      const { matched, queue, file } = done.result;
      const copied = `Copied ${count(matched, "message")} of ${printable(queue)} to ${file}`;
      return [copied, ...notAllSeen(done.result)];
    }
    case "replay":
      return renderReplay(done.result, paint);
    case "drop":
    case "purge":
      return renderDrop(done.result, paint);
    case "republish": {
      const since = done.result.since.toISOString();
      if (done.result.kind === "declined") return ["Nothing was sent again."];
      const { events } = done.result;
      if (events === 0) return [`No event since ${since} was dropped as unroutable.`];
      return [`${count(events, "event")} since ${since} will be sent again by the API.`];
    }
    case "outbox":
      return outboxLines(done.result, now, paint);
  }
}

function renderSetup({ exchanges, queues, bound }: BrokerSetup): readonly string[] {
  return [
    `Exchanges  ${exchanges.join(", ")}`,
    `Queues     ${queues.join(", ")}`,
    boundText(bound),
    "Whether unroutable messages are kept is not touched: slipway events keep, or discard.",
  ];
}

function boundText(bound: BrokerSetup["bound"]): string {
  switch (bound) {
    case "written":
      return "Bounded    the policy events-errors-bound is written";
    case "unchanged":
      return "Bounded    the policy events-errors-bound is there already";
    case "unknown":
      return "Bounded    unknown: AMQP_ADMIN_URL is not set, so the error queues may grow without end";
  }
}

function renderSwitch(result: UnroutableSwitch, paint: Paint): readonly string[] {
  const mode = result.mode === "keep" ? "kept in events.errors" : "dropped by the broker";
  switch (result.kind) {
    case "declined":
      return ["Nothing was changed."];
    case "proven":
      return [
        `Messages that no queue is bound for are ${result.changed ? "now" : "already"} ${mode}; a probe proved it.`,
      ];
    case "unproven":
      return [
        `${paint.bad("Unproven")} messages that no queue is bound for should be ${mode}, and a probe did not show it`,
        `  why: ${printable(result.why)}`,
      ];
  }
}

function renderReplay(result: ReplayResult, paint: Paint): readonly string[] {
  switch (result.kind) {
    case "nothing-matched":
      return ["Nothing to replay.", ...notAllSeen(result)];
    case "nobody-bound":
      return [
        ...renderRoutes(result, paint),
        "Nothing was published: no queue is bound for any of it. Bind one, or start the service that does.",
      ];
    case "dry-run":
      return [...renderRoutes(result, paint), "Nothing was published."];
    case "declined":
      return ["Nothing was published."];
    case "replayed":
      return renderReplayed(result, paint);
  }
}

/** Failures told one by one. */
const SHOWN_FAILURES = 5;

function renderReplayed(
  result: Extract<ReplayResult, { readonly kind: "replayed" }>,
  paint: Paint,
): readonly string[] {
  const { replayed, unbound, failed, failedCount, stopped, queue } = result;
  const name = printable(queue);
  const hidden = failedCount - Math.min(SHOWN_FAILURES, failed.length);
  return [
    `Replayed ${count(replayed, "message")} out of ${name}`,
    ...(unbound === 0
      ? []
      : [`Left ${count(unbound, "message")} there: no queue is bound for them`]),
    ...(failedCount === 0
      ? []
      : [`${paint.bad("Failed")} ${count(failedCount, "message")}, still in ${name}`]),
    ...failed
      .slice(0, SHOWN_FAILURES)
      .map(({ id, kind, why }) => `  ${printable(`${kind} ${id ?? "without an id"}: ${why}`)}`),
    ...(failedCount > 0 && hidden > 0 ? [`  … and ${hidden} more`] : []),
    ...(stopped === undefined ? [] : [`Stopped early: ${printable(stopped)}`]),
  ];
}

function renderDrop(result: DropResult, paint: Paint): readonly string[] {
  switch (result.kind) {
    case "nothing-matched":
      return ["Nothing to remove.", ...notAllSeen(result)];
    case "dry-run":
      return [...renderKinds(result.kinds, paint), "Nothing was removed."];
    case "declined":
      return [`Nothing was removed; the copy in ${result.file} stays.`];
    case "dropped":
      return [
        `Removed ${count(result.matched, "message")} from ${printable(result.queue)}; ${result.file} has them`,
      ];
  }
}
