import type { NewEvent } from "../events/new-event.ts";

/**
 * What became of a publish. `failed` is about this message, which is tried again later and later;
 * `unavailable` is about the broker, and the message may or may not have arrived.
 */
export type PublishResult =
  | { readonly kind: "routed" }
  | { readonly kind: "unroutable" }
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "unavailable"; readonly error: string };

/** How the relay reaches the broker. */
export interface EventPublisher {
  /** Why nothing can be published now, or undefined. */
  obstacle(): string | undefined;
  /** Calls when an obstacle has gone. */
  onReady(listener: () => void): void;
  /** Never rejects, and answers within seconds. Events are sent in the order of the calls. */
  publish(event: NewEvent): Promise<PublishResult>;
}
