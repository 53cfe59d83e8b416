import type { Change } from "./change.ts";
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

/** CF-DG "Concurrent invalidation request maximum": paths in progress for one distribution. */
export const MAX_PATHS = 3000;

/** What an invalidation is decided from. */
export type InvalidationInput = {
  readonly changes: readonly Change[];
  /** What a deploy that broke off may have left stale at the edge. */
  readonly unfinished: { readonly invalidation: Invalidation } | undefined;
  /** Whether anybody knows what the bucket held before. */
  readonly base: "known" | "unknown";
};

/**
 * The URLs whose answer changes with these changes, as the CDN keys them.
 *
 * A new file with a content hash in its name needs none: nothing named its URL before this release,
 * and the stages store it before the first page that does. Without a base nobody knows what the edge
 * holds, so everything goes; `/*` is billed as one path.
 */
export function invalidationOf(input: InvalidationInput): ReleaseInvalidation {
  const { changes, unfinished, base } = input;
  if (base === "unknown" && changes.length > 0) {
    const because = "this is the first release: what the edge holds is unknown";
    return { afterWrites: { kind: "everything", because }, afterRemovals: { kind: "none" } };
  }
  const written = toForget(changes.flatMap(writtenKey));
  const owed = unfinished === undefined ? [] : [unfinished.invalidation];
  return {
    afterWrites: mergeInvalidations([written, ...owed]),
    afterRemovals: toForget(changes.flatMap(removedKey)),
  };
}

/** Everything that any of them names. */
export function mergeInvalidations(all: readonly Invalidation[]): Invalidation {
  const everything = all.find((one) => one.kind === "everything");
  if (everything !== undefined) return everything;
  const paths = all.flatMap((one) => (one.kind === "paths" ? one.paths : []));
  return fromPaths(paths);
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

function toForget(keys: readonly ObjectKey[]): Invalidation {
  return fromPaths(keys.flatMap(pathsOf));
}

function fromPaths(all: readonly UrlPath[]): Invalidation {
  const paths = [...new Set(all)].sort();
  if (paths.length === 0) return { kind: "none" };
  if (paths.length > MAX_PATHS) {
    const because = `${paths.length} URLs changed, more than the ${MAX_PATHS} paths that may be in progress`;
    return { kind: "everything", because };
  }
  return { kind: "paths", paths };
}

/**
 * Every form under which the edge may hold the object. The viewer function answers `/a/` from
 * `/a/index.html`; AWS asks to invalidate the path before and after such a rewrite (CF-DG "What you
 * need to know when invalidating paths").
 */
export function pathsOf(key: ObjectKey): readonly UrlPath[] {
  const path = exactPath(urlPath(key));
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
