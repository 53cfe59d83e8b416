import { SlipwayError } from "../core/errors.ts";
import type { Manifest } from "../core/manifest.ts";
import { formatManifest } from "../core/manifest.ts";
import { isEmpty, type Plan } from "../core/plan.ts";
import {
  MANIFEST_KEY,
  nextManifest,
  type Release,
  releaseId,
  releaseKey,
} from "../core/release.ts";
import type { ChangeOutcome, DeployResult, InvalidationReceipt } from "../core/results.ts";
import type { SourceHistory, Stored, WriteCondition } from "../ports.ts";
import { type Applied, applyStages } from "./apply.ts";
import { type InvalidationPorts, invalidate } from "./invalidation.ts";
import { type Planned, type PlanPorts, planRelease } from "./plan.ts";
import type { Base } from "./state.ts";

/**
 * One deploy: read → plan → guards → the writes, stage by stage → manifest and release record →
 * invalidation → removal. Whatever it dies of, at whatever point, leaves extra objects in the bucket
 * and never a page that names a missing one; the next run starts from the same base and repeats.
 */
export type DeployPorts = PlanPorts &
  InvalidationPorts & {
    readonly history: SourceHistory;
    /** Asked once, before the first write, when there is something to do. */
    readonly confirm: (plan: Plan) => Promise<boolean>;
  };

export type DeployOptions = {
  readonly site: string;
  /** Wait until the CDN has completed the invalidation. */
  readonly wait: boolean;
};

export async function deploy(options: DeployOptions, ports: DeployPorts): Promise<DeployResult> {
  const started = ports.clock.now();
  const planned = await planRelease(options.site, ports);
  const { plan } = planned;
  if (plan.violations.length > 0) return { kind: "refused", plan };
  if (isEmpty(plan)) return { kind: "nothing-to-do", plan };
  if (!(await ports.confirm(plan))) return { kind: "declined", plan };
  const finished = await release(planned, options, ports);
  const seconds = (ports.clock.now().getTime() - started.getTime()) / 1000;
  return { ...finished, plan, seconds };
}

type Finished =
  | {
      readonly kind: "released";
      readonly release: Release;
      readonly outcomes: readonly ChangeOutcome[];
      readonly invalidations: readonly InvalidationReceipt[];
    }
  | {
      readonly kind: "partial";
      readonly outcomes: readonly ChangeOutcome[];
      readonly invalidations: readonly InvalidationReceipt[];
    };

async function release(
  { plan, base }: Planned,
  options: DeployOptions,
  ports: DeployPorts,
): Promise<Finished> {
  const applied = await write(plan, ports);
  if (applied.outcomes.some((change) => change.outcome.kind !== "done")) {
    return {
      kind: "partial",
      outcomes: [...applied.outcomes, ...notRemoved(plan)],
      invalidations: [],
    };
  }
  const record = await releaseOf(plan, ports);
  const before = base.kind === "manifest" ? base.manifest : undefined;
  const manifest = nextManifest({ plan, release: record.id, base: before, stored: applied.stored });
  await ports.store.writeState(releaseKey(record.id), ports.codec.encode(JSON.stringify(record)));
  const stored = await swapManifest(manifest, conditionOf(base), ports);
  const removes = manifest.leftovers.length > 0;
  const first = await invalidate(
    {
      invalidation: plan.invalidation.afterWrites,
      reference: `${record.id}-written`,
      wait: options.wait || removes,
    },
    ports,
  );
  if (!removes) {
    return { kind: "released", release: record, outcomes: applied.outcomes, invalidations: first };
  }
  const removals = await removeLeftovers(manifest, stored, ports);
  const second = await invalidate(
    {
      invalidation: plan.invalidation.afterRemovals,
      reference: `${record.id}-removed`,
      wait: options.wait,
    },
    ports,
  );
  const outcomes = [...applied.outcomes, ...removals];
  const invalidations = [...first, ...second];
  if (removals.some((change) => change.outcome.kind !== "done")) {
    return { kind: "partial", outcomes, invalidations };
  }
  return { kind: "released", release: record, outcomes, invalidations };
}

async function write(plan: Plan, ports: DeployPorts): Promise<Applied> {
  const changes = plan.stages.reduce((sum, stage) => sum + stage.writes.length, 0);
  if (changes === 0) return { outcomes: [], stored: new Map() };
  ports.reporter.report({ kind: "writes-started", changes, bytes: plan.totals.bytes });
  const applied = await applyStages(plan.stages, ports);
  ports.reporter.report({ kind: "writes-finished", changes });
  return applied;
}

function notRemoved(plan: Plan): readonly ChangeOutcome[] {
  return plan.changes.flatMap((change) =>
    change.kind === "remove"
      ? [{ key: change.key, outcome: { kind: "not-reached" } as const }]
      : [],
  );
}

async function releaseOf(plan: Plan, ports: DeployPorts): Promise<Release> {
  const time = ports.clock.now();
  return {
    version: 1,
    id: releaseId(time, plan.id),
    time: time.toISOString(),
    site: plan.site,
    plan: plan.id,
    totals: plan.totals,
    provenance: await ports.history.provenance(),
  };
}

function conditionOf(base: Base): WriteCondition {
  return base.kind === "none" ? { kind: "absent" } : { kind: "unchanged", etag: base.etag };
}

/** The manifest changes hands only if it is still the one this deploy was planned against. */
async function swapManifest(
  manifest: Manifest,
  condition: WriteCondition,
  { store, codec }: DeployPorts,
): Promise<Stored> {
  const answer = await store.writeState(
    MANIFEST_KEY,
    codec.encode(formatManifest(manifest)),
    condition,
  );
  if (answer.kind === "written") return answer.stored;
  throw new SlipwayError("locked", {
    what: "Another deploy finished while this one was running",
    why: `${MANIFEST_KEY} is no longer the one that this deploy was planned against`,
    next: "Run the deploy again: it compares with what the other one left.",
  });
}

/** Removes what no release names any more, then forgets it in the manifest. */
async function removeLeftovers(
  manifest: Manifest,
  stored: Stored,
  ports: DeployPorts,
): Promise<readonly ChangeOutcome[]> {
  const keys = manifest.leftovers;
  ports.reporter.report({ kind: "removal-started", keys: keys.length });
  const removals = await ports.store.remove(keys);
  const failed = removals.filter((removal) => removal.kind === "failed");
  const cleaned = { ...manifest, leftovers: failed.map((removal) => removal.key) };
  await swapManifest(cleaned, { kind: "unchanged", etag: stored.etag }, ports);
  ports.reporter.report({ kind: "removal-finished", keys: keys.length - failed.length });
  return removals.map((removal) => {
    const { key } = removal;
    if (removal.kind === "removed") return { key, outcome: { kind: "done" } };
    const error = {
      what: `${key} was not removed`,
      why: `${removal.code}: ${removal.message}`,
      next: "Run the deploy again: it removes what is left.",
    };
    return { key, outcome: { kind: "failed", failure: "cloud", error } };
  });
}
