import { ask } from "../cli/ask.ts";
import { deployExitCode, EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation, PlanFlags } from "../cli/program.ts";
import { renderInvalidate } from "../cli/render-invalidate.ts";
import type { CommandResult } from "../cli/render-json.ts";
import { renderPlan } from "../cli/render-plan.ts";
import { renderBuild, renderDeploy, renderStatus, renderTraffic } from "../cli/render-result.ts";
import { build, buildWith } from "../commands/build.ts";
import { type FailureText, SlipwayError } from "../core/errors.ts";
import type { Plan } from "../core/plan.ts";
import type { RunFacts } from "../core/results.ts";
import { listenForInterruption } from "../local/interruption.ts";
import { systemClock } from "../local/system-clock.ts";
import { openSavedPlan } from "./saved-plans.ts";
import type { Wiring } from "./wiring.ts";

/** What a command came to: the JSON document's content and the exit code. */
export type Done = {
  readonly exitCode: number;
  readonly result?: CommandResult;
  readonly facts?: RunFacts;
};

/** `slipway build` with arguments for the site's own program, which alone knows what it did. */
export async function runBuildWith(args: readonly string[], wiring: Wiring): Promise<Done> {
  refuseDocument(wiring, {
    what: "A build with arguments of its own gives no document",
    why: `--json counts the output folder, and ${args.join(" ")} may write elsewhere`,
    next: "Leave out --json, or those arguments.",
  });
  await buildWith(args, wiring);
  return { exitCode: EXIT_CODES.done.code };
}

/** `slipway dev` and `slipway new`: the site's own programs, which say themselves what they do. */
export async function runSiteProgram(
  command: "dev" | "new",
  work: () => Promise<void>,
  wiring: Wiring,
): Promise<Done> {
  refuseDocument(wiring, {
    what: `slipway ${command} gives no document`,
    why: "the site's own program does the work, and says in its own words what it did",
    next: "Leave out --json; the exit code says how it ended.",
  });
  await work();
  return { exitCode: EXIT_CODES.done.code };
}

function refuseDocument({ invocation }: Wiring, text: FailureText): void {
  if (invocation.global.json) throw new SlipwayError("usage", text);
}

/** `slipway build`, and the first half of `edge --publish`. */
export async function runBuild(wiring: Wiring): Promise<Done> {
  const { builder, files, reporter } = wiring;
  const result = await build({ builder, files, reporter, clock: systemClock });
  wiring.say(renderBuild(result));
  return { exitCode: EXIT_CODES.done.code, result: { command: "build", result } };
}

/** `slipway deploy`, and the second half of `edge --publish`. */
export async function runDeploy(
  wiring: Wiring,
  options: PlanFlags & {
    readonly plan?: string | undefined;
    readonly wait: boolean;
    readonly waitForLock: number;
  },
): Promise<Done> {
  const { paint, say, invocation, slipway } = wiring;
  const { plan: file, ...how } = options;
  const plan = file === undefined ? undefined : await openSavedPlan(file, wiring);
  const factsOf = beginRun(wiring);
  const confirm = agreement(`Deploy this to ${invocation.global.env}?`, wiring);
  const result = await untilInterrupted(wiring, (signal) =>
    slipway.deploy({ ...how, plan, confirm, signal }),
  );
  if (result.kind === "refused" || result.kind === "nothing-to-do") {
    say(renderPlan(result.plan, paint));
  }
  const facts = await factsOf();
  say([...renderDeploy(result, paint), paint.faint(renderTraffic(facts.traffic))]);
  return { exitCode: deployExitCode(result), result: { command: "deploy", result }, facts };
}

/** Begins to measure a run; the answer gives what is true of it so far. */
export function beginRun({ invocation, slipway }: Wiring): () => Promise<RunFacts> {
  const started = systemClock.now().getTime();
  return async () => ({
    environment: invocation.global.env,
    seconds: (systemClock.now().getTime() - started) / 1000,
    traffic: await slipway.traffic(),
  });
}

/** Works until the end, or until Ctrl-C asks it to come to one. */
export async function untilInterrupted<Result>(
  { say }: Wiring,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const interruption = listenForInterruption(() =>
    say(["Stopping: what is under way is finished …"]),
  );
  return await work(interruption.signal).finally(() => interruption.stop());
}

/** Shows the plan, and asks before anything is written to an account; the local edge is nobody's. */
export function agreement(question: string, wiring: Wiring): (plan: Plan) => Promise<boolean> {
  return async (plan) => {
    wiring.say(renderPlan(plan, wiring.paint));
    return wiring.slipway.environment.kind === "local" || (await askPerson(question, wiring));
  };
}

/** Puts a question to whoever sits at the terminal; `--yes` answers it. */
export async function askPerson(question: string, wiring: Wiring): Promise<boolean> {
  const { stdin: input, stderr: output } = wiring.surroundings;
  return await ask(question, { input, output, yes: wiring.invocation.global.yes });
}

/** `slipway status` */
export async function runStatus(wiring: Wiring): Promise<Done> {
  const result = await wiring.slipway.status();
  wiring.say(renderStatus(result, wiring.paint));
  return { exitCode: EXIT_CODES.done.code, result: { command: "status", result } };
}

/** `slipway invalidate` */
export async function runInvalidate(
  wiring: Wiring,
  { paths, ...how }: Extract<Invocation, { command: "invalidate" }>,
): Promise<Done> {
  const result = await wiring.slipway.invalidate(paths, how);
  wiring.say(renderInvalidate(result));
  return { exitCode: EXIT_CODES.done.code, result: { command: "invalidate", result } };
}
