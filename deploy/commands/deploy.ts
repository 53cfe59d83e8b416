import type { Plan } from "../core/plan.ts";
import type { DeployResult } from "../core/results.ts";
import { type ClaimOptions, type ClaimPorts, claim, plannerFor } from "./claim.ts";
import { type PlanOptions, type PlanPorts, readSource } from "./plan.ts";
import { type PublishPorts, publish } from "./publish.ts";
import { plannerForSaved } from "./saved-plan.ts";
import { settle } from "./settle.ts";

export type DeployPorts = ClaimPorts & PublishPorts & Pick<PlanPorts, "files" | "history">;

export type DeployOptions = PlanOptions &
  ClaimOptions & {
    /** Wait until the edge shows the release: its invalidations, and those of earlier deploys. */
    readonly wait: boolean;
    /** Applies this plan and no other; how a plan is made does not matter then. */
    readonly saved?: Plan | undefined;
  };

/**
 * One deploy: read → plan → guards → agree → lock → publish. Whatever it dies of, at whatever point,
 * leaves extra objects in the bucket and never a page that names a missing one, and the next deploy
 * finishes what this one began.
 */
export async function deploy(options: DeployOptions, ports: DeployPorts): Promise<DeployResult> {
  const { saved } = options;
  if (saved !== undefined && saved.violations.length > 0) return { kind: "refused", plan: saved };
  const started = ports.clock.now();
  const source = await readSource(options, ports);
  const planner =
    saved === undefined
      ? plannerFor(source, options, ports)
      : plannerForSaved(saved, source, ports);
  const claimed = await claim(planner, options, ports);
  if (claimed.kind !== "claimed") return await settle(claimed, options, ports);
  const { planned, lease, release } = claimed;
  const { edge } = source;
  const published = await publish({ planned, lease, release, edge, wait: options.wait }, ports);
  const seconds = (ports.clock.now().getTime() - started.getTime()) / 1000;
  return await settle({ ...published, plan: planned.plan, seconds }, options, ports);
}
