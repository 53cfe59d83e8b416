import type { EdgeDocument } from "../core/edge-document.ts";
import { SlipwayError } from "../core/errors.ts";
import { GUARD_RULES, type GuardRule, ROLLBACK_GUARDS } from "../core/guard-rules.ts";
import type { Intent } from "../core/lock.ts";
import { makePlan, type Plan } from "../core/plan.ts";
import type { Release } from "../core/release.ts";
import type { DeployResult } from "../core/results.ts";
import type { SourceFile } from "../core/source.ts";
import type { VersionStore } from "../ports.ts";
import { claim, type Planner } from "./claim.ts";
import type { DeployOptions, DeployPorts } from "./deploy.ts";
import { inParallel } from "./in-parallel.ts";
import type { Planned } from "./plan.ts";
import { publish } from "./publish.ts";
import { readEdgeProgram } from "./publish-edge.ts";
import { readRelease, releaseIds } from "./releases.ts";
import { settle } from "./settle.ts";
import { readBase } from "./state.ts";

export type RollbackOptions = Omit<DeployOptions, "verify" | "force"> & {
  /** The release to go back to, or the beginning of its id; the one before the live one by default. */
  readonly to: string | undefined;
};

export type RollbackPorts = Omit<DeployPorts, "files" | "history"> & {
  readonly versions: VersionStore;
};

/** Versions looked for side by side. */
const LOOKS = 64;

/**
 * Makes an earlier release live again, as a release of its own: server-side copies of the versions
 * that the bucket still has, byte for byte and header for header. Nothing is built, nothing is sent.
 */
export async function rollback(
  options: RollbackOptions,
  ports: RollbackPorts,
): Promise<DeployResult> {
  const started = ports.clock.now();
  const target = await chooseTarget(options.to, ports);
  const source = versionsOf(target);
  const edge = await edgeOf(target, options, ports);
  const planner: Planner = (unfinished) =>
    planFrom(target, source, { options, unfinished, edge, ports });
  const claimed = await claim(planner, options, ports);
  if (claimed.kind !== "claimed") return await settle(claimed, options, ports);
  const { planned, lease, release } = claimed;
  const order = { planned, lease, release, edge, rollbackTo: target.id, wait: options.wait };
  const published = await publish(order, ports);
  const seconds = (ports.clock.now().getTime() - started.getTime()) / 1000;
  return await settle({ ...published, plan: planned.plan, seconds }, options, ports);
}

/** What the CDN ran then; undefined for a release without a CDN. */
async function edgeOf(
  { manifest }: Release,
  { hasEdge }: RollbackOptions,
  ports: RollbackPorts,
): Promise<EdgeDocument | undefined> {
  if (!hasEdge || manifest.edge === undefined) return undefined;
  return await readEdgeProgram(manifest.edge.digest, ports);
}

async function chooseTarget(wanted: string | undefined, ports: RollbackPorts): Promise<Release> {
  const [base, ids] = await Promise.all([readBase(ports), releaseIds(ports)]);
  if (base.kind === "none") throw noTarget("nothing has been released yet");
  const live = base.manifest.release;
  if (wanted === undefined) {
    const previous = ids.find((id) => id < live);
    if (previous === undefined) throw noTarget(`${live} is the first release`);
    return await readRelease(previous, ports);
  }
  if (wanted.trim() === "") throw noTarget("the id that was given is empty");
  const matching = ids.filter((id) => id.startsWith(wanted));
  const [only, another] = matching;
  if (only === undefined) throw noTarget(`no release begins with ${wanted}`);
  if (another !== undefined) throw noTarget(`${matching.length} releases begin with ${wanted}`);
  return await readRelease(only, ports);
}

function noTarget(why: string): SlipwayError {
  return new SlipwayError("usage", {
    what: "There is no release to go back to",
    why,
    next: "slipway releases lists them; name one: slipway rollback ID",
  });
}

/** Stands for what was stored while the bucket kept no versions; no version has an empty id. */
const NO_VERSION = "";

/** The files of a release as the bucket stored them. */
function versionsOf(release: Release): readonly SourceFile[] {
  return [...release.manifest.files].map(([key, entry]) => {
    const { fingerprint, size, versionId = NO_VERSION } = entry;
    return { key, size, fingerprint, origin: { kind: "version", versionId } };
  });
}

function unversioned(id: string): SlipwayError {
  return new SlipwayError("refused", {
    what: `The release ${id} cannot be brought back`,
    why: "files that it needs were stored while the bucket kept no versions",
    next: "Switch versioning on for the bucket and deploy with --force, for next time; now check out that commit, build and deploy it with --allow-older-commit.",
  });
}

type Planning = {
  readonly options: RollbackOptions;
  readonly unfinished: Intent | undefined;
  readonly edge: EdgeDocument | undefined;
  readonly ports: RollbackPorts;
};

async function planFrom(
  target: Release,
  source: readonly SourceFile[],
  { options, unfinished, edge, ports }: Planning,
): Promise<Planned> {
  const base = await readBase(ports);
  const plan = makePlan({
    site: options.site,
    source,
    base: base.kind === "manifest" ? base.manifest : undefined,
    digest: ports.digest,
    now: ports.clock.now(),
    provenance: target.provenance,
    grace: options.grace,
    guards: { ...options.guards, allowed: liftedFor(options) },
    force: false,
    unfinished,
    drift: undefined,
    edge: edge?.digest,
    pathLimits: options.pathLimits,
  });
  await assureVersions(plan, target.id, ports.versions);
  return { plan, base };
}

function liftedFor({ guards }: RollbackOptions): ReadonlySet<GuardRule> {
  const isLifted = (rule: GuardRule) => guards.allowed.has(rule) || !ROLLBACK_GUARDS.includes(rule);
  return new Set(GUARD_RULES.filter(isLifted));
}

/** Refuses before the first write where the bucket no longer has what the plan would copy. */
async function assureVersions(plan: Plan, id: string, versions: VersionStore): Promise<void> {
  const wanted = plan.changes.flatMap((change) => {
    if (change.kind === "remove" || change.file.origin.kind !== "version") return [];
    return [{ key: change.file.key, versionId: change.file.origin.versionId }];
  });
  if (wanted.some((file) => file.versionId === NO_VERSION)) throw unversioned(id);
  const found = await inParallel(wanted, LOOKS, ({ key, versionId }) =>
    versions.has(key, versionId),
  );
  const gone = wanted.filter((_, index) => found[index] !== true);
  const [example] = gone;
  if (example === undefined) return;
  throw new SlipwayError("refused", {
    what: `The release ${id} cannot be brought back`,
    why: `the bucket no longer has ${gone.length} of its files, among them ${example.key}`,
    next: "Check out that commit, build it, and deploy it with --allow-older-commit.",
  });
}
