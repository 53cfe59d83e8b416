import type { Change } from "./change.ts";
import { foldPaths } from "./fold-paths.ts";
import type { PathLimits } from "./fold-prices.ts";
import { isFingerprinted } from "./headers.ts";
import { encodeUnsafe, type ObjectKey, type UrlPath, urlPath } from "./keys.ts";

/** What the CDN has to forget. */
export type Invalidation =
  | { readonly kind: "none" }
  | { readonly kind: "paths"; readonly paths: readonly UrlPath[] }
  | { readonly kind: "everything"; readonly because: string };

/**
 * A release invalidates twice at most, and names each path once: what was written right after the
 * writes, what was removed right after the removal. Naming a removed page before its object is gone
 * would let the edge fetch the old page again, and keep it for a year.
 */
export type ReleaseInvalidation = {
  readonly afterWrites: Invalidation;
  readonly afterRemovals: Invalidation;
};

/**
 * CF-DG "Concurrent invalidation request maximum": what may be in progress for one distribution. The
 * two are counted apart.
 */
export const MOST_IN_PROGRESS = { exact: 3000, wildcards: 15 } as const;

/** As much as may be in progress at a time; so a release never waits for itself. */
export const DEFAULT_PATH_LIMITS: PathLimits = {
  paths: MOST_IN_PROGRESS.exact,
  wildcards: MOST_IN_PROGRESS.wildcards,
};

/** What an invalidation is decided from. */
export type InvalidationInput = {
  readonly changes: readonly Change[];
  /** What a deploy that broke off may have left stale at the edge. */
  readonly unfinished: { readonly invalidation: Invalidation } | undefined;
  /** Whether anybody knows what the bucket held before. */
  readonly base: "known" | "unknown";
  /** What the edge may hold of the site once the changes are made. */
  readonly live: Iterable<ObjectKey>;
  /** For the whole release; its two invalidations share the paths. */
  readonly limits: PathLimits;
};

/**
 * The URLs whose answer changes with these changes, as the CDN keys them; folded only if there are
 * more than the limits allow.
 *
 * A new file with a content hash in its name needs none: nothing named its URL before this release,
 * and the stages store it before the first page that does. Without a base nobody knows what the edge
 * holds, so everything goes; `/*` is billed as one path.
 */
export function invalidationOf(input: InvalidationInput): ReleaseInvalidation {
  const { changes, unfinished, base, limits } = input;
  if (base === "unknown" && changes.length > 0) {
    const because = "this is the first release: what the edge holds is unknown";
    return { afterWrites: { kind: "everything", because }, afterRemovals: { kind: "none" } };
  }
  const own = fromPaths(changes.flatMap(writtenKey).flatMap(pathsOf));
  const owed = unfinished === undefined ? [] : [unfinished.invalidation];
  const written = mergeInvalidations([own, ...owed]);
  const removed = fromPaths(changes.flatMap(removedKey).flatMap(pathsOf));
  const shares = sharesOf(limits, written, removed);
  const live = () => liveForms(input);
  return {
    afterWrites: fold(written, live, shares.written),
    afterRemovals: fold(removed, live, shares.removed),
  };
}

/** What is live and may be cached: nobody has asked for a new name with a content hash yet. */
function liveForms({ live, changes }: InvalidationInput): readonly UrlPath[] {
  const unheardOf = new Set(
    changes.flatMap((change) =>
      change.kind === "create" && isFingerprinted(change.file.key) ? [change.file.key] : [],
    ),
  );
  return [...live].filter((key) => !unheardOf.has(key)).flatMap(formsOf);
}

/** The paths are shared out by need. The wildcards are not: the first half completes before the second. */
function sharesOf(limits: PathLimits, written: Invalidation, removed: Invalidation) {
  const [first, second] = [countPaths(written), countPaths(removed)];
  const share = (count: number, other: number): PathLimits => {
    if (first + second <= limits.paths || other === 0) return limits;
    const paths = Math.floor((limits.paths * count) / (count + other));
    return { ...limits, paths: Math.max(1, paths) };
  };
  return { written: share(first, second), removed: share(second, first) };
}

/** How many paths the CDN is told, and bills. */
export function countPaths(invalidation: Invalidation): number {
  switch (invalidation.kind) {
    case "none":
      return 0;
    case "paths":
      return invalidation.paths.length;
    case "everything":
      return 1;
  }
}

/** The same in as many paths as there may be; everything only if nothing narrower reaches less far. */
export function fold(
  invalidation: Invalidation,
  live: () => readonly UrlPath[],
  limits: PathLimits,
): Invalidation {
  if (invalidation.kind !== "paths") return invalidation;
  const wanted = invalidation.paths;
  const { paths } = foldPaths({ wanted, live, limits });
  if (!paths.includes("/*" as UrlPath) || wanted.includes("/*" as UrlPath)) {
    return { kind: "paths", paths };
  }
  const because = `${wanted.length} URLs changed all over the site; nothing narrower (most paths: ${limits.paths}, wildcards: ${limits.wildcards}) spares more of the others`;
  return { kind: "everything", because };
}

/** Everything that any of them names, however much that is. */
export function mergeInvalidations(all: readonly Invalidation[]): Invalidation {
  const everything = all.find((one) => one.kind === "everything");
  if (everything !== undefined) return everything;
  return fromPaths(all.flatMap((one) => (one.kind === "paths" ? one.paths : [])));
}

function writtenKey(change: Change): readonly ObjectKey[] {
  switch (change.kind) {
    case "create":
      return isFingerprinted(change.file.key) ? [] : [change.file.key];
    case "replace":
      return [change.file.key];
    case "remove":
      return [];
  }
}

function removedKey(change: Change): readonly ObjectKey[] {
  return change.kind === "remove" ? [change.key] : [];
}

/** Each path once, sorted. */
export function fromPaths(all: readonly UrlPath[]): Invalidation {
  const paths = [...new Set(all)].sort();
  if (paths.includes("/*" as UrlPath)) {
    const because = "a name at the root begins with ~, which CloudFront cannot be told";
    return { kind: "everything", because };
  }
  return paths.length === 0 ? { kind: "none" } : { kind: "paths", paths };
}

/** What to invalidate so that the edge forgets the object, whatever form it was asked for in. */
export function pathsOf(key: ObjectKey): readonly UrlPath[] {
  return [...new Set(formsOf(key).map(exactPath))];
}

/**
 * Every form under which the edge may hold the object. The viewer function answers `/a/` from
 * `/a/index.html`; AWS asks to invalidate the path before and after such a rewrite (CF-DG "What you
 * need to know when invalidating paths").
 */
export function formsOf(key: ObjectKey): readonly UrlPath[] {
  const path = urlPath(key);
  const folder = /^(.*\/)index\.html$/.exec(path)?.[1];
  return folder === undefined ? [path] : [folder as UrlPath, path];
}

/**
 * CloudFront refuses a raw `~` in a path and ignores an encoded one (aws/aws-sdk#525), so the nearest
 * it can be told is the prefix before it.
 */
function exactPath(path: UrlPath): UrlPath {
  const tilde = path.indexOf("~");
  return tilde === -1 ? path : (`${path.slice(0, tilde)}*` as UrlPath);
}

/** CF-DG "What you need to know when invalidating paths": characters in one path. */
const MAX_PATH_LENGTH = 4000;

/** What keeps a typed path from being invalidated, as the end of a sentence, or nothing. */
export function findPathProblem(path: string): string | undefined {
  if (!path.startsWith("/")) return "does not start with a slash";
  if (!path.isWellFormed()) return "is not UTF-8";
  if (invalidationPath(path).length > MAX_PATH_LENGTH) return "is over 4,000 characters";
  return undefined;
}

/**
 * A path as an operator types it or copies it from a browser, in the form that CloudFront matches.
 * What is percent-encoded already stays as it is.
 */
export function invalidationPath(path: string): UrlPath {
  const encoded = path
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((part, i) => (i % 2 ? part : encodeUnsafe(part)));
  return exactPath(encoded.join("") as UrlPath);
}
