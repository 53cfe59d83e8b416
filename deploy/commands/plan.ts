import { findDrift } from "../core/drift.ts";
import type { GracePolicy } from "../core/grace.ts";
import type { GuardPolicy } from "../core/guards.ts";
import type { Intent } from "../core/lock.ts";
import { type DigestText, makePlan, type Plan } from "../core/plan.ts";
import type { Provenance } from "../core/provenance.ts";
import type { SourceFile } from "../core/source.ts";
import type { Clock, ObjectStore, Reporter, SiteFiles, SourceHistory } from "../ports.ts";
import { listBucket } from "./list-bucket.ts";
import { type Base, readBase, type StatePorts } from "./state.ts";

export type PlanPorts = StatePorts & {
  readonly store: ObjectStore;
  readonly files: SiteFiles;
  readonly history: SourceHistory;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly digest: DigestText;
};

export type PlanOptions = {
  readonly site: string;
  readonly grace: GracePolicy;
  readonly guards: GuardPolicy;
  /** Send every file, whatever is known. */
  readonly force: boolean;
  /** List the bucket, and mend what is not as the last release left it. */
  readonly verify: boolean;
};

/** The site as it was built, read once for a whole command. */
export type Source = {
  readonly files: readonly SourceFile[];
  readonly provenance: Provenance;
};

export type Planned = { readonly plan: Plan; readonly base: Base };

/** Reads the built site and where its source stands. */
export async function readSource(
  ports: Pick<PlanPorts, "files" | "history" | "reporter">,
): Promise<Source> {
  const { reporter } = ports;
  reporter.report({ kind: "scan-started", folder: ports.files.folder });
  const [files, provenance] = await Promise.all([ports.files.scan(), ports.history.provenance()]);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  reporter.report({ kind: "scan-finished", files: files.length, bytes });
  return { files, provenance };
}

/**
 * Compares a source with what the last release stored. Reads only: one request, whatever the size of
 * the site; with `verify` also a listing of the bucket.
 */
export async function planRelease(
  source: Source,
  options: PlanOptions & { readonly unfinished: Intent | undefined },
  ports: Omit<PlanPorts, "files" | "history">,
): Promise<Planned> {
  const base = await readBase(ports);
  const manifest = base.kind === "manifest" ? base.manifest : undefined;
  const drift = options.verify ? findDrift(await listBucket(manifest, ports), manifest) : undefined;
  const { site, grace, guards, force, unfinished } = options;
  const plan = makePlan({
    site,
    source: source.files,
    base: manifest,
    digest: ports.digest,
    now: ports.clock.now(),
    provenance: source.provenance,
    grace,
    guards,
    force,
    unfinished,
    drift,
  });
  return { plan, base };
}
