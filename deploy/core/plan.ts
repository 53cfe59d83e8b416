import { type Change, findChanges, keepsContent } from "./change.ts";
import { checkGuards, type Violation } from "./guards.ts";
import { invalidationOf, type ReleaseInvalidation } from "./invalidation.ts";
import { compareKeys, type Digest, type ObjectKey } from "./keys.ts";
import { formatManifest, type Manifest } from "./manifest.ts";
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
  readonly changes: readonly Change[];
  readonly totals: PlanTotals;
  readonly stages: readonly Stage[];
  readonly invalidation: ReleaseInvalidation;
  /** Objects of earlier releases that a broken-off prune left behind; they go with this one. */
  readonly leftovers: readonly ObjectKey[];
  readonly violations: readonly Violation[];
};

export type PlanInput = {
  readonly site: string;
  readonly source: readonly SourceFile[];
  readonly base: Manifest | undefined;
  readonly digest: DigestText;
};

/** Same input, same plan; the order of `source` does not matter. */
export function makePlan(input: PlanInput): Plan {
  const { site, base, digest } = input;
  const source = [...input.source].sort((a, b) => compareKeys(a.key, b.key));
  const changes = findChanges(source, base);
  const wanted = new Set(source.map((file) => file.key));
  const leftovers = (base?.leftovers ?? []).filter((key) => !wanted.has(key));
  const planBase = baseOf(base, digest);
  const essence = { site, base: planBase, changes: changes.map(essenceOf), leftovers };
  return {
    id: digest(JSON.stringify(essence)),
    site,
    base: planBase,
    changes,
    totals: totalsOf(changes, source.length),
    stages: stagesOf(changes),
    invalidation: invalidationOf(changes, leftovers, base === undefined ? "unknown" : "known"),
    leftovers,
    violations: checkGuards({ site, source, base }),
  };
}

/** What makes a change this change on any machine: not the path of the file that brings it. */
function essenceOf(change: Change): readonly string[] {
  if (change.kind === "remove") return [change.kind, change.key];
  const { key, fingerprint } = change.file;
  return [change.kind, key, fingerprint.content, fingerprint.headers];
}

/** The one answer to "is there anything to do?"; no display and no command decides it again. */
export function isEmpty(plan: Plan): boolean {
  return plan.changes.length === 0 && plan.leftovers.length === 0;
}

function baseOf(base: Manifest | undefined, digest: DigestText): PlanBase {
  if (base === undefined) return { kind: "none" };
  return { kind: "manifest", release: base.release, digest: digest(formatManifest(base)) };
}

function totalsOf(changes: readonly Change[], files: number): PlanTotals {
  const count = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  const created = count("create");
  const replaced = count("replace");
  const bytes = changes.reduce((sum, change) => sum + bytesToSend(change), 0);
  return {
    created,
    replaced,
    removed: count("remove"),
    unchanged: files - created - replaced,
    bytes,
  };
}

/** Bytes that the change sends to the bucket. */
export function bytesToSend(change: Change): number {
  if (change.kind === "remove" || keepsContent(change)) return 0;
  return change.file.size;
}
