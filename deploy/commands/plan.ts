import { findDrift } from "../core/drift.ts";
import type { EdgeDocument } from "../core/edge-document.ts";
import type { PathLimits } from "../core/fold-prices.ts";
import type { GracePolicy } from "../core/grace.ts";
import type { GuardPolicy, Redirects } from "../core/guards.ts";
import type { Intent } from "../core/lock.ts";
import { type DigestText, isEmpty, makePlan, type Plan } from "../core/plan.ts";
import type { Provenance } from "../core/provenance.ts";
import type { References } from "../core/references/collect.ts";
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
  /** Where people find the site, if that is known. */
  readonly url?: string | undefined;
  readonly grace: GracePolicy;
  readonly guards: GuardPolicy;
  /** Send every file, whatever is known. */
  readonly force: boolean;
  /** List the bucket, and mend what is not as the last release left it. */
  readonly verify: boolean;
  /** Whether a CDN stands before the bucket, to run the edge program. */
  readonly hasEdge: boolean;
  /** How many paths the CDN may be told; as many as may be in progress unless it says less. */
  readonly pathLimits?: PathLimits | undefined;
};

/** The site as it was built, read once for a whole command. */
export type Source = {
  readonly files: readonly SourceFile[];
  readonly provenance: Provenance;
  /** What the CDN is to run; undefined where there is none. */
  readonly edge: EdgeDocument | undefined;
  readonly redirects: Redirects;
  readonly ruleNotices: readonly string[];
  /** What the files name, as far as they name each other; read at the first call. */
  readonly references: () => Promise<References>;
};

export type Planned = { readonly plan: Plan; readonly base: Base };

/** Reads the built site, and where its source stands. */
export async function readSource(
  { url, hasEdge }: Pick<PlanOptions, "url" | "hasEdge">,
  ports: Pick<PlanPorts, "files" | "history" | "reporter">,
): Promise<Source> {
  const { reporter } = ports;
  // Loaded here, because other commands need no parser.
  const { readReferences } = await import("./read-references.ts");
  reporter.report({ kind: "scan-started", folder: ports.files.folder });
  const [files, provenance] = await Promise.all([ports.files.scan(), ports.history.provenance()]);
  const { program, redirects, notices } = await ports.files.edge();
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  reporter.report({ kind: "scan-finished", files: files.length, bytes });
  let references: Promise<References> | undefined;
  const read = () => {
    references ??= readReferences(files, { url, site: ports.files });
    return references;
  };
  const edge = hasEdge ? program : undefined;
  return { files, provenance, edge, redirects, ruleNotices: notices, references: read };
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
  const { site, grace, guards, force, unfinished, pathLimits } = options;
  const input = {
    site,
    source: source.files,
    redirects: source.redirects,
    ruleNotices: source.ruleNotices,
    edge: source.edge?.digest,
    base: manifest,
    digest: ports.digest,
    now: ports.clock.now(),
    provenance: source.provenance,
    grace,
    guards,
    force,
    unfinished,
    drift,
    pathLimits,
  };
  const draft = makePlan(input);
  // To read what every page names costs more than all the rest: nothing is worth it where nothing changes.
  if (isEmpty(draft)) return { plan: draft, base };
  return { plan: makePlan({ ...input, references: await source.references() }), base };
}
