import type { Policy } from "./management.ts";
import { UNROUTED } from "./topology.ts";

/** Present: unroutable messages are kept in the error queue. Absent: the broker drops them. */
export const KEEP_POLICY = "events-keep";

export const keepPolicy: Policy = {
  pattern: "^events$",
  applyTo: "exchanges",
  priority: 10,
  definition: { "alternate-exchange": UNROUTED },
};

export const BOUND_POLICY = "events-errors-bound";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Bounds the disk that the error queues may fill, and how long they keep what may be personal data. A full
 * one refuses: dropping its oldest message in silence is what it is there to prevent.
 */
export const boundPolicy: Policy = {
  pattern: "^events\\.(errors|failed)$",
  applyTo: "queues",
  priority: 10,
  definition: { "max-length": 100_000, overflow: "reject-publish", "message-ttl": 30 * DAY_MS },
};

/** Whether they say the same, whatever order their definitions are written in. */
export function isSamePolicy(one: Policy, other: Policy): boolean {
  const settings = ({ definition }: Policy) => JSON.stringify(Object.entries(definition).sort());
  return (
    one.pattern === other.pattern &&
    one.applyTo === other.applyTo &&
    one.priority === other.priority &&
    settings(one) === settings(other)
  );
}
