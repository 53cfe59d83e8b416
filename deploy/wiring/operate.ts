import { deployExitCode, EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation } from "../cli/program.ts";
import { renderPlan } from "../cli/render-plan.ts";
import { renderDeploy, renderReleases, renderUnlock } from "../cli/render-result.ts";
import { listReleases } from "../commands/releases.ts";
import { rollback } from "../commands/rollback.ts";
import { unlock } from "../commands/unlock.ts";
import { createClaimant } from "../local/claimant.ts";
import { listenForInterruption } from "../local/interruption.ts";
import { askPerson, connectFrom, type Done, planPorts } from "./handlers.ts";
import type { Wiring } from "./wiring.ts";

/** `slipway releases` */
export async function runReleases(wiring: Wiring, limit: number): Promise<Done> {
  const target = await connectFrom(wiring);
  const result = await listReleases(limit, planPorts(wiring, target));
  wiring.say(renderReleases(result, wiring.paint));
  return { exitCode: EXIT_CODES.done.code, result: { command: "releases", result } };
}

/** `slipway rollback` */
export async function runRollback(
  wiring: Wiring,
  { to, wait, waitForLock }: Extract<Invocation, { command: "rollback" }>,
): Promise<Done> {
  const { config, say, paint, surroundings, invocation } = wiring;
  const target = await connectFrom(wiring);
  const interruption = listenForInterruption(() =>
    say(["Stopping: what is under way is finished …"]),
  );
  const { id: site } = config.site;
  const guards = { allowed: new Set<never>() };
  const result = await rollback(
    { to, wait, waitForLock, site, grace: config.keep, guards },
    {
      ...planPorts(wiring, target),
      cdn: target.cdn,
      versions: target.versions,
      claimant: createClaimant(surroundings.env),
      interruption,
      confirm: async (plan) => {
        say(renderPlan(plan, paint));
        const question = `Roll ${invocation.global.env} back like this?`;
        return target.asks ? await askPerson(question, wiring) : true;
      },
    },
  ).finally(() => interruption.stop());
  say(renderDeploy(result, paint));
  return { exitCode: deployExitCode(result), result: { command: "rollback", result } };
}

/** `slipway unlock` */
export async function runUnlock(wiring: Wiring): Promise<Done> {
  const target = await connectFrom(wiring);
  const result = await unlock({
    ...planPorts(wiring, target),
    confirm: async ({ owner, since, intent }) => {
      wiring.say([`${owner} has been deploying ${intent.release} since ${since}.`]);
      return await askPerson("Break this lock?", wiring);
    },
  });
  wiring.say(renderUnlock(result));
  const isFree = result.kind !== "declined" && result.kind !== "moved";
  const exitCode = isFree ? EXIT_CODES.done.code : EXIT_CODES.locked.code;
  return { exitCode, result: { command: "unlock", result } };
}
