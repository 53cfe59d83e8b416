import { ask } from "../cli/ask.ts";
import { deployExitCode, EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation, PlanFlags } from "../cli/program.ts";
import type { CommandResult } from "../cli/render-json.ts";
import { renderPlan } from "../cli/render-plan.ts";
import { renderBuild, renderDeploy, renderInvalidate, renderStatus } from "../cli/render-result.ts";
import { build } from "../commands/build.ts";
import { deploy } from "../commands/deploy.ts";
import { invalidateOnRequest } from "../commands/invalidate.ts";
import type { PlanOptions } from "../commands/plan.ts";
import { type PreviewPorts, previewDeploy } from "../commands/preview.ts";
import { status } from "../commands/status.ts";
import { environmentOf } from "../config.ts";
import { isEmpty } from "../core/plan.ts";
import { createClaimant } from "../local/claimant.ts";
import { digestText } from "../local/digest.ts";
import { createGitHistory } from "../local/git-history.ts";
import { listenForInterruption } from "../local/interruption.ts";
import { localProcesses } from "../local/machine.ts";
import { gzipCodec } from "../local/record-codec.ts";
import { systemClock } from "../local/system-clock.ts";
import { connect, type Target } from "./target.ts";
import { edgeDirectory, type Wiring } from "./wiring.ts";

/** What a command came to: the JSON document's content and the exit code. */
export type Done = { readonly exitCode: number; readonly result?: CommandResult };

/** `slipway build`, and the first half of `edge --publish`. */
export async function runBuild(wiring: Wiring): Promise<Done> {
  const { builder, files, reporter } = wiring;
  const result = await build({ builder, files, reporter, clock: systemClock });
  wiring.say(renderBuild(result));
  return { exitCode: EXIT_CODES.done.code, result: { command: "build", result } };
}

/** `slipway plan` */
export async function runPlan(
  wiring: Wiring,
  invocation: Extract<Invocation, { command: "plan" }>,
): Promise<Done> {
  const target = await connectFrom(wiring);
  const { plan } = await previewDeploy(planOptions(wiring, invocation), planPorts(wiring, target));
  wiring.say(renderPlan(plan, wiring.paint));
  const result = { command: "plan", result: { plan } } as const;
  if (plan.violations.length > 0) return { exitCode: EXIT_CODES.refused.code, result };
  const pending = invocation.exitCode && !isEmpty(plan);
  return { exitCode: pending ? EXIT_CODES.pending.code : EXIT_CODES.done.code, result };
}

/** `slipway deploy`, and the second half of `edge --publish`. */
export async function runDeploy(
  wiring: Wiring,
  options: PlanFlags & { readonly wait: boolean; readonly waitForLock: number },
): Promise<Done> {
  const { paint, say, surroundings, invocation } = wiring;
  const target = await connectFrom(wiring);
  const interruption = listenForInterruption(() =>
    say(["Stopping: what is under way is finished …"]),
  );
  const result = await deploy(
    { ...planOptions(wiring, options), wait: options.wait, waitForLock: options.waitForLock },
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
  say(renderDeploy(result, paint));
  return { exitCode: deployExitCode(result), result: { command: "deploy", result } };
}

/** Puts a question to whoever sits at the terminal; `--yes` answers it. */
export async function askPerson(question: string, wiring: Wiring): Promise<boolean> {
  const { stdin: input, stderr: output } = wiring.surroundings;
  return await ask(question, { input, output, yes: wiring.invocation.global.yes });
}

function planOptions({ config, invocation }: Wiring, flags: PlanFlags): PlanOptions {
  const { verify, force, allowed } = flags;
  const { id: site } = config.site;
  const environment = environmentOf(config, invocation.global.env);
  const url = environment.kind === "aws" ? environment.url : undefined;
  const guards = { allowed: new Set(allowed), limits: config.guards };
  return { site, url, grace: config.keep, guards, force, verify };
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
  const { cdn } = await connectFrom(wiring);
  const { reporter } = wiring;
  const result = await invalidateOnRequest(options, { cdn, reporter, clock: systemClock });
  wiring.say(renderInvalidate(result));
  return { exitCode: EXIT_CODES.done.code, result: { command: "invalidate", result } };
}

/** The environment that `--env` names, connected. */
export async function connectFrom({ config, invocation, surroundings }: Wiring): Promise<Target> {
  const environment = environmentOf(config, invocation.global.env);
  return await connect(environment, edgeDirectory(surroundings.root));
}
