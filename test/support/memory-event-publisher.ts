import type { SiteEvent } from "../../deploy/core/site-event.ts";
import type { EventPublisher } from "../../deploy/ports.ts";

export type MemoryEventPublisher = EventPublisher & {
  /** What was told, the earliest first. */
  readonly told: readonly { readonly event: SiteEvent; readonly time: Date }[];
  /** What it fails with, if it does. */
  failure: Error | undefined;
  /** The kinds that somebody wants. */
  readonly wanted: Set<string>;
};

/** A bus of a test's making. */
export function createMemoryEventPublisher(): MemoryEventPublisher {
  const told: { event: SiteEvent; time: Date }[] = [];
  const publisher: MemoryEventPublisher = {
    told,
    failure: undefined,
    wanted: new Set(),
    async publish(event, time) {
      if (publisher.failure !== undefined) throw publisher.failure;
      told.push({ event, time });
      return publisher.wanted.has(event.kind) ? "routed" : "unroutable";
    },
  };
  return publisher;
}
