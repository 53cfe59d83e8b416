import type { TSchema } from "typebox";
import { catalogue, type EventKind, eventKinds } from "../../api/events/catalogue.ts";
import { makeEvent } from "../../api/events/envelope.ts";

/** docs/events.md. Same catalogue, same text; only the prose around the tables is here. */
export function renderEventCatalogue(): string {
  return `${HEAD}
${table(["Routing key", "It is told when", "Subject"], eventKinds.map(row))}

## The data of each

${eventKinds.map(section).join("\n\n")}

${TAIL}
\`\`\`json
${JSON.stringify(JSON.parse(example().envelope), null, 2)}
\`\`\`
`;
}

const HEAD = `<!-- Made from api/events/catalogue.ts by \`npm run docs:events\`. Not to be edited. -->

# The events

Everything that happens is told to one exchange, \`events\`. A service that wants to know binds a queue of
its own to the kinds it cares about ([how](messaging.md)). The same for programs:
[asyncapi.yaml](events/asyncapi.yaml), and a JSON Schema for each kind beside it.

A routing key is \`<aggregate>.<past-tense-event>.v<major>\`: lower case, three words, hyphens inside a word.
No event holds an email address or a name. Queues, exports and backups would keep it after its owner had
it erased; who needs it looks it up by the user's id.
`;

const TAIL = `## Reading one

The body is a CloudEvents 1.0 envelope in structured mode, \`application/cloudevents+json\`. The message's
properties repeat what the broker's own tools show: \`message-id\` is \`id\`, \`type\` is the routing key,
\`correlation-id\` is \`correlationid\`, \`timestamp\` is \`time\` in seconds.

- **An event can come twice**, under the same \`id\`. Note the ids that you have acted on, in the transaction
  in which you act.
- **Events can come in another order** than they happened. \`time\` says when.
- **Ignore fields that you do not know.** A new optional field keeps the major. Anything else becomes a new
  kind, \`v2\`, told beside \`v1\` until nothing binds \`v1\`.

A new kind is an entry in \`api/events/catalogue.ts\`, and \`npm run docs:events\`; a test fails while this page
differs from the catalogue.
`;

function row(kind: EventKind): readonly string[] {
  return [`[\`${kind}\`](events/${kind}.json)`, catalogue[kind].when, catalogue[kind].subject];
}

function section(kind: EventKind): string {
  const { properties, required = [] } = catalogue[kind].data;
  const fields = Object.entries<TSchema>(properties).map(([name, schema]) => [
    `\`${name}\``,
    typeOf(schema),
    (required as readonly string[]).includes(name) ? "always" : "if known",
    describe(schema),
  ]);
  return `### \`${kind}\`\n\n${table(["Field", "Type", "Given", "What it is"], fields)}`;
}

type Described = TSchema & {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly anyOf?: readonly { readonly const?: unknown }[];
};

function typeOf(schema: Described): string {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((one) => `\`${JSON.stringify(one.const)}\``).join(" or ");
  }
  return schema.format ?? schema.type ?? "anything";
}

function describe(schema: Described): string {
  return schema.description ?? "";
}

function example() {
  const userId = "5f0f7a3e-6f3f-4a53-9d4c-2b7a8e1c9d10";
  return makeEvent("user.registered.v1", {
    id: "0b8f6c1e-5d0a-4f0e-9c55-0d1f4f6f2a11",
    source: "/api",
    subject: userId,
    time: new Date("2026-11-30T12:00:00Z"),
    correlationId: "7c1d4b1e-1f5a-4c55-8a0e-2f1f3f0f9e77",
    data: { userId, locale: "en" },
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
