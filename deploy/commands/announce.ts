import { SlipwayError } from "../core/errors.ts";
import type { SiteEvent } from "../core/site-event.ts";
import type { Clock, EventPublisher, Reporter } from "../ports.ts";

export type AnnouncePorts = {
  /** Undefined where nobody is to be told. */
  readonly publisher: EventPublisher | undefined;
  readonly reporter: Reporter;
  readonly clock: Pick<Clock, "now">;
};

/**
 * Tells what has happened, and never fails: what was done is done, whoever hears of it. What was not
 * delivered is reported, and not sent again. How long it may take is the publisher's promise.
 */
export async function announce(
  event: SiteEvent | undefined,
  { publisher, reporter, clock }: AnnouncePorts,
): Promise<void> {
  if (event === undefined || publisher === undefined) return;
  const { kind } = event;
  try {
    const outcome = await publisher.publish(event, clock.now());
    reporter.report({ kind: "event-published", event: kind, outcome });
  } catch (error) {
    reporter.report({ kind: "event-unpublished", event: kind, why: whyOf(error) });
  }
}

function whyOf(error: unknown): string {
  if (error instanceof SlipwayError) return `${error.text.what}: ${error.text.why}`;
  return error instanceof Error ? error.message : String(error);
}
