import { randomUUID } from "node:crypto";
import { ask } from "../cli/ask.ts";
import { deployExitCode, EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation, PlanFlags } from "../cli/program.ts";
import { renderInvalidate } from "../cli/render-invalidate.ts";
import type { CommandResult } from "../cli/render-json.ts";
import { renderPlan } from "../cli/render-plan.ts";
import { renderBuild, renderDeploy, renderStatus, renderTraffic } from "../cli/render-result.ts";
import { build } from "../commands/build.ts";
import { deploy } from "../commands/deploy.ts";
import { invalidateOnRequest } from "../commands/invalidate.ts";
import type { PlanOptions } from "../commands/plan.ts";
import type { PreviewPorts } from "../commands/preview.ts";
import { status } from "../commands/status.ts";
import { environmentOf, pathLimitsOf } from "../config.ts";
import type { RunFacts } from "../core/results.ts";
import { createClaimant } from "../local/claimant.ts";
import { digestText } from "../local/digest.ts";
import { createGitHistory } from "../local/git-history.ts";
import { listenForInterruption } from "../local/interruption.ts";
import { localProcesses } from "../local/machine.ts";
import { gzipCodec } from "../local/record-codec.ts";
import { systemClock } from "../local/system-clock.ts";
import { openSavedPlan } from "./saved-plans.ts";
import { connect, type Target } from "./target.ts";
import { edgeDirectory, type Wiring } from "./wiring.ts";

/** What a command came to: the JSON document's content and the exit code. */
export type Done = {
  readonly exitCode: number;
  readonly result?: CommandResult;
  readonly facts?: RunFacts;
};

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
  const { paint, say, surroundings, invocation } = wiring;
  const { plan: file, wait, waitForLock } = options;
  const saved = file === undefined ? undefined : await openSavedPlan(file, wiring);
  const target = await connectFrom(wiring);
  const factsOf = beginRun(wiring, target);
  const interruption = listenForInterruption(() =>
    say(["Stopping: what is under way is finished …"]),
  );
  const result = await deploy(
    { ...planOptions(wiring, options), wait, waitForLock, saved },
    {
      ...planPorts(wiring, target),
      cdn: target.cdn,
      claimant: createClaimant(surroundings.env),
      interruption,
      confirm: async (plan) => {
        say(renderPlan(plan, paint));
        const question = `Deploy this to ${invocation.global.env}?`;
        return target.asks ? await askPerson(question, wiring) : true;
      },
    },
  ).finally(() => interruption.stop());
  if (result.kind === "refused" || result.kind === "nothing-to-do") {
    say(renderPlan(result.plan, paint));
  }
  const facts = factsOf();
  say([...renderDeploy(result, paint), paint.faint(renderTraffic(facts.traffic))]);
  return { exitCode: deployExitCode(result), result: { command: "deploy", result }, facts };
}

/** Begins to measure a run; the answer gives what is true of it so far. */
export function beginRun({ invocation }: Wiring, { traffic }: Target): () => RunFacts {
  const started = systemClock.now().getTime();
  return () => ({
    environment: invocation.global.env,
    seconds: (systemClock.now().getTime() - started) / 1000,
    traffic: traffic(),
  });
}

/** Puts a question to whoever sits at the terminal; `--yes` answers it. */
export async function askPerson(question: string, wiring: Wiring): Promise<boolean> {
  const { stdin: input, stderr: output } = wiring.surroundings;
  return await ask(question, { input, output, yes: wiring.invocation.global.yes });
}

/** How the command line and the config want a plan to be made. */
export function planOptions({ config, invocation }: Wiring, flags: PlanFlags): PlanOptions {
  const { verify, force, allowed } = flags;
  const { id: site } = config.site;
  const environment = environmentOf(config, invocation.global.env);
  const url = environment.kind === "aws" ? environment.url : undefined;
  const guards = { allowed: new Set(allowed), limits: config.guards };
  const pathLimits = pathLimitsOf(config);
  return { site, url, grace: config.keep, guards, force, verify, pathLimits };
}

/** The ports that every command with a plan works with. */
export function planPorts(
  { files, reporter, surroundings }: Wiring,
  { store, state }: Target,
): PreviewPorts {
  return {
    processes: localProcesses,
    store,
    state,
    files,
    reporter,
    clock: systemClock,
    codec: gzipCodec,
    digest: digestText,
    history: createGitHistory(surroundings.root),
  };
}

/** `slipway status` */
export async function runStatus(wiring: Wiring): Promise<Done> {
  const { state } = await connectFrom(wiring);
  const records = { state, codec: gzipCodec };
  const result = await status({ ...records, clock: systemClock, processes: localProcesses });
  wiring.say(renderStatus(result, wiring.paint));
  return { exitCode: EXIT_CODES.done.code, result: { command: "status", result } };
}

/** `slipway invalidate` */
export async function runInvalidate(
  wiring: Wiring,
  options: Extract<Invocation, { command: "invalidate" }>,
): Promise<Done> {
  const { cdn, store, state } = await connectFrom(wiring);
  const { config, reporter } = wiring;
  const result = await invalidateOnRequest(
    { ...options, reference: `operator-${randomUUID()}`, pathLimits: pathLimitsOf(config) },
    { cdn, store, state, codec: gzipCodec, reporter, clock: systemClock },
  );
  wiring.say(renderInvalidate(result));
  return { exitCode: EXIT_CODES.done.code, result: { command: "invalidate", result } };
}

/** The environment that `--env` names, connected. */
export async function connectFrom({ config, invocation, surroundings }: Wiring): Promise<Target> {
  const environment = environmentOf(config, invocation.global.env);
  return await connect(environment, edgeDirectory(surroundings.root));
}
