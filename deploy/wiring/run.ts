import { EXIT_CODES, exitCodeOf } from "../cli/exit-codes.ts";
import { createPaint } from "../cli/paint.ts";
import type { Invocation } from "../cli/program.ts";
import { renderError } from "../cli/render-error.ts";
import { renderJson, renderJsonError } from "../cli/render-json.ts";
import { SlipwayError } from "../core/errors.ts";
import { type Done, runBuild, runDeploy, runInvalidate, runPlan, runStatus } from "./handlers.ts";
import { runReleases, runRollback, runUnlock } from "./operate.ts";
import { hasColors, type Surroundings, type Wiring, wire } from "./wiring.ts";

/** Builds the adapters, runs the one command, says what came out of it. Gives the exit code; never throws. */
export async function runInvocation(
  invocation: Invocation,
  surroundings: Surroundings,
): Promise<number> {
  const { json, verbose } = invocation.global;
  try {
    const done = await dispatch(await wire(invocation, surroundings));
    if (json && done.result !== undefined) {
      surroundings.stdout.write(`${renderJson(done.result, done.exitCode)}\n`);
    }
    return done.exitCode;
  } catch (error) {
    const command = invocation.command;
    const colors = hasColors(invocation.global.color, surroundings);
    return reportFailure(error, { command, json, verbose, colors }, surroundings);
  }
}

/** A command line that could not be understood, told like every other error. Gives the exit code. */
export function reportUsage(
  message: string,
  args: readonly string[],
  surroundings: Surroundings,
): number {
  const error = new SlipwayError("usage", {
    what: "This command line cannot be understood",
    why: message.replace(/^error: /, "").replace(/\s+/g, " "),
    next: "slipway --help lists the commands, slipway COMMAND --help its options.",
  });
  const colors = hasColors(!args.includes("--no-color"), surroundings);
  const how = { command: "", json: args.includes("--json"), verbose: false, colors };
  return reportFailure(error, how, surroundings);
}

type ReportOptions = {
  readonly command: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly colors: boolean;
};

function reportFailure(
  error: unknown,
  { command, json, verbose, colors }: ReportOptions,
  { stdout, stderr }: Surroundings,
): number {
  const exitCode = error instanceof SlipwayError ? exitCodeOf(error.kind) : EXIT_CODES.fault.code;
  if (json) stdout.write(`${renderJsonError(command, error, exitCode)}\n`);
  stderr.write(`${renderError(error, createPaint(colors), verbose).join("\n")}\n`);
  return exitCode;
}

async function dispatch(wiring: Wiring): Promise<Done> {
  const { invocation } = wiring;
  switch (invocation.command) {
    case "build":
      return await runBuild(wiring);
    case "dev":
      await wiring.builder.serve();
      return { exitCode: EXIT_CODES.done.code };
    case "plan":
      return await runPlan(wiring, invocation);
    case "deploy":
      return await runDeploy(wiring, invocation);
    case "status":
      return await runStatus(wiring);
    case "releases":
      return await runReleases(wiring, invocation.limit);
    case "rollback":
      return await runRollback(wiring, invocation);
    case "unlock":
      return await runUnlock(wiring);
    case "invalidate":
      return await runInvalidate(wiring, invocation);
    case "edge": {
      const { runEdge } = await import("./edge-handler.ts");
      return { exitCode: await runEdge(wiring, invocation) };
    }
  }
}
