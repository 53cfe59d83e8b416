import type { RoutingKey } from "./routing-key.ts";

/** An event as the domain hands it to the store, to be written beside the change it tells of. */
export type NewEvent = {
  /** UUID; the AMQP message-id, by which consumers recognise a duplicate. */
  readonly id: string;
  readonly routingKey: RoutingKey;
  /** The CloudEvents envelope as JSON; a store may keep it in another order of keys. */
  readonly envelope: string;
};
