import { BrokerError } from "../broker/broker-error.ts";
import type { StoredMessage } from "../broker/stored-message.ts";
import { matchesTopic } from "../broker/topic-pattern.ts";

/** Which messages of a queue are meant; an empty list is no condition. */
export type Selection = {
  /** Topic patterns: `user.*.v1`, `user.#`. One of them has to match. */
  readonly kinds: readonly string[];
  /** Message ids; one of them has to be the message's. */
  readonly ids: readonly string[];
  /** At most so many, from the head of the queue on. */
  readonly max: number | undefined;
};

export function selects({ kinds, ids }: Selection, { routingKey, id }: StoredMessage): boolean {
  if (kinds.length > 0 && !kinds.some((pattern) => matchesTopic(pattern, routingKey))) return false;
  return ids.length === 0 || (id !== undefined && ids.includes(id));
}

/** AMQP 0-9-1, shortstr. */
const MAX_PATTERN_BYTES = 255;

/** Throws a BrokerError for what can match nothing, so that a slip is not taken for an empty queue. */
export function checkSelection({ kinds, ids }: Pick<Selection, "kinds" | "ids">): void {
  for (const pattern of kinds) {
    if (pattern === "" || Buffer.byteLength(pattern) > MAX_PATTERN_BYTES) {
      throw wrong("--kind", "a pattern has 1 to 255 bytes, such as user.*.v1 or user.#");
    }
    if (pattern.split(".").some((word) => word.length > 1 && /[*#]/.test(word))) {
      throw wrong("--kind", "* and # stand for whole words: user.* and not user.reg*");
    }
  }
  if (ids.includes("")) throw wrong("--id", "an id has at least one character");
}

function wrong(option: string, why: string): BrokerError {
  return new BrokerError("config", {
    what: `${option} can match no message`,
    why,
    next: "slipway events list shows the kinds, slipway events peek the ids.",
  });
}
