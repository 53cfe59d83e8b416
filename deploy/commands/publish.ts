import { keyOf } from "../core/change.ts";
import type { EdgeDocument, EdgeState } from "../core/edge-document.ts";
import { SlipwayError } from "../core/errors.ts";
import { formatManifest, type Manifest, type ObsoleteEntry } from "../core/manifest.ts";
import type { Plan } from "../core/plan.ts";
import {
  formatRelease,
  MANIFEST_KEY,
  nextManifest,
  type Release,
  releaseKey,
  releaseOf,
} from "../core/release.ts";
import type { ChangeOutcome, InvalidationReceipt, ReleaseSummary } from "../core/results.ts";
import type { Removal, WriteCondition } from "../ports.ts";
import { type Applied, type ApplyPorts, applyStages } from "./apply.ts";
import { type InvalidationPorts, invalidate } from "./invalidation.ts";
import { type Lease, lostLease } from "./lease.ts";
import type { Planned } from "./plan.ts";
import { type EdgePorts, publishEdge } from "./publish-edge.ts";
import { type Base, readBase, readLock, type StatePorts } from "./state.ts";

export type PublishPorts = StatePorts & ApplyPorts & InvalidationPorts & EdgePorts;

export type PublishOrder = {
  readonly planned: Planned;
  readonly lease: Lease;
  /** What the CDN is to run once the plan is carried out, if the plan publishes anything. */
  readonly edge: EdgeDocument | undefined;
  /** The id of the release that comes into being. */
  readonly release: string;
  readonly rollbackTo?: string | undefined;
  /** Wait until the CDN has completed what it was asked. */
  readonly wait: boolean;
};

export type Published =
  | {
      readonly kind: "released";
      readonly release: ReleaseSummary;
      readonly outcomes: readonly ChangeOutcome[];
      readonly invalidations: readonly InvalidationReceipt[];
    }
  | {
      readonly kind: "partial";
      readonly outcomes: readonly ChangeOutcome[];
      readonly invalidations: readonly InvalidationReceipt[];
    };

/**
 * Carries a plan out: the writes, stage by stage → edge program → release record and manifest → invalidation →
 * removal → invalidation of what was removed. The lock goes last, and only when everything is done:
 * whatever this dies of, the intent stays, and the next deploy finishes it.
 */
export async function publish(order: PublishOrder, ports: PublishPorts): Promise<Published> {
  const { lease } = order;
  try {
    const published = await carryOut(order, ports);
    if (published.kind === "released") await giveLockBack(order, ports);
    else if (isUntouched(order, published)) await lease.release();
    else await abandon(lease);
    return published;
  } catch (error) {
    await abandon(lease);
    throw error;
  }
}

/** What the deploy came to matters more than a lock that cannot be reached: that one runs out by itself. */
async function abandon(lease: Lease): Promise<void> {
  await lease.abandon().catch((unmended: unknown) => {
    if (unmended instanceof SlipwayError && unmended.kind === "locked") throw unmended;
  });
}

async function carryOut(order: PublishOrder, ports: PublishPorts): Promise<Published> {
  const { planned, lease, release: id, wait } = order;
  const { plan, base } = planned;
  const applied = await write(plan, lease, ports);
  if (applied.outcomes.some((change) => change.outcome.kind !== "done")) {
    const outcomes = [...applied.outcomes, ...notRemoved(plan)];
    return { kind: "partial", outcomes, invalidations: [] };
  }
  const before = base.kind === "manifest" ? base.manifest : undefined;
  const edge = await publishWantedEdge(order, ports);
  const { stored } = applied;
  const manifest = nextManifest({ plan, release: id, base: before, stored, edge });
  const made = releaseOf(plan, { id, time: ports.clock.now(), manifest });
  const { rollbackTo } = order;
  const release = rollbackTo === undefined ? made : { ...made, rollbackTo };
  const { manifest: _, ...summary } = release;
  await lease.assure();
  await writeRecord(release, ports);
  await lease.assure();
  const etag = await swapManifest(manifest, conditionOf(base), ports);

  const removes = plan.totals.removed > 0;
  const written = { invalidation: plan.invalidation.afterWrites, reference: `${id}-written` };
  const first = await invalidate({ ...written, wait: wait || removes }, lease, ports);
  if (!removes) {
    return { kind: "released", release: summary, outcomes: applied.outcomes, invalidations: first };
  }
  await lease.assure();
  const removals = await remove(plan, ports);
  // A removal that came too late may have taken what another deploy has just stored.
  if (lease.isOver()) await lease.assure();
  if (removals.some((removal) => removal.kind === "failed")) {
    await lease.assure();
    await swapManifest(remembering(removals, plan, manifest), { kind: "unchanged", etag }, ports);
  }
  const removed = { invalidation: plan.invalidation.afterRemovals, reference: `${id}-removed` };
  const second = await invalidate({ ...removed, wait }, lease, ports);
  const outcomes = [...applied.outcomes, ...removals.map(outcomeOf)];
  const invalidations = [...first, ...second];
  if (outcomes.some((change) => change.outcome.kind !== "done")) {
    return { kind: "partial", outcomes, invalidations };
  }
  return { kind: "released", release: summary, outcomes, invalidations };
}

/** A redirect may lead to a page that this release brings: so pages first. */
async function publishWantedEdge(
  { planned, edge, lease }: PublishOrder,
  ports: PublishPorts,
): Promise<EdgeState | undefined> {
  const wanted = planned.plan.edge;
  if (wanted === undefined) return undefined;
  if (edge?.digest !== wanted) throw new Error(`nobody brought the edge program ${wanted}`);
  return await publishEdge(edge, lease, ports);
}

/** Stopped before the first write, and nothing was left to finish: there is nothing to leave either. */
function isUntouched({ planned }: PublishOrder, { outcomes }: Published): boolean {
  const isReached = outcomes.some(({ outcome }) => outcome.kind !== "not-reached");
  return !isReached && planned.plan.unfinished === undefined;
}

/** The lock of a finished release. Throws "locked" when another deploy had taken it. */
async function giveLockBack({ lease, release }: PublishOrder, ports: PublishPorts): Promise<void> {
  if (await lease.release()) return;
  // A removal whose answer was lost is refused when it is repeated: then nobody has come since.
  const [lock, base] = await Promise.all([readLock(ports), readBase(ports)]);
  const isLive = base.kind === "manifest" && base.manifest.release === release;
  if (lock !== undefined || !isLive) throw lostLease();
}

async function write(plan: Plan, lease: Lease, ports: PublishPorts): Promise<Applied> {
  const changes = plan.stages.reduce((sum, stage) => sum + stage.writes.length, 0);
  if (changes === 0) return { outcomes: [], stored: new Map() };
  ports.reporter.report({ kind: "writes-started", changes, bytes: plan.totals.bytes });
  const applied = await applyStages(plan.stages, lease, ports);
  ports.reporter.report({ kind: "writes-finished", changes });
  return applied;
}

function notRemoved(plan: Plan): readonly ChangeOutcome[] {
  return plan.changes
    .filter((change) => change.kind === "remove")
    .map((change) => ({ key: keyOf(change), outcome: { kind: "not-reached" } }));
}

async function writeRecord(release: Release, { state, codec }: PublishPorts): Promise<void> {
  // Its name is new, so a record that is there already is this one: an answer was lost on the way.
  await state.write(releaseKey(release.id), codec.encode(formatRelease(release)), {
    kind: "absent",
  });
}

function conditionOf(base: Base): WriteCondition {
  return base.kind === "none" ? { kind: "absent" } : { kind: "unchanged", etag: base.etag };
}

/** The manifest changes hands only if it is still the one that was planned against. Gives its new ETag. */
async function swapManifest(
  manifest: Manifest,
  condition: WriteCondition,
  ports: PublishPorts,
): Promise<string> {
  const body = ports.codec.encode(formatManifest(manifest));
  const answer = await ports.state.write(MANIFEST_KEY, body, condition);
  if (answer.kind === "written") return answer.stored.etag;
  // A write whose answer was lost is refused when it is repeated: then what is there is ours.
  const found = await readBase(ports);
  if (found.kind === "manifest" && found.manifest.release === manifest.release) return found.etag;
  throw new SlipwayError("locked", {
    what: "Another deploy finished while this one was running",
    why: `${MANIFEST_KEY} is no longer the one that this deploy was planned against`,
    next: "Run the deploy again: it compares with what the other one left.",
  });
}

async function remove(plan: Plan, { store, reporter }: PublishPorts): Promise<readonly Removal[]> {
  const keys = plan.changes.flatMap((change) => (change.kind === "remove" ? [change.key] : []));
  reporter.report({ kind: "removal-started", keys: keys.length });
  const removals = await store.remove(keys);
  const removed = removals.filter((removal) => removal.kind === "removed").length;
  reporter.report({ kind: "removal-finished", keys: removed });
  return removals;
}

/** What could not be removed is written down as obsolete, so that every next deploy tries again. */
function remembering(removals: readonly Removal[], plan: Plan, manifest: Manifest): Manifest {
  const failed = new Set(
    removals.filter(({ kind }) => kind === "failed").map((removal) => removal.key),
  );
  const { sequence } = plan;
  const since = new Date(0).toISOString();
  const left = plan.changes.flatMap((change): readonly ObsoleteEntry[] => {
    if (change.kind !== "remove" || !failed.has(change.key)) return [];
    return [{ key: change.key, entry: change.before, sequence, since }];
  });
  return { ...manifest, obsolete: [...manifest.obsolete, ...left] };
}

function outcomeOf(removal: Removal): ChangeOutcome {
  const { key } = removal;
  if (removal.kind === "removed") return { key, outcome: { kind: "done" } };
  const error = {
    what: `${key} was not removed`,
    why: `${removal.code}: ${removal.message}`,
    next: "Run the deploy again: it removes what is left.",
  };
  return { key, outcome: { kind: "failed", failure: "cloud", error } };
}
