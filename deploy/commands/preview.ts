import type { Lock } from "../core/lock.ts";
import type { Plan } from "../core/plan.ts";
import type { Processes } from "../ports.ts";
import { stateOf } from "./lease.ts";
import { type PlanOptions, type PlanPorts, planRelease, readSource } from "./plan.ts";
import { readLock } from "./state.ts";

export type Preview = {
  readonly plan: Plan;
  /** Whoever deploys right now; the plan may be out of date before it is read. */
  readonly deploying: Lock | undefined;
};

export type PreviewPorts = PlanPorts & { readonly processes: Processes };

/** What a deploy would do now, with what an earlier one left unfinished. Two requests, no write. */
export async function previewDeploy(options: PlanOptions, ports: PreviewPorts): Promise<Preview> {
  const [source, found] = await Promise.all([readSource(options, ports), readLock(ports)]);
  const lock = found === undefined ? undefined : stateOf(found.lock, ports);
  const unfinished = lock?.kind === "left-behind" ? lock.lock.intent : undefined;
  const { plan } = await planRelease(source, { ...options, unfinished }, ports);
  return { plan, deploying: lock?.kind === "held" ? lock.lock : undefined };
}
