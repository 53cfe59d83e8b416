import { Argument, type Command, Option } from "commander";
import { durationOf } from "./duration.ts";

const ACTIONS = ["status", "remove"] as const;

/** The command line of `domain`. */
export type DomainFlags = {
  readonly action: "bring" | (typeof ACTIONS)[number];
  /** With `remove`: which names; empty: all of the config's. */
  readonly names: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly replaceRecords: boolean;
  readonly dnsElsewhere: boolean;
  /** Empty: public ones. */
  readonly resolvers: readonly string[];
};

const HELP = `
Without a word it brings the names of the environment's domain (slipway.config.ts) to its
distribution: certificate, validation records, names, A and AAAA records, and a visit to each name.
A run that was stopped or took too long is continued by the next one.

  slipway domain status --env production          how far each step is, days left, renewal
  slipway domain remove --env production          take the names away, the records first
  slipway domain remove old.example.com --env production`;

/** Half an hour is more than all waits together usually take. */
const TIMEOUT_MS = 30 * 60_000;

/** Gives `domain` its arguments and options. */
export function withDomainOptions(command: Command): Command {
  command
    .addArgument(new Argument("[action]", "what to do with the names").choices(ACTIONS))
    .addArgument(new Argument("[names...]", "remove: only these"))
    .addOption(
      new Option("--timeout <duration>", "wait this long in all: 90s, 30m, 2h")
        .argParser(durationOf)
        .default(TIMEOUT_MS, "30m"),
    )
    .option("--replace-records", "replace records of these names that lead elsewhere")
    .option("--dns-elsewhere", "another DNS host has the names, whatever zones the account has")
    .addHelpText("after", HELP);
  return withResolverOption(command);
}

/** Gives a command that asks for names the option to ask somebody else. */
export function withResolverOption(command: Command): Command {
  const what = "ask these resolvers instead of 1.1.1.1 and 8.8.8.8";
  return command.option("--resolver <address...>", what);
}

/** What was said on the command line. */
export function domainFlagsOf(
  action: (typeof ACTIONS)[number] | undefined,
  names: readonly string[],
  options: Readonly<Record<string, unknown>> & {
    readonly timeout: number;
    readonly resolver?: readonly string[];
  },
): DomainFlags {
  return {
    action: action ?? "bring",
    names,
    timeout: options.timeout,
    replaceRecords: options.replaceRecords === true,
    dnsElsewhere: options.dnsElsewhere === true,
    resolvers: options.resolver ?? [],
  };
}
