import { type Change, findWrites, keyOf, type Write } from "./change.ts";
import type { Drift } from "./drift.ts";
import type { PathLimits } from "./fold-prices.ts";
import type { GracePolicy } from "./grace.ts";
import { DEFAULT_LIMITS } from "./guard-limits.ts";
import { checkGuards, type GuardPolicy, type Redirects, type Violation } from "./guards.ts";
import { DEFAULT_PATH_LIMITS, invalidationOf, type ReleaseInvalidation } from "./invalidation.ts";
import { compareKeys, type Digest } from "./keys.ts";
import type { Intent } from "./lock.ts";
import { formatManifest, type Manifest, type ObsoleteEntry } from "./manifest.ts";
import { type Notice, noticesOf } from "./notices.ts";
import { findObsolete } from "./obsolescence.ts";
import type { Provenance } from "./provenance.ts";
import type { References } from "./references/collect.ts";
import type { SourceFile } from "./source.ts";
import { type Stage, stagesOf } from "./stages.ts";

/** SHA-256 of a text. Handed in, so that the core needs no Node module. */
export type DigestText = (text: string) => Digest;

/** What the plan was made from: nothing, or one manifest of one release. */
export type PlanBase =
  | { readonly kind: "none" }
  | { readonly kind: "manifest"; readonly release: string; readonly digest: Digest };

export type PlanTotals = {
  readonly created: number;
  readonly replaced: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Objects that the site no longer names, and that stay for a while. */
  readonly kept: number;
  /** Body bytes that will travel; a header-only replacement sends none. */
  readonly bytes: number;
};

/**
 * What a deploy will do, decided before anything is written. An immutable value; its id is the
 * digest of what it starts from and what it changes, so two equal plans have one id.
 */
export type Plan = {
  readonly id: Digest;
  readonly site: string;
  readonly base: PlanBase;
  /** The number that the release will have. */
  readonly sequence: number;
  readonly provenance: Provenance;
  readonly changes: readonly Change[];
  readonly totals: PlanTotals;
  readonly stages: readonly Stage[];
  readonly invalidation: ReleaseInvalidation;
  readonly kept: readonly ObsoleteEntry[];
  /** The edge program that is published with it; undefined where the live one stays. */
  readonly edge: Digest | undefined;
  /** Whether the manifest changes although nothing is written or removed. */
  readonly onlyBookkeeping: boolean;
  /** What an earlier deploy left behind; this plan repeats whatever it may have touched. */
  readonly unfinished: Intent | undefined;
  /** Where the bucket was not as the last release left it, if it was looked at. */
  readonly drift: Drift | undefined;
  readonly violations: readonly Violation[];
  /** What a person should know and no guard refuses. */
  readonly notices: readonly Notice[];
};

export type PlanInput = {
  readonly site: string;
  readonly source: readonly SourceFile[];
  /** What the files of the source name; left out where nobody looked into them. */
  readonly references?: References | undefined;
  /** No redirects, if it is left out. */
  readonly redirects?: Redirects;
  readonly base: Manifest | undefined;
  readonly digest: DigestText;
  readonly now: Date;
  readonly provenance: Provenance;
  readonly grace: GracePolicy;
  readonly guards: GuardPolicy;
  readonly force: boolean;
  readonly unfinished: Intent | undefined;
  readonly drift: Drift | undefined;
  /** How many paths the CDN may be told. */
  readonly pathLimits?: PathLimits | undefined;
  /** Edge rules that are worth a look, a line each. */
  readonly ruleNotices?: readonly string[] | undefined;
  /** The edge program that the site wants; left out where there is no CDN to run it. */
  readonly edge?: Digest | undefined;
};

/** Same input, same plan; the order of `source` does not matter. */
export function makePlan(input: PlanInput): Plan {
  const { site, base, digest, now, provenance, unfinished, drift } = input;
  const source = [...input.source].sort((a, b) => compareKeys(a.key, b.key));
  const present = withoutLost(base, drift);
  const sequence = (base?.sequence ?? 0) + 1;
  const doubts = doubtsOf(input);
  const writes = findWrites({
    source,
    base: present,
    doubted: doubts.doubted,
    force: input.force,
  });
  const { removals, kept } = findObsolete({
    wanted: new Set(source.map((file) => file.key)),
    base: present,
    strays: doubts.strays,
    moment: { sequence, now },
    policy: input.grace,
  });
  const changes = [...writes, ...removals].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const planBase = baseOf(base, digest);
  const edge = edgeToPublish(input);
  return {
    id: planId({ site, base: planBase, changes, kept, edge }, digest),
    site,
    base: planBase,
    sequence,
    provenance,
    changes,
    totals: totalsOf({
      writes,
      removals: removals.length,
      kept: kept.length,
      files: source.length,
    }),
    stages: stagesOf(changes),
    invalidation: invalidationOf({
      changes,
      unfinished,
      base: base === undefined ? "unknown" : "known",
      live: [...source, ...kept].map(({ key }) => key),
      limits: input.pathLimits ?? DEFAULT_PATH_LIMITS,
    }),
    kept,
    edge,
    onlyBookkeeping: changes.length === 0 && !sameKeys(kept, base),
    unfinished,
    drift,
    ...judge(input, source, changes),
  };
}

/** What the guards refuse, and what is worth telling. */
function judge(
  input: PlanInput,
  source: readonly SourceFile[],
  changes: readonly Change[],
): Pick<Plan, "violations" | "notices"> {
  const { site, base, provenance, guards, references = NO_REFERENCES } = input;
  const { redirects = () => false, ruleNotices: rules = [] } = input;
  const { limits = DEFAULT_LIMITS } = guards;
  const facts = { site, source, base, changes, provenance, references, redirects, limits };
  const keys = new Set<string>(source.map((file) => file.key));
  const { elsewhere } = limits;
  return {
    violations: checkGuards(facts, guards.allowed),
    notices: noticesOf({
      base,
      changes,
      redirects,
      links: references.links,
      keys,
      elsewhere,
      rules,
    }),
  };
}

const NO_REFERENCES: References = { assets: new Map(), links: new Map() };

/** The digest of what a plan starts from and what it changes. */
export function planId(
  { site, base, changes, kept, edge }: Pick<Plan, "site" | "base" | "changes" | "kept" | "edge">,
  digest: DigestText,
): Digest {
  const keptKeys = kept.map((entry) => entry.key);
  return digest(JSON.stringify({ site, base, changes: changes.map(essenceOf), keptKeys, edge }));
}

/** The one answer to "is there anything to do?"; no display and no command decides it again. */
export function isEmpty(plan: Plan): boolean {
  const { changes, edge, onlyBookkeeping, unfinished } = plan;
  return changes.length === 0 && edge === undefined && !onlyBookkeeping && unfinished === undefined;
}

/** A deploy that broke off may have published another program than the manifest says. */
function edgeToPublish({ edge, base, unfinished, force }: PlanInput): Digest | undefined {
  const isLive = edge === base?.edge?.digest && unfinished === undefined && !force;
  return isLive ? undefined : edge;
}

/** Objects that are known to be gone are no base to build on. */
function withoutLost(base: Manifest | undefined, drift: Drift | undefined): Manifest | undefined {
  if (base === undefined || drift === undefined || drift.missing.length === 0) return base;
  const lost = new Set(drift.missing);
  const files = new Map([...base.files].filter(([key]) => !lost.has(key)));
  return { ...base, files, obsolete: base.obsolete.filter(({ key }) => !lost.has(key)) };
}

/** What an unfinished deploy or a stranger may have touched: known keys in doubt, unknown ones astray. */
function doubtsOf({ base, unfinished, drift }: PlanInput) {
  const known = new Set([
    ...(base?.files.keys() ?? []),
    ...(base?.obsolete ?? []).map((entry) => entry.key),
  ]);
  const touched = unfinished?.keys ?? [];
  const strays = [...(drift?.added ?? []), ...touched.filter((key) => !known.has(key))];
  return { doubted: new Set([...(drift?.altered ?? []), ...touched]), strays };
}

const namedBases = new WeakMap<Manifest, PlanBase>();

/** How a plan names the manifest that it was made from. A large manifest is written out once. */
export function baseOf(base: Manifest | undefined, digest: DigestText): PlanBase {
  if (base === undefined) return { kind: "none" };
  const known = namedBases.get(base);
  if (known !== undefined) return known;
  const text = formatManifest(base);
  const named: PlanBase = { kind: "manifest", release: base.release, digest: digest(text) };
  namedBases.set(base, named);
  return named;
}

/** What makes a change this change on any machine: not the path of the file that brings it. */
function essenceOf(change: Change): readonly string[] {
  if (change.kind === "remove") return [change.kind, change.key];
  const { key, fingerprint } = change.file;
  return [change.kind, key, fingerprint.content, fingerprint.headers];
}

function totalsOf(counted: {
  readonly writes: readonly Write[];
  readonly removals: number;
  readonly kept: number;
  readonly files: number;
}): PlanTotals {
  const { writes, removals, kept, files } = counted;
  const created = writes.filter((write) => write.kind === "create").length;
  return {
    created,
    replaced: writes.length - created,
    removed: removals,
    unchanged: files - writes.length,
    kept,
    bytes: writes.reduce((sum, write) => sum + bytesToSend(write), 0),
  };
}

function sameKeys(kept: readonly ObsoleteEntry[], base: Manifest | undefined): boolean {
  const before = base?.obsolete ?? [];
  const keys = new Set([...before, ...kept].map((entry) => entry.key));
  return before.length === kept.length && keys.size === kept.length;
}

/** Bytes that the change sends to the bucket; a version that is there already is only copied. */
export function bytesToSend(change: Change): number {
  if (change.kind === "remove" || change.file.origin.kind === "version") return 0;
  return change.kind === "replace" && change.mode === "headers" ? 0 : change.file.size;
}
