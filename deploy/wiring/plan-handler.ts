import { EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation } from "../cli/program.ts";
import { renderPlan } from "../cli/render-plan.ts";
import { renderPlanMarkdown } from "../cli/render-plan-markdown.ts";
import { isEmpty, type Plan } from "../core/plan.ts";
import type { PlanResult } from "../core/results.ts";
import { beginRun, type Done } from "./handlers.ts";
import { savePlan } from "./saved-plans.ts";
import type { Wiring } from "./wiring.ts";

type PlanInvocation = Extract<Invocation, { command: "plan" }>;

/** `slipway plan` */
export async function runPlan(wiring: Wiring, invocation: PlanInvocation): Promise<Done> {
  const factsOf = beginRun(wiring);
  const result = await wiring.slipway.plan(invocation);
  const { plan } = result;
  if (invocation.out !== undefined) await savePlan(invocation.out, plan, wiring);
  show(result, wiring, invocation);
  const exitCode = exitCodeOf(plan, invocation);
  return { exitCode, result: { command: "plan", result }, facts: await factsOf() };
}

function show(result: PlanResult, wiring: Wiring, { format, out, global }: PlanInvocation): void {
  if (format === "markdown" && !global.json) {
    wiring.surroundings.stdout.write(renderPlanMarkdown(result, global.env));
    return;
  }
  const { plan, causes, deploying } = result;
  wiring.say([
    ...renderPlan(plan, wiring.paint, causes),
    ...(deploying === undefined
      ? []
      : ["", `  ${deploying.owner} deploys right now: this plan may be out of date.`]),
    ...(out === undefined
      ? []
      : ["", `Saved in ${out}. To apply exactly this: slipway deploy --plan ${out}`]),
  ]);
}

/** A refused plan is refused, whoever asks and however. */
function exitCodeOf(plan: Plan, { exitCode: asked }: PlanInvocation): number {
  if (plan.violations.length > 0) return EXIT_CODES.refused.code;
  return asked && !isEmpty(plan) ? EXIT_CODES.pending.code : EXIT_CODES.done.code;
}
