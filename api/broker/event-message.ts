import type { NewEvent } from "../events/new-event.ts";
import { messageOf } from "../log.ts";
import type { EventPublisher } from "../outbox/event-publisher.ts";
import type { ConfirmPublisher, OutgoingMessage } from "./publisher.ts";
import { EVENTS } from "./topology.ts";

/** RFC 6839 and CloudEvents "JSON Event Format": the envelope travels whole, as the body. */
export const CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

const PERSISTENT = 2;

/**
 * The message that carries an event. What the broker's own tools show repeats the envelope; the
 * envelope is what counts. Throws on an envelope that is no JSON object.
 */
export function eventMessage(event: NewEvent, appId: string): OutgoingMessage {
  const { time, correlationid } = JSON.parse(event.envelope) as Readonly<Record<string, unknown>>;
  return {
    exchange: EVENTS,
    routingKey: event.routingKey,
    content: Buffer.from(event.envelope),
    properties: {
      messageId: event.id,
      type: event.routingKey,
      timestamp: Math.floor(Date.parse(String(time)) / 1000),
      contentType: CONTENT_TYPE,
      deliveryMode: PERSISTENT,
      appId,
      ...(typeof correlationid === "string" ? { correlationId: correlationid } : {}),
    },
  };
}

/** `appId`: who publishes, such as `api/0.1.0`. */
export function createEventPublisher(publisher: ConfirmPublisher, appId: string): EventPublisher {
  return {
    obstacle: () => publisher.obstacle(),
    onReady: (listener) => publisher.onReady(listener),
    async publish(event) {
      let message: OutgoingMessage;
      try {
        message = eventMessage(event, appId);
      } catch (error) {
        return { kind: "failed", error: `its envelope cannot be read: ${messageOf(error)}` };
      }
      return await publisher.publish(message);
    },
  };
}
