import Type, { type TObject } from "typebox";
import Schema, { type Validator } from "typebox/schema";
import { catalogue, type EventData, type EventKind, isEventKind } from "./catalogue.ts";
import type { NewEvent } from "./new-event.ts";
import { routingKey } from "./routing-key.ts";

/** The envelope of CloudEvents 1.0 in structured mode: it survives export, replay and a shovel. */
export type Envelope<Kind extends EventKind = EventKind> = {
  [K in Kind]: {
    readonly specversion: "1.0";
    readonly id: string;
    readonly source: string;
    readonly type: K;
    readonly subject: string;
    readonly time: string;
    readonly datacontenttype: "application/json";
    readonly correlationid?: string;
    readonly data: Readonly<EventData<K>>;
  };
}[Kind];

export type EventFacts<Kind extends EventKind> = {
  /** The part of the system that tells it: a URI reference, such as `/api`. */
  readonly source: string;
  readonly subject: string;
  readonly time: Date;
  /** The request that caused it, if one did; at most 64 characters. */
  readonly correlationId?: string | undefined;
  readonly data: EventData<Kind>;
  /** A UUID; a fresh one unless given. */
  readonly id?: string;
};

/** Makes an event ready for the outbox. Throws a TypeError on facts that break the catalogue. */
export function makeEvent<Kind extends EventKind>(kind: Kind, facts: EventFacts<Kind>): NewEvent {
  const { source, subject, correlationId, data, id = crypto.randomUUID() } = facts;
  const envelope = {
    specversion: "1.0",
    id,
    source,
    type: kind,
    subject,
    time: facts.time.toISOString(),
    datacontenttype: "application/json",
    ...(correlationId === undefined ? {} : { correlationid: correlationId }),
    data,
  };
  const problem = findProblem(kind, envelope, "sent");
  if (problem !== undefined) throw new TypeError(`not a ${kind}: ${problem}`);
  return { id, routingKey: routingKey(kind), envelope: JSON.stringify(envelope) };
}

export type ReadEnvelope =
  | { readonly kind: "event"; readonly envelope: Envelope }
  | { readonly kind: "unknown-kind"; readonly type: string }
  | { readonly kind: "malformed"; readonly reason: string };

/**
 * Reads an envelope that someone else wrote; never throws. Fields that the catalogue does not know are
 * let through: a newer release may add optional ones.
 */
export function readEnvelope(text: string): ReadEnvelope {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "malformed", reason: `no JSON: ${(error as Error).message}` };
  }
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : "";
  if (typeof type !== "string" || type === "") {
    return { kind: "malformed", reason: "it has no type" };
  }
  if (!isEventKind(type)) return { kind: "unknown-kind", type };
  const problem = findProblem(type, value, "received");
  if (problem !== undefined) return { kind: "malformed", reason: problem };
  return { kind: "event", envelope: value as Envelope };
}

/** The JSON Schema of one kind's whole envelope. */
export function envelopeSchema(kind: EventKind): TObject {
  const { data } = catalogue[kind];
  return Type.Object(
    {
      specversion: Type.Literal("1.0"),
      id: Type.String({ format: "uuid" }),
      source: Type.String({ format: "uri-reference", minLength: 1, maxLength: 255 }),
      type: Type.Literal(kind),
      subject: Type.String({ minLength: 1, maxLength: 255 }),
      time: Type.String({ format: "date-time" }),
      datacontenttype: Type.Literal("application/json"),
      correlationid: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      data,
    },
    { $id: kind, additionalProperties: false },
  );
}

/**
 * A producer may send nothing beyond the catalogue, so that no personal data slips in; a consumer
 * takes what has all that the catalogue asks for.
 */
const checks = { sent: new Map<EventKind, Validator>(), received: new Map<EventKind, Validator>() };

function findProblem(
  kind: EventKind,
  value: unknown,
  direction: keyof typeof checks,
): string | undefined {
  const check = checks[direction].get(kind) ?? Schema.Compile(schemaFor(kind, direction));
  checks[direction].set(kind, check);
  if (check.Check(value)) return undefined;
  const [, errors] = check.Errors(value);
  return errors.map(({ instancePath, message }) => `${instancePath || "it"} ${message}`).join("; ");
}

function schemaFor(kind: EventKind, direction: keyof typeof checks): TObject {
  const sent = envelopeSchema(kind);
  if (direction === "sent") return sent;
  return Type.Object({ ...sent.properties, data: Type.Object(catalogue[kind].data.properties) });
}
