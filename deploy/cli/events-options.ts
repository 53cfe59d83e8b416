import { Argument, type Command, InvalidArgumentError, Option } from "commander";

/** Which messages of a queue are meant. */
export type SelectionFlags = {
  readonly queue: string;
  readonly kinds: readonly string[];
  readonly ids: readonly string[];
  readonly max: number | undefined;
};

/** A moment, or so long ago. */
export type Since =
  | { readonly kind: "at"; readonly time: Date }
  | { readonly kind: "ago"; readonly milliseconds: number };

/** The command line of `events`. */
export type EventsFlags =
  | { readonly verb: "setup" | "status" | "keep" | "discard" | "outbox" }
  | ({ readonly verb: "list" | "peek" } & SelectionFlags)
  | ({ readonly verb: "export"; readonly file: string } & SelectionFlags)
  | ({ readonly verb: "replay"; readonly dryRun: boolean } & SelectionFlags)
  | ({
      readonly verb: "drop" | "purge";
      readonly dryRun: boolean;
      /** The file that keeps what goes; a name of its own unless given. */
      readonly out: string | undefined;
    } & SelectionFlags)
  | { readonly verb: "republish"; readonly since: Since }
  | { readonly verb: "tail"; readonly kinds: readonly string[]; readonly max: number | undefined };

const ERROR_QUEUE = "events.errors";
/** What fits on a screen. */
const PEEKED = 10;

const HELP = `
Reads AMQP_URL, and AMQP_ADMIN_URL where only the management API knows or can do it;
outbox and republish read DATABASE_URL, or the API's own file without it.

Patterns: user.registered.v1, user.*.v1 (* is one word), user.# (# is any number of words).
In events.errors lies what no queue was bound for, in events.failed what a consumer gave up on.
docs/operating-events.md is the guide.`;

type Options = Readonly<Record<string, unknown>>;
type Run = (flags: EventsFlags, options: Options) => Promise<void>;

/** Gives `events` its verbs; `prepare` gives each the options that every command has. */
export function addEventsVerbs(
  events: Command,
  prepare: (verb: Command) => Command,
  run: Run,
): Command {
  const add = (verb: string, description: string): Command =>
    prepare(events.command(verb).description(description).exitOverride());
  const plain = (verb: "setup" | "status" | "keep" | "discard" | "outbox", description: string) =>
    add(verb, description).action((options: Options) => run({ verb }, options));

  plain("setup", "make the exchanges and the error queues, and bound them; as often as you like");
  plain(
    "status",
    "depth and age of the error queues, keep or discard, who is bound, alarms, outbox",
  );
  plain("keep", "keep messages that no queue is bound for in the error queue, and prove it");
  plain("discard", "let the broker drop messages that no queue is bound for, and prove it");

  withSelection(add("list", "what lies in the error queue, by kind")).action((options: Options) =>
    run({ verb: "list", ...selectionOf(options) }, options),
  );
  withSelection(add("peek", "show messages whole, and leave each in its place"), PEEKED).action(
    (options: Options) => run({ verb: "peek", ...selectionOf(options) }, options),
  );
  withSelection(add("export", "copy messages to a file, one line of JSON each"))
    .addArgument(new Argument("<file>", "a file that does not exist yet"))
    .action((file: string, options: Options) =>
      run({ verb: "export", file, ...selectionOf(options) }, options),
    );
  withSelection(add("replay", "publish messages again, after a look at who would get them"))
    .option("--dry-run", "show who would get them, and publish nothing")
    .action((options: Options) =>
      run({ verb: "replay", dryRun: options.dryRun === true, ...selectionOf(options) }, options),
    );
  withRemoval(withSelection(add("drop", "export some messages, and remove them"))).action(
    (options: Options) =>
      run({ verb: "drop", ...removalOf(options), ...selectionOf(options) }, options),
  );
  withRemoval(withQueue(add("purge", "export all messages, and remove them"))).action(
    (options: Options) =>
      run({ verb: "purge", ...removalOf(options), ...selectionOf(options) }, options),
  );

  add("republish", "send events again that the broker dropped, out of the API's outbox")
    .addOption(
      new Option("--since <when>", "published since then: 2026-11-30, 2026-11-30T12:00Z, 90m, 7d")
        .argParser(sinceOf)
        .makeOptionMandatory(),
    )
    .option("--unroutable", "those that no queue was bound for; there are no others")
    .action((options: Options) =>
      run({ verb: "republish", since: options.since as Since }, options),
    );
  plain("outbox", "events of the API that wait for the broker");
  add("tail", "show events as they are published, until Ctrl-C")
    .addArgument(new Argument("[patterns...]", "only these kinds"))
    .addOption(maxOption("end after so many"))
    .action((kinds: readonly string[], options: Options) =>
      run({ verb: "tail", kinds, max: options.max as number | undefined }, options),
    );
  return events.addHelpText("after", HELP);
}

function withQueue(command: Command): Command {
  return command.option("--queue <name>", "another queue, such as events.failed", ERROR_QUEUE);
}

function withSelection(command: Command, usual?: number): Command {
  return withQueue(command)
    .option("--kind <pattern>", "only messages of this kind; may be repeated", collect)
    .option("--id <id>", "only the message with this id; may be repeated", collect)
    .addOption(maxOption("at most so many, from the head of the queue on", usual));
}

function maxOption(description: string, usual?: number): Option {
  const option = new Option("-n, --max <number>", description).argParser(maxOf);
  return usual === undefined ? option : option.default(usual);
}

function withRemoval(command: Command): Command {
  return command
    .option("--out <file>", "the export; default: a file named by queue and time")
    .option("--dry-run", "show what would go, and remove nothing");
}

function selectionOf(options: Options): SelectionFlags {
  const { queue, kind, id, max } = options;
  return {
    queue: String(queue),
    kinds: (kind as readonly string[] | undefined) ?? [],
    ids: (id as readonly string[] | undefined) ?? [],
    max: max as number | undefined,
  };
}

function removalOf(options: Options) {
  return { dryRun: options.dryRun === true, out: options.out as string | undefined };
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function maxOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A number from 1 on.");
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function sinceOf(text: string): Since {
  const [, amount, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (amount !== undefined && factor !== undefined) {
    return { kind: "ago", milliseconds: Number(amount) * factor };
  }
  const time = new Date(text);
  // A bare number would be a year of its own to Date.
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return { kind: "at", time };
  throw new InvalidArgumentError("A date, a time, or so long ago: 2026-11-30, 90m, 12h, 7d.");
}
