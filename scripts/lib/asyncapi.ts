import { stringify } from "yaml";
import { CONTENT_TYPE } from "../../api/broker/event-message.ts";
import { EVENTS } from "../../api/broker/topology.ts";
import { catalogue, type EventKind, eventKinds } from "../../api/events/catalogue.ts";
import { envelopeSchema } from "../../api/events/envelope.ts";

/** AsyncAPI, "AMQP bindings": the version that the fields below are of. */
const BINDING = "0.3.0";
const PERSISTENT = 2;

const HEAD = "# Made from api/events/catalogue.ts by `npm run docs:events`. Not to be edited.\n";

/** asyncapi.yaml. Same catalogue, same text. */
export function renderAsyncApi(): string {
  const document = {
    asyncapi: "3.0.0",
    info: {
      title: "Slipway's events",
      version: "1.0.0",
      description:
        "What happens is told to one durable topic exchange. The routing key is the kind of event; its last word is the major version.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: CONTENT_TYPE,
    channels: Object.fromEntries(eventKinds.map((kind) => [nameOf(kind), channel(kind)])),
    operations: Object.fromEntries(eventKinds.map((kind) => [`tell-${nameOf(kind)}`, tell(kind)])),
    components: {
      messages: Object.fromEntries(eventKinds.map((kind) => [nameOf(kind), message(kind)])),
    },
  };
  return HEAD + stringify(document, { lineWidth: 100, aliasDuplicateObjects: false });
}

function channel(kind: EventKind) {
  return {
    address: kind,
    description: `Told when ${catalogue[kind].when}.`,
    messages: { [nameOf(kind)]: { $ref: `#/components/messages/${nameOf(kind)}` } },
    bindings: {
      amqp: {
        is: "routingKey",
        exchange: { name: EVENTS, type: "topic", durable: true, autoDelete: false },
        bindingVersion: BINDING,
      },
    },
  };
}

function tell(kind: EventKind) {
  const name = nameOf(kind);
  return {
    action: "send",
    channel: { $ref: `#/channels/${name}` },
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    bindings: {
      amqp: { deliveryMode: PERSISTENT, mandatory: true, timestamp: true, bindingVersion: BINDING },
    },
  };
}

function message(kind: EventKind) {
  return {
    name: kind,
    summary: `Told when ${catalogue[kind].when}.`,
    contentType: CONTENT_TYPE,
    correlationId: {
      description: "The request that caused it, if one did.",
      location: "$message.payload#/correlationid",
    },
    headers: {
      type: "object",
      properties: {
        "x-replay-count": {
          type: "integer",
          minimum: 1,
          description: "How often an operator has sent it once more.",
        },
      },
    },
    payload: withoutId(envelopeSchema(kind)),
    bindings: { amqp: { messageType: kind, bindingVersion: BINDING } },
  };
}

/** AsyncAPI takes letters, digits, dashes and underscores for a name: no dots. */
function nameOf(kind: EventKind): string {
  return kind.replaceAll(".", "-");
}

function withoutId({ $id: _, ...schema }: { readonly $id?: unknown; readonly type: string }) {
  return schema;
}
