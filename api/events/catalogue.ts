import Type, { type Static, type TObject } from "typebox";

/**
 * Every event that travels, by its routing key: when it is told, whom or what it is about, and its
 * data. The types, the JSON Schemas, asyncapi.yaml and the table in docs/events.md come from here.
 *
 * Data never holds an email address or a name: queues and exports must survive an erasure request.
 * A new optional field keeps the major. Anything else is a new kind, told beside the old one until
 * nothing binds the old one.
 */
type Entry = {
  /** Completes the sentence "It is told when …". */
  readonly when: string;
  /** What the envelope's `subject` names. */
  readonly subject: string;
  readonly data: TObject;
};

const closed = { additionalProperties: false } as const;

const userId = Type.String({ format: "uuid", description: "Whose registration it is." });
const locale = Type.String({
  minLength: 2,
  maxLength: 16,
  description: "The language to write in, as BCP 47 has it.",
});
const environment = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "The environment's name in slipway.config.ts.",
});
const releaseId = Type.String({ minLength: 1, maxLength: 128, description: "The release's id." });
const commit = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "The commit it was built of.",
});
const count = (description: string) => Type.Integer({ minimum: 0, description });

export const catalogue = {
  "user.registered.v1": {
    when: "a new address was registered and waits for its confirmation",
    subject: "the user's id",
    data: Type.Object({ userId, locale }, closed),
  },
  "user.registration-repeated.v1": {
    when: "an address that is known already was registered once more",
    subject: "the user's id",
    data: Type.Object({ userId, locale }, closed),
  },
  "user.confirmed.v1": {
    when: "the link in the mail was followed and the registration confirmed",
    subject: "the user's id",
    data: Type.Object(
      {
        userId,
        confirmedAt: Type.String({ format: "date-time", description: "When it was confirmed." }),
      },
      closed,
    ),
  },
  "user.erased.v1": {
    when: "a user's data was erased at the user's wish",
    subject: "the user's id",
    data: Type.Object({ userId }, closed),
  },
  "site.published.v1": {
    when: "a deploy has finished and its release is live",
    subject: "the release's id",
    data: Type.Object(
      {
        environment,
        releaseId,
        commit: Type.Optional(commit),
        created: count("Files that are new."),
        replaced: count("Files whose content or headers changed."),
        removed: count("Files that are gone."),
      },
      closed,
    ),
  },
  "site.rolled-back.v1": {
    when: "an earlier release was made live again",
    subject: "the id of the release that is live now",
    data: Type.Object(
      {
        environment,
        releaseId,
        restoredFrom: Type.String({
          minLength: 1,
          maxLength: 128,
          description: "The earlier release whose files are live again.",
        }),
        commit: Type.Optional(commit),
      },
      closed,
    ),
  },
  "site.cache-invalidated.v1": {
    when: "an operator had the CDN forget pages",
    subject: "the environment's name",
    data: Type.Object(
      {
        environment,
        scope: Type.Union([Type.Literal("paths"), Type.Literal("everything")], {
          description: "Whether some paths were named, or all was forgotten.",
        }),
        paths: count("How many paths were named; 1 for everything."),
      },
      closed,
    ),
  },
  "ops.probe.v1": {
    when: "an operator's command asks whether unroutable messages are kept; it is taken out again",
    subject: "the probe's own id",
    data: Type.Object({ probeId: Type.String({ format: "uuid" }) }, closed),
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type EventKind = keyof typeof catalogue;
export type EventData<Kind extends EventKind> = Static<(typeof catalogue)[Kind]["data"]>;

export const eventKinds = Object.keys(catalogue) as readonly EventKind[];

export function isEventKind(text: string): text is EventKind {
  return Object.hasOwn(catalogue, text);
}
