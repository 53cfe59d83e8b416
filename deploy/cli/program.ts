import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { GUARD_RULES, type GuardRule, ROLLBACK_GUARDS } from "../core/guard-rules.ts";
import {
  type DomainFlags,
  domainFlagsOf,
  withDomainOptions,
  withResolverOption,
} from "./domain-options.ts";
import { durationOf } from "./duration.ts";
import { addEventsVerbs, type EventsFlags } from "./events-options.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { type PolicyFlags, policyFlagsOf, withPolicyOptions } from "./policy-options.ts";

/** What every command takes. */
export type GlobalOptions = {
  readonly env: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  /** The file that gets one JSON object for each event. */
  readonly events: string | undefined;
};

/** What `plan` and `deploy` share: how the plan is made. */
export type PlanFlags = {
  readonly verify: boolean;
  readonly force: boolean;
  /** Guards that were lifted, by name. */
  readonly allowed: readonly GuardRule[];
};

/** One parsed command line. */
export type Invocation = { readonly global: GlobalOptions } & (
  | {
      readonly command: "build";
      /** For the site's own program, as they were typed. */
      readonly args: readonly string[];
    }
  | { readonly command: "dev" }
  | {
      readonly command: "new";
      /** For the site's own program, as they were typed. */
      readonly args: readonly string[];
    }
  | ({
      readonly command: "plan";
      readonly exitCode: boolean;
      readonly format: "human" | "markdown";
      /** The file that the plan is saved in. */
      readonly out: string | undefined;
    } & PlanFlags)
  | ({
      readonly command: "deploy";
      /** The file with the plan to apply. */
      readonly plan: string | undefined;
      readonly wait: boolean;
      /** Milliseconds. */
      readonly waitForLock: number;
    } & PlanFlags)
  | { readonly command: "status" }
  | { readonly command: "releases"; readonly limit: number }
  | {
      readonly command: "rollback";
      /** The release, or the beginning of its id. */
      readonly to: string | undefined;
      readonly wait: boolean;
      /** Milliseconds. */
      readonly waitForLock: number;
      readonly allowed: readonly GuardRule[];
    }
  | { readonly command: "unlock" }
  | {
      readonly command: "invalidate";
      readonly paths: readonly string[];
      readonly all: boolean;
      /** A release, or the beginning of its id. */
      readonly changedSince: string | undefined;
      readonly wait: boolean;
      readonly dryRun: boolean;
    }
  | {
      readonly command: "doctor";
      /** Empty: public ones. */
      readonly resolvers: readonly string[];
    }
  | ({ readonly command: "policy" } & PolicyFlags)
  | ({ readonly command: "domain" } & DomainFlags)
  | ({ readonly command: "events" } & EventsFlags)
  | { readonly command: "setup"; readonly wait: boolean }
  | {
      readonly command: "edge";
      readonly port: number | undefined;
      /** Where requests for /api/ go; without it, where the environment's `api` says. */
      readonly api: string | undefined;
      readonly publish: boolean;
      readonly printEnv: boolean;
      /** Print the code of this function instead of running an edge. */
      readonly printFunction: ViewerFunctionName | undefined;
    }
);

/** The functions of the site's edge rules, by the moment at which CloudFront runs them. */
const VIEWER_FUNCTIONS = ["viewer-request", "viewer-response"] as const;
export type ViewerFunctionName = (typeof VIEWER_FUNCTIONS)[number];

/** Argv → one call of `run`. Loads nothing but commander, so that `--help` answers at once. */
export function createProgram(
  version: string,
  run: (invocation: Invocation) => Promise<void>,
): Command {
  const program = new Command("slipway")
    .version(version)
    .description("Build a static website and launch it to your own S3 bucket and CloudFront.")
    // A wrong command line is told like every other error; see main.ts.
    .configureOutput({ outputError: () => {} })
    .enablePositionalOptions()
    .addHelpText("after", exitCodeHelp())
    .configureHelp({ sortSubcommands: false })
    .exitOverride();

  const add = (name: string, description: string): Command =>
    withGlobalOptions(program.command(name).description(description).exitOverride());

  add("build", "build the site into its output folder")
    .addArgument(new Argument("[arguments...]", "for the site's own program, as --drafts"))
    .allowUnknownOption()
    .addHelpText("after", "\nslipway build -- --help shows what the site's own program takes.")
    .action((args: readonly string[], options) =>
      run({ command: "build", args, global: globalOf(options) }),
    );

  add("dev", "serve the site while you write, with live reload").action((options) =>
    run({ command: "dev", global: globalOf(options) }),
  );

  add("new", "begin an article with the site's own program")
    .addArgument(new Argument("[arguments...]", "what that program takes: a title, its options"))
    .allowUnknownOption()
    .passThroughOptions()
    .action((args: readonly string[], options) =>
      run({ command: "new", args, global: globalOf(options) }),
    );

  withPlanFlags(add("plan", "show what a deploy would change; writes nothing"))
    .option("--exit-code", "end with 3 when changes are pending")
    .option("--out <file>", "save the plan, for deploy --plan")
    .addOption(
      new Option("--format <format>", "for people, for a pull request, or as --json")
        .choices(["human", "markdown", "json"])
        .default("human"),
    )
    .action((options) => {
      const global = globalOf(options);
      return run({
        command: "plan",
        exitCode: options.exitCode === true,
        format: options.format === "markdown" ? "markdown" : "human",
        out: options.out,
        ...planFlagsOf(options),
        global: { ...global, json: global.json || options.format === "json" },
      });
    });

  withPlanFlags(
    add("deploy", "send what changed, invalidate exactly those URLs, remove what is gone"),
  )
    .addOption(
      new Option("--plan <file>", "apply the plan that was saved there, or nothing").conflicts([
        "force",
        "verify",
        ...GUARD_RULES.map((rule) => camelCase(`allow-${rule}`)),
      ]),
    )
    .option("--wait", "wait until the CDN has completed this and all earlier invalidations")
    .addOption(waitLockOption())
    .action((options) =>
      run({
        command: "deploy",
        plan: options.plan,
        wait: options.wait === true,
        waitForLock: options.waitLock,
        ...planFlagsOf(options),
        global: globalOf(options),
      }),
    );

  add("status", "what is live, since when, and from which commit").action((options) =>
    run({ command: "status", global: globalOf(options) }),
  );

  add("releases", "what was released when, by whom and from which commit")
    .addOption(
      new Option("--limit <number>", "show this many, the newest first")
        .argParser(countOf)
        .default(20),
    )
    .action((options) =>
      run({ command: "releases", limit: options.limit, global: globalOf(options) }),
    );

  withGuardFlags(
    add("rollback", "make an earlier release live again, by copies inside the bucket"),
    ROLLBACK_GUARDS,
  )
    .addArgument(
      new Argument("[id]", "the release or the beginning of its id; default: the one before"),
    )
    .option("--wait", "wait until the CDN has completed this and all earlier invalidations")
    .addOption(waitLockOption())
    .action((to: string | undefined, options) =>
      run({
        command: "rollback",
        to,
        wait: options.wait === true,
        waitForLock: options.waitLock,
        allowed: allowedOf(options),
        global: globalOf(options),
      }),
    );

  add("unlock", "show who holds the deploy lock, and break it on purpose").action((options) =>
    run({ command: "unlock", global: globalOf(options) }),
  );

  add("invalidate", "make the CDN forget URLs")
    .addArgument(new Argument("[paths...]", "URL paths, wildcards and globs, see below"))
    .option("--changed-since <release>", "what answers otherwise than in that release")
    .option("--all", "forget everything")
    .option("--wait", "wait until the CDN has completed it")
    .option("--dry-run", "show the paths and what they cost, and ask the CDN nothing")
    .addHelpText("after", INVALIDATE_HELP)
    .action((paths: readonly string[], options) =>
      run({
        command: "invalidate",
        paths,
        all: options.all === true,
        changedSince: options.changedSince,
        wait: options.wait === true,
        dryRun: options.dryRun === true,
        global: globalOf(options),
      }),
    );

  withResolverOption(
    add("doctor", "look at the live whole, name what is wrong and how to mend it"),
  ).action((options) =>
    run({ command: "doctor", resolvers: options.resolver ?? [], global: globalOf(options) }),
  );

  withPolicyOptions(
    add("policy", "print the IAM policy of a role, or of the GitHub jobs that may take one"),
  ).action((subject, options) =>
    run({ command: "policy", ...policyFlagsOf(subject, options), global: globalOf(options) }),
  );

  add("setup", "create or adopt the bucket and the CDN of an environment, step by step")
    .option("--wait", "wait until the CDN has everything everywhere")
    .action((options) =>
      run({ command: "setup", wait: options.wait === true, global: globalOf(options) }),
    );

  withDomainOptions(
    add("domain", "bring the site's own names and a certificate to the distribution"),
  ).action((action, names, options) =>
    run({ command: "domain", ...domainFlagsOf(action, names, options), global: globalOf(options) }),
  );

  addEventsVerbs(
    program
      .command("events")
      .description("look after the message bus, its error queues and the outbox"),
    (verb) => withGlobalOptions(verb),
    (flags, options) =>
      run({ command: "events", ...flags, global: globalOf(options as GlobalOptions) }),
  ).exitOverride();

  add("edge", "run the local edge: S3, CloudFront and the site itself, on this machine")
    .addOption(
      new Option("--port <number>", "the site's port; the AWS-compatible API takes the next one")
        .env("SLIPWAY_PORT")
        .argParser(portOf),
    )
    .addOption(
      new Option("--api <url>", "where /api/* goes, instead of the environment's api").argParser(
        apiOf,
      ),
    )
    .option("--publish", "build the site and deploy it to this edge first")
    .option("--print-env", "print what another AWS client needs to talk to it, and end")
    .addOption(
      new Option("--print-function [name]", "print the code that CloudFront runs, and end")
        .choices(VIEWER_FUNCTIONS)
        .preset(VIEWER_FUNCTIONS[0]),
    )
    .action((options) =>
      run({
        command: "edge",
        port: options.port === "" ? undefined : options.port,
        api: options.api,
        publish: options.publish === true,
        printEnv: options.printEnv === true,
        printFunction: options.printFunction,
        global: globalOf(options),
      }),
    );

  return program;
}

const INVALIDATE_HELP = `
Paths:
  /about/        a page, in all its forms: /about/ and /about/index.html
  /logo.svg      one file
  '/blog/*'      the CDN's own wildcard: one path, all that begins with /blog/
  '/blog/**'     a glob: every live URL below /blog/, each by its own path
  '*.css'        a glob without a slash: files of that name in any folder

Quote what has a star, or the shell replaces it with names of files here.`;

function withGlobalOptions(command: Command): Command {
  return command
    .option("--env <name>", "the environment in slipway.config.ts", "local")
    .option("--json", "one JSON document on standard output, messages on standard error")
    .option("--yes", "ask no questions")
    .option("--verbose", "show stack traces")
    .option("--no-color", "no colours (also: NO_COLOR)")
    .option(
      "--events <file>",
      "add each event to this file as a line of JSON (also: SLIPWAY_EVENTS)",
    );
}

function waitLockOption(): Option {
  return new Option("--wait-lock <duration>", "wait this long for another deploy to end: 90s, 5m")
    .argParser(durationOf)
    .default(0, "not at all");
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A number from 1 on.");
}

/** A guard is lifted by its own name and by nothing else; `--yes` lifts none. */
function withPlanFlags(command: Command): Command {
  command
    .option("--verify", "list the bucket, and mend what is not as the last release left it")
    .option("--force", "send every file again, whatever is known");
  return withGuardFlags(command, GUARD_RULES);
}

function withGuardFlags(command: Command, rules: readonly GuardRule[]): Command {
  for (const rule of rules) command.option(`--allow-${rule}`, `lift the guard ${rule}`);
  return command;
}

function planFlagsOf(options: Readonly<Record<string, unknown>>): PlanFlags {
  return {
    verify: options.verify === true,
    force: options.force === true,
    allowed: allowedOf(options),
  };
}

function allowedOf(options: Readonly<Record<string, unknown>>): readonly GuardRule[] {
  return GUARD_RULES.filter((rule) => options[camelCase(`allow-${rule}`)] === true);
}

/** Commander's name for a long option. */
function camelCase(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function globalOf(options: GlobalOptions): GlobalOptions {
  const { env, json, yes, verbose, color, events } = options;
  const on = (flag: boolean | undefined) => flag === true;
  return { env, json: on(json), yes: on(yes), verbose: on(verbose), color, events };
}

/** The viewer's port; its neighbour must exist too. */
function portOf(text: string): number | undefined {
  // An empty SLIPWAY_PORT is how many shells and CI systems say "not set".
  if (text === "") return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_534) return port;
  throw new InvalidArgumentError("A port is a whole number from 1 to 65534.");
}

function apiOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return text;
  throw new InvalidArgumentError("The address of an API, as http://127.0.0.1:8790.");
}

function exitCodeHelp(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return `\nExit codes:\n${lines.join("\n")}`;
}
