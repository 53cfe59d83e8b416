import { EXIT_CODES, exitCodeOf } from "../cli/exit-codes.ts";
import { createPaint } from "../cli/paint.ts";
import type { Invocation } from "../cli/program.ts";
import { renderError } from "../cli/render-error.ts";
import { renderJson, renderJsonError } from "../cli/render-json.ts";
import { SlipwayError } from "../core/errors.ts";
import { runDoctor } from "./doctor-handler.ts";
import { type EventLog, openEventLog } from "./events.ts";
import {
  type Done,
  runBuild,
  runBuildWith,
  runDeploy,
  runInvalidate,
  runSiteProgram,
  runStatus,
} from "./handlers.ts";
import { runReleases, runRollback, runUnlock } from "./operate.ts";
import { createPipeline } from "./pipeline.ts";
import { runPlan } from "./plan-handler.ts";
import { hasColors, type Surroundings, type Wiring, wire } from "./wiring.ts";

/** Builds the adapters, runs the one command, says what came out of it. Gives the exit code; never throws. */
export async function runInvocation(
  invocation: Invocation,
  surroundings: Surroundings,
): Promise<number> {
  const { command, global } = invocation;
  const { env: environment, json, verbose } = global;
  const pipeline = createPipeline(surroundings);
  let events: EventLog | undefined;
  let exitCode: number;
  try {
    events = openEventLog(invocation, surroundings);
    events.add({ kind: "command-started", command, environment });
    const wiring = await wire(invocation, surroundings, { events, pipeline });
    const done = await dispatch(wiring);
    exitCode = done.exitCode;
    if (done.result !== undefined) {
      if (json) surroundings.stdout.write(`${renderJson(done.result, exitCode, done.facts)}\n`);
      await pipeline.tellResult(done.result, { environment, url: wiring.slipway.url });
    }
  } catch (error) {
    const colors = hasColors(global.color, surroundings);
    exitCode = reportFailure(error, { command, json, verbose, colors }, surroundings);
    await pipeline.tellFailure(command, error, { environment });
  }
  events?.add({ kind: "command-finished", command, exitCode });
  events?.close();
  return exitCode;
}

/** A command line that could not be understood, told like every other error. Gives the exit code. */
export async function reportUsage(
  message: string,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const error = new SlipwayError("usage", {
    what: "This command line cannot be understood",
    why: message.replace(/^error: /, "").replace(/\s+/g, " "),
    next: "slipway --help lists the commands, slipway COMMAND --help its options.",
  });
  const colors = hasColors(!args.includes("--no-color"), surroundings);
  const how = { command: "", json: args.includes("--json"), verbose: false, colors };
  const exitCode = reportFailure(error, how, surroundings);
  await createPipeline(surroundings).tellFailure("", error, { environment: "" });
  return exitCode;
}

/** Output that had no place to go, told where there may be one. Gives the exit code. */
export function reportLostOutput(fault: Error, exitCode: number, { stderr }: Surroundings): number {
  const error = new SlipwayError("usage", {
    what: "The output could not be written",
    why: fault.message,
    next: "What the command did is done; make room for its output, then ask again: slipway status",
  });
  stderr.write(`${renderError(error, createPaint(false), false).join("\n")}\n`);
  return exitCode === EXIT_CODES.done.code ? exitCodeOf(error.kind) : exitCode;
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
  { stdout, stderr, env }: Surroundings,
): number {
  const exitCode = error instanceof SlipwayError ? exitCodeOf(error.kind) : EXIT_CODES.fault.code;
  if (json) stdout.write(`${renderJsonError(command, error, exitCode)}\n`);
  const lines = renderError(error, createPaint(colors), verbose);
  stderr.write(createPipeline({ env, stderr }).plain(`${lines.join("\n")}\n`));
  return exitCode;
}

async function dispatch(wiring: Wiring): Promise<Done> {
  const { invocation } = wiring;
  switch (invocation.command) {
    case "build": {
      const { args } = invocation;
      return args.length > 0 ? await runBuildWith(args, wiring) : await runBuild(wiring);
    }
    case "dev":
      return await runSiteProgram("dev", () => wiring.builder.serve(), wiring);
    case "new": {
      const { args } = invocation;
      return await runSiteProgram("new", () => wiring.builder.begin(args), wiring);
    }
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
    case "doctor":
      return await runDoctor(wiring, invocation);
    case "policy": {
      const { runPolicy } = await import("./policy-handler.ts");
      return runPolicy(wiring, invocation);
    }
    case "setup": {
      const { runSetup } = await import("./setup-handler.ts");
      return await runSetup(wiring, invocation);
    }
    case "domain": {
      const { runDomain } = await import("./domain-handler.ts");
      return await runDomain(wiring, invocation);
    }
    case "events": {
      const { runEvents } = await import("./events-handler.ts");
      return await runEvents(wiring, invocation);
    }
    case "edge": {
      const { runEdge } = await import("./edge-handler.ts");
      return { exitCode: await runEdge(wiring, invocation) };
    }
  }
}
