import type { Change } from "./change.ts";
import { compareKeys, type Digest, type ObjectKey } from "./keys.ts";
import type { Intent } from "./lock.ts";
import type { Manifest } from "./manifest.ts";
import { baseOf, type DigestText, type Plan } from "./plan.ts";
import { nextManifest } from "./release.ts";
import type { Fingerprint, SourceFile } from "./source.ts";
import { stagesOf } from "./stages.ts";

/** Where the site's files are not those that a plan was made for. Each list is sorted. */
export type FileDifferences = {
  readonly changed: readonly ObjectKey[];
  readonly missing: readonly ObjectKey[];
  readonly added: readonly ObjectKey[];
};

/** Why a saved plan is no longer the plan for what is there. */
export type Staleness =
  /** Releases; undefined before the first one. */
  | {
      readonly kind: "bucket-moved";
      readonly planned: string | undefined;
      readonly found: string | undefined;
    }
  | { readonly kind: "unfinished-deploy"; readonly release: string }
  | ({ readonly kind: "files-differ" } & FileDifferences)
  | { readonly kind: "rules-differ" };

export type Surroundings = {
  readonly source: readonly SourceFile[];
  readonly base: Manifest | undefined;
  /** What a deploy that broke off left behind, if it was looked for. */
  readonly unfinished: Intent | undefined;
  /** The edge program that the site wants; undefined where there is no CDN to run it. */
  readonly edge: Digest | undefined;
  readonly digest: DigestText;
};

/**
 * Whether a saved plan still describes the way from this bucket to this site. Undefined means yes, file
 * by file: the plan together with its base says what every file must be, also those it does not touch.
 */
export function findStaleness(plan: Plan, around: Surroundings): Staleness | undefined {
  const { source, base, unfinished, digest } = around;
  const found = baseOf(base, digest);
  if (JSON.stringify(found) !== JSON.stringify(plan.base)) {
    return { kind: "bucket-moved", planned: releaseOf(plan.base), found: releaseOf(found) };
  }
  if (unfinished !== undefined && !isSameIntent(unfinished, plan.unfinished)) {
    return { kind: "unfinished-deploy", release: unfinished.release };
  }
  const differences = compare(filesAfter(plan, base), source);
  const { changed, missing, added } = differences;
  if (changed.length + missing.length + added.length > 0) {
    return { kind: "files-differ", ...differences };
  }
  const planned = plan.edge ?? base?.edge?.digest;
  return around.edge === undefined || around.edge === planned
    ? undefined
    : { kind: "rules-differ" };
}

/** The plan with its files where this machine has them. `source` is what `findStaleness` approved. */
export function boundTo(source: readonly SourceFile[], plan: Plan): Plan {
  const files = new Map(source.map((file) => [file.key, file]));
  const changes = plan.changes.map((change): Change => {
    if (change.kind === "remove") return change;
    const file = files.get(change.file.key);
    if (file === undefined) throw new Error(`${change.file.key} is not in the site`);
    return { ...change, file };
  });
  return { ...plan, changes, stages: stagesOf(changes) };
}

function releaseOf(base: Plan["base"]): string | undefined {
  return base.kind === "none" ? undefined : base.release;
}

function isSameIntent(found: Intent, planned: Intent | undefined): boolean {
  return JSON.stringify(found) === JSON.stringify(planned);
}

/** What every file of the site is, once the plan is carried out. */
function filesAfter(plan: Plan, base: Manifest | undefined): ReadonlyMap<ObjectKey, Fingerprint> {
  const written = plan.changes.flatMap((change) =>
    change.kind === "remove" ? [] : [[change.file.key, { etag: "" }] as const],
  );
  const { files } = nextManifest({ plan, release: "", base, stored: new Map(written) });
  return new Map([...files].map(([key, entry]) => [key, entry.fingerprint]));
}

function compare(
  expected: ReadonlyMap<ObjectKey, Fingerprint>,
  source: readonly SourceFile[],
): FileDifferences {
  const present = new Set(source.map((file) => file.key));
  const changed: ObjectKey[] = [];
  const added: ObjectKey[] = [];
  for (const { key, fingerprint } of source) {
    const wanted = expected.get(key);
    if (wanted === undefined) added.push(key);
    else if (!isSame(wanted, fingerprint)) changed.push(key);
  }
  const missing = [...expected.keys()].filter((key) => !present.has(key));
  return {
    changed: changed.sort(compareKeys),
    missing: missing.sort(compareKeys),
    added: added.sort(compareKeys),
  };
}

function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.content === b.content && a.headers === b.headers;
}
