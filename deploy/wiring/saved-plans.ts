import { openPlan } from "../commands/saved-plan.ts";
import type { Plan } from "../core/plan.ts";
import { formatPlan } from "../core/plan-document.ts";
import { digestText } from "../local/digest.ts";
import { readPlanFile, writePlanFile } from "../local/plan-file.ts";
import type { Wiring } from "./wiring.ts";

/** The plan of `--plan FILE`, if it is one for this site and environment. */
export async function openSavedPlan(file: string, wiring: Wiring): Promise<Plan> {
  const { config, invocation, surroundings } = wiring;
  const text = await readPlanFile(surroundings.root, file);
  const target = { site: config.site.id, environment: invocation.global.env };
  return openPlan(text, target, digestText);
}

/** Saves a plan for `--out FILE`. */
export async function savePlan(file: string, plan: Plan, wiring: Wiring): Promise<void> {
  const { invocation, surroundings } = wiring;
  const text = formatPlan({ environment: invocation.global.env, plan }, digestText);
  await writePlanFile(surroundings.root, file, text);
}
