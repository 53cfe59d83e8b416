import type { ProgressEvent } from "../core/progress.ts";
import type { Paint } from "./paint.ts";
import { renderDomainEvent } from "./render-domain-event.ts";
import { bytes, count, printable, seconds } from "./words.ts";

/** The terminal or log that progress goes to. */
export type ProgressStream = {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
};

type Bar = { readonly total: number; done: number; sent: number; readonly size: number };

const BAR_CELLS = 24;
/** Redraws a second; more is not seen. */
const FRAME_MS = 50;

/**
 * Tells a person what goes on: a bar that fills on a terminal, plain lines everywhere else. Returns
 * the `report` of the Reporter port.
 */
export function createReporter(stream: ProgressStream, paint: Paint, now: () => number = Date.now) {
  let bar: Bar | undefined;
  let drawnAt = 0;
  const said = new Set<string>();
  const line = (text: string) => stream.write(`${text}\n`);

  /** What is told at every look; a wait of minutes is one line all the same. */
  const sayOnce = (text: string) => {
    if (!said.has(text)) line(text);
    said.add(text);
  };

  const draw = (final: boolean) => {
    if (bar === undefined || stream.isTTY !== true) return;
    if (!final && now() - drawnAt < FRAME_MS) return;
    drawnAt = now();
    stream.write(`\r\u001B[2K${barText(bar, paint)}${final ? "\n" : ""}`);
  };

  const advance = (by: { readonly writes: number; readonly bytes: number }) => {
    if (bar === undefined) return;
    bar.done += by.writes;
    bar.sent += by.bytes;
    draw(false);
  };

  return {
    report(event: ProgressEvent): void {
      switch (event.kind) {
        case "build-started":
          line(`Building the site ${paint.faint(`(${event.command})`)}`);
          return;
        case "scan-started":
          return;
        case "scan-finished":
          line(`Scanned ${count(event.files, "file")}, ${bytes(event.bytes)}`);
          return;
        case "lock-awaited":
          sayOnce(`Waiting for ${event.owner}, who has been deploying since ${event.since} …`);
          return;
        case "writes-started":
          bar = { total: event.changes, done: 0, sent: 0, size: event.bytes };
          draw(false);
          return;
        case "bytes-confirmed":
          advance({ writes: 0, bytes: event.bytes });
          return;
        case "write-finished":
          advance({ writes: 1, bytes: event.bytes });
          return;
        case "writes-finished":
          draw(true);
          if (bar !== undefined && stream.isTTY !== true) line(uploadedText(bar));
          bar = undefined;
          return;
        case "edge-published":
          line(event.changed ? "Published the edge rules" : "The edge rules are live already");
          return;
        case "edge-unmanaged":
          line(`The site's redirects, clean URLs and headers are not in force: ${event.why}`);
          line("When that has changed, slipway deploy --force publishes them");
          return;
        case "invalidation-started":
          line(`Invalidating ${event.everything ? "everything" : count(event.paths, "path")} …`);
          return;
        case "invalidation-held-up":
          line(`Waiting for earlier invalidations to complete (${seconds(event.seconds)}) …`);
          return;
        case "invalidation-awaited":
          line(`Waiting for ${count(event.invalidations, "earlier invalidation")} …`);
          return;
        case "invalidation-finished":
          line(`Invalidated in ${seconds(event.seconds)}`);
          return;
        case "setup-step-started":
          line(`${event.title} …${usually(event.usualSeconds, paint)}`);
          return;
        case "setup-step-finished":
          if (event.seconds >= LONG_SECONDS) line(`  done in ${seconds(event.seconds)}`);
          return;
        case "removal-started":
          return;
        case "removal-finished":
          line(`Removed ${count(event.keys, "object")}`);
          return;
        case "event-published":
          return;
        case "event-unpublished":
          line(`${paint.warn("Note")} ${event.event} was not published: ${printable(event.why)}`);
          return;
        case "domain-done":
        case "domain-wait":
        case "domain-enter":
        case "domain-leave":
          sayOnce(renderDomainEvent(event));
          return;
      }
    },
  };
}

/** Only a wait that is felt is announced. */
const LONG_SECONDS = 10;

function usually(amount: number, paint: Paint): string {
  if (amount < LONG_SECONDS) return "";
  return paint.faint(` (usually ${seconds(amount)})`);
}

function barText(bar: Bar, paint: Paint): string {
  const share = bar.total === 0 ? 1 : bar.done / bar.total;
  const full = Math.floor(share * BAR_CELLS);
  const cells = paint.good("█".repeat(full)) + paint.faint("░".repeat(BAR_CELLS - full));
  return `Uploading ${cells} ${bar.done}/${bar.total}  ${bytes(bar.sent)} of ${bytes(bar.size)}`;
}

function uploadedText(bar: Bar): string {
  return `Uploaded ${count(bar.done, "file")} of ${bar.total}, ${bytes(bar.sent)}`;
}
