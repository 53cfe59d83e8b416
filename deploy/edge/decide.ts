import { MAX_KEY_BYTES, STATE_PREFIX } from "../core/keys.ts";
import { decodePath, encodePath, encodeQuery } from "./uri.ts";

/**
 * What the site's rules make of one request, before the cache is asked. The same answer is given by
 * the local edge and by the viewer-request function on CloudFront.
 *
 * A page has one address, its folder with a trailing slash: `/a/` reads `a/index.html`, while `/a`
 * and `/a/index.html` are sent there. A last segment with a dot in it names a file and is read as it
 * stands, as is everything below `/.well-known/`, where files have no extension (RFC 8615).
 */
export type EdgeDecision =
  /** `uri` is the rewritten path the cache is keyed by, `key` the object behind it. */
  | { readonly kind: "serve"; readonly uri: string; readonly key: string }
  | { readonly kind: "redirect"; readonly to: string; readonly status: 301 }
  | { readonly kind: "refuse"; readonly status: 400 | 404; readonly reason: RefusalReason };

export type RefusalReason =
  | "not-a-path"
  | "malformed-encoding"
  | "control-character"
  | "backslash"
  | "dot-segment"
  | "too-long"
  /** Slipway's own records; told to viewers as any missing page is. */
  | "private";

export type EdgeRequest = {
  /** The path as the viewer sent it, percent-encoded, without the query. */
  readonly uri: string;
  /** What follows the first `?`, or "". */
  readonly query: string;
};

export type EdgeConfig = {
  /** The file that stands for its folder. */
  readonly indexDocument: string;
  /** The page CloudFront answers a missing key with, and the seconds it remembers the key as missing. */
  readonly errorPage: { readonly uri: string; readonly cachingMinTtl: number };
};

/** CF-DG "Control how long CloudFront caches errors": 10 seconds unless configured. */
export const DEFAULT_EDGE_CONFIG: EdgeConfig = {
  indexDocument: "index.html",
  errorPage: { uri: "/404.html", cachingMinTtl: 10 },
};

/**
 * Decides for any strings whatever and never throws. A redirect keeps the query, stays on this host
 * (its target starts with exactly one slash) and is never itself redirected. Empty segments are
 * folded by a redirect; a path that browsers and S3 could read differently is refused.
 */
export function decide(request: EdgeRequest, config: EdgeConfig): EdgeDecision {
  const path = readPath(request.uri);
  if (path.kind === "refused") return refuse(path.reason);
  const { segments } = path;
  if (isPrivate(segments[0])) return refuse("private");

  const canonical = canonicalPath(segments, path.isFolder, config);
  if (canonical !== path.decoded) {
    const query = request.query === "" ? "" : `?${encodeQuery(request.query)}`;
    return { kind: "redirect", to: encodePath(canonical) + query, status: 301 };
  }
  const key = canonical.endsWith("/")
    ? canonical.slice(1) + config.indexDocument
    : canonical.slice(1);
  if (utf8Length(key) > MAX_KEY_BYTES) return refuse("too-long");
  return { kind: "serve", uri: `/${encodePath(key)}`, key };
}

type ReadPath =
  | { readonly kind: "refused"; readonly reason: RefusalReason }
  | {
      readonly kind: "read";
      readonly decoded: string;
      /** Without the empty ones. */
      readonly segments: readonly string[];
      readonly isFolder: boolean;
    };

function readPath(uri: string): ReadPath {
  if (!uri.startsWith("/")) return { kind: "refused", reason: "not-a-path" };
  const decoded = decodePath(uri);
  if (decoded === undefined) return { kind: "refused", reason: "malformed-encoding" };
  if (/\p{Cc}/u.test(decoded)) return { kind: "refused", reason: "control-character" };
  if (decoded.includes("\\")) return { kind: "refused", reason: "backslash" };
  const segments = decoded.split("/").filter((segment) => segment !== "");
  if (segments.some((segment) => segment === "." || segment === "..")) {
    return { kind: "refused", reason: "dot-segment" };
  }
  return { kind: "read", decoded, segments, isFolder: decoded.endsWith("/") };
}

function refuse(reason: RefusalReason): EdgeDecision {
  return { kind: "refuse", status: reason === "private" ? 404 : 400, reason };
}

const STATE_FOLDER = STATE_PREFIX.slice(0, -1);

/** S3 keys are case-sensitive, but the disk behind a local bucket may fold case and compatible forms. */
function isPrivate(segment: string | undefined): boolean {
  return segment?.normalize("NFKC").toLowerCase() === STATE_FOLDER;
}

function canonicalPath(segments: readonly string[], isFolder: boolean, config: EdgeConfig): string {
  const last = segments.at(-1);
  if (last === undefined) return "/";
  if (isFolder) return `/${segments.join("/")}/`;
  if (last === config.indexDocument) return folderOf(segments);
  if (last.includes(".") || segments[0] === ".well-known") return `/${segments.join("/")}`;
  return `/${segments.join("/")}/`;
}

function folderOf(segments: readonly string[]): string {
  const parents = segments.slice(0, -1);
  return parents.length === 0 ? "/" : `/${parents.join("/")}/`;
}

function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(/%../g, "x").length;
}
