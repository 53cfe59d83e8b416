import { BrokerError } from "../broker/broker-error.ts";
import { eventMessage } from "../broker/event-message.ts";
import { BrokerSession } from "../broker/session.ts";
import { publishing as topology } from "../broker/topology.ts";
import type { NewEvent } from "../events/new-event.ts";
import type { PublishOutcome } from "../outbox/outbox.ts";

export type PublishOnceOptions = {
  readonly amqpUrl: string;
  /** Who publishes, such as `slipway`. */
  readonly appId: string;
  /** For all of it; then the connection is cut, whatever the broker does. */
  readonly timeoutMs: number;
};

const CLOSE_MS = 500;

/**
 * Publishes one event of a process that has no outbox, and says what the broker did with it. Throws a
 * BrokerError when the broker did not confirm it in time; then it may have arrived all the same.
 */
export async function publishOnce(
  event: NewEvent,
  { amqpUrl, appId, timeoutMs }: PublishOnceOptions,
): Promise<PublishOutcome> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const session = await BrokerSession.open({ url: amqpUrl, name: appId, timeoutMs });
  const { host } = session.place;
  const tooLate = new Promise<never>((_, reject) => {
    const giveUp = () => reject(unconfirmed(`nothing came within ${timeoutMs / 1000} s`, host));
    if (deadline.aborted) giveUp();
    deadline.addEventListener("abort", giveUp);
  });
  const publishing = publishWith(session, event, appId);
  // Of the two only the first is heard.
  for (const promise of [publishing, tooLate]) promise.catch(() => undefined);
  try {
    return await Promise.race([publishing, tooLate]);
  } finally {
    await session.close(CLOSE_MS);
  }
}

async function publishWith(
  session: BrokerSession,
  event: NewEvent,
  appId: string,
): Promise<PublishOutcome> {
  // Who may not declare can still publish to what exists.
  await session.declare(topology).catch(() => undefined);
  const publisher = await session.publisher();
  const result = await publisher.publish(eventMessage(event, appId));
  switch (result.kind) {
    case "routed":
    case "unroutable":
      return result.kind;
    case "failed":
    case "unavailable":
      throw unconfirmed(result.error, session.place.host);
  }
}

function unconfirmed(why: string, host: string): BrokerError {
  return new BrokerError("failed", {
    what: `The broker at ${host} did not confirm the event`,
    why,
    next: "slipway events status says more.",
  });
}
