import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import { EXIT_CODES } from "./cli/exit-codes.ts";
import { createProgram, type Invocation } from "./cli/program.ts";
import { watchOutput } from "./local/output.ts";
import type { Surroundings } from "./wiring/wiring.ts";

/**
 * The composition root: arguments and environment in, one command run, exit code out. Only the
 * command line's grammar is loaded here; what a command needs comes with `wiring/`, so that
 * `--help` does not wait for the AWS SDK.
 */
export async function main(
  args: readonly string[],
  surroundings: Surroundings = ofThisProcess(),
): Promise<number> {
  // The SDK's own notice about Node 20 says nothing that a user of the CLI can act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const output = watchOutput(surroundings.stdout, surroundings.stderr);
  const exitCode = await understand(args, surroundings);
  const fault = await output.fault();
  if (fault === undefined) return exitCode;
  const { reportLostOutput } = await import("./wiring/run.ts");
  return reportLostOutput(fault, exitCode, surroundings);
}

async function understand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = EXIT_CODES.done.code;
  const program = createProgram(packageVersion(), async (invocation: Invocation) => {
    const { runInvocation } = await import("./wiring/run.ts");
    exitCode = await runInvocation(invocation, surroundings);
  });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has shown the help. Who asked for it made no mistake; who named no command did.
    if (error.exitCode === 0) return EXIT_CODES.done.code;
    if (error.code === "commander.help") return EXIT_CODES.usage.code;
    const { reportUsage } = await import("./wiring/run.ts");
    return reportUsage(error.message, args, surroundings);
  }
  return exitCode;
}

function ofThisProcess(): Surroundings {
  const { env, stdin, stdout, stderr } = process;
  return { root: process.cwd(), env, stdin, stdout, stderr };
}

function packageVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
