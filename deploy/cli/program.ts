import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { EXIT_CODES } from "./exit-codes.ts";

/** What every command takes. */
export type GlobalOptions = {
  readonly env: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
};

/** One parsed command line. */
export type Invocation = { readonly global: GlobalOptions } & (
  | { readonly command: "build" }
  | { readonly command: "dev" }
  | { readonly command: "plan"; readonly exitCode: boolean }
  | { readonly command: "deploy"; readonly wait: boolean }
  | { readonly command: "status" }
  | {
      readonly command: "invalidate";
      readonly paths: readonly string[];
      readonly all: boolean;
      readonly wait: boolean;
    }
  | {
      readonly command: "edge";
      readonly port: number | undefined;
      readonly publish: boolean;
      readonly printEnv: boolean;
    }
);

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

  add("build", "build the site into its output folder").action((options) =>
    run({ command: "build", global: globalOf(options) }),
  );

  add("dev", "serve the site while you write, with live reload").action((options) =>
    run({ command: "dev", global: globalOf(options) }),
  );

  add("plan", "show what a deploy would change; writes nothing")
    .option("--exit-code", "end with 3 when changes are pending")
    .action((options) =>
      run({ command: "plan", exitCode: options.exitCode === true, global: globalOf(options) }),
    );

  add("deploy", "send what changed, invalidate exactly those URLs, remove what is gone")
    .option("--wait", "wait until the CDN has completed the invalidation")
    .action((options) =>
      run({ command: "deploy", wait: options.wait === true, global: globalOf(options) }),
    );

  add("status", "what is live, since when, and from which commit").action((options) =>
    run({ command: "status", global: globalOf(options) }),
  );

  add("invalidate", "make the CDN forget URLs")
    .addArgument(new Argument("[paths...]", "URL paths: /, /blog/, /blog/*"))
    .option("--all", "forget everything")
    .option("--wait", "wait until the CDN has completed it")
    .action((paths: readonly string[], options) =>
      run({
        command: "invalidate",
        paths,
        all: options.all === true,
        wait: options.wait === true,
        global: globalOf(options),
      }),
    );

  add("edge", "run the local edge: S3, CloudFront and the site itself, on this machine")
    .addOption(
      new Option("--port <number>", "the site's port; the AWS-compatible API takes the next one")
        .env("SLIPWAY_PORT")
        .argParser(portOf),
    )
    .option("--publish", "build the site and deploy it to this edge first")
    .option("--print-env", "print what another AWS client needs to talk to it, and end")
    .action((options) =>
      run({
        command: "edge",
        port: options.port,
        publish: options.publish === true,
        printEnv: options.printEnv === true,
        global: globalOf(options),
      }),
    );

  return program;
}

function withGlobalOptions(command: Command): Command {
  return command
    .option("--env <name>", "the environment in slipway.config.ts", "local")
    .option("--json", "one JSON document on standard output, messages on standard error")
    .option("--yes", "ask no questions")
    .option("--verbose", "show stack traces")
    .option("--no-color", "no colours (also: NO_COLOR)");
}

function globalOf({ env, json, yes, verbose, color }: GlobalOptions): GlobalOptions {
  const on = (flag: boolean | undefined) => flag === true;
  return { env, json: on(json), yes: on(yes), verbose: on(verbose), color };
}

/** The viewer's port; its neighbour must exist too. */
function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_534) return port;
  throw new InvalidArgumentError("A port is a whole number from 1 to 65534.");
}

function exitCodeHelp(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return `\nExit codes:\n${lines.join("\n")}`;
}
