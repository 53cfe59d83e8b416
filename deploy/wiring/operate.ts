import { deployExitCode, EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation } from "../cli/program.ts";
import { renderPlan } from "../cli/render-plan.ts";
import { renderDeploy, renderReleases, renderUnlock } from "../cli/render-result.ts";
import { agreement, askPerson, type Done, untilInterrupted } from "./handlers.ts";
import type { Wiring } from "./wiring.ts";

/** `slipway releases` */
export async function runReleases(wiring: Wiring, limit: number): Promise<Done> {
  const result = await wiring.slipway.releases(limit);
  wiring.say(renderReleases(result, wiring.paint));
  return { exitCode: EXIT_CODES.done.code, result: { command: "releases", result } };
}

/** `slipway rollback` */
export async function runRollback(
  wiring: Wiring,
  { to, wait, waitForLock, allowed, global }: Extract<Invocation, { command: "rollback" }>,
): Promise<Done> {
  const { paint, say } = wiring;
  const confirm = agreement(`Roll ${global.env} back like this?`, wiring);
  const result = await untilInterrupted(wiring, (signal) =>
    wiring.slipway.rollback({ to, wait, waitForLock, allowed, confirm, signal }),
  );
  if (result.kind === "refused") say(renderPlan(result.plan, paint));
  say(renderDeploy(result, paint, "what that release held"));
  return { exitCode: deployExitCode(result), result: { command: "rollback", result } };
}

/** `slipway unlock` */
export async function runUnlock(wiring: Wiring): Promise<Done> {
  const result = await wiring.slipway.unlock(async ({ owner, since, intent }) => {
    wiring.say([`${owner} has been deploying ${intent.release} since ${since}.`]);
    return await askPerson("Break this lock?", wiring);
  });
  wiring.say(renderUnlock(result));
  const isFree = result.kind !== "declined" && result.kind !== "moved";
  const exitCode = isFree ? EXIT_CODES.done.code : EXIT_CODES.locked.code;
  return { exitCode, result: { command: "unlock", result } };
}
