import type { Binding, Management } from "../broker/management.ts";
import { matchesTopic } from "../broker/topic-pattern.ts";
import { EVENTS } from "../broker/topology.ts";

/** Queues of `tail`; they take copies only, and do not count as somebody who is interested. */
export const TAIL_PREFIX = "ops.tail.";

export type BoundQueue = { readonly queue: string; readonly pattern: string };

/**
 * Who is bound to the exchange `events`, by queue and pattern. A queue that hangs on another exchange
 * behind it is named by that exchange: what is beyond is not ours to know.
 */
export async function readBoundQueues(management: Management): Promise<readonly BoundQueue[]> {
  const bindings = await management.bindingsOf(EVENTS);
  return bindings.filter(isSomebodys).map(({ destination, routingKey }) => ({
    queue: destination,
    pattern: routingKey,
  }));
}

function isSomebodys({ destination }: Binding): boolean {
  return !destination.startsWith(TAIL_PREFIX);
}

/** The queues that get a message of this kind, each once, sorted. */
export function queuesFor(kind: string, bound: readonly BoundQueue[]): readonly string[] {
  const found = bound.filter(({ pattern }) => matchesTopic(pattern, kind));
  return [...new Set(found.map(({ queue }) => queue))].sort();
}
