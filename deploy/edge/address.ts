import { decodePath } from "./uri.ts";

/** A path of this site, taken apart. */
export type Address = {
  /** Decoded, without the empty ones. */
  readonly segments: readonly string[];
  /** Whether it was written with a slash at the end. */
  readonly isFolder: boolean;
  /** The one address of what is meant, decoded. */
  readonly canonical: string;
  /** Whether it was written so, whatever its escapes. */
  readonly isCanonical: boolean;
};

export type RefusalReason =
  | "not-a-path"
  | "malformed-encoding"
  | "control-character"
  | "backslash"
  | "dot-segment"
  | "too-long"
  /** A rule leads to a rule, and so on, too often or for ever. */
  | "redirect-loop";

export type ReadAddress =
  | { readonly kind: "address"; readonly address: Address }
  /** Among Slipway's own records, or the site's 404 page, which has no address of its own. */
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly reason: RefusalReason };

const INDEX = "index.html";

/** What CloudFront shows for a missing key. Asked for itself, it is missing like any other. */
const NOT_FOUND_PAGE = /^\/404\.html$/i;

/**
 * Reads a path as a viewer sent it, percent-encoded, without the query. A path that browsers and S3
 * could read differently is refused.
 *
 * A page has one address, its folder with a slash at the end: `/a/` for `a/index.html`. A last segment
 * with a dot in it names a file, as does everything below `/.well-known/`, where files have no
 * extension (RFC 8615).
 */
export function readAddress(uri: string): ReadAddress {
  if (!uri.startsWith("/")) return { kind: "refused", reason: "not-a-path" };
  const decoded = decodePath(uri);
  if (decoded === undefined) return { kind: "refused", reason: "malformed-encoding" };
  return readDecoded(decoded);
}

/** Reads a path that is decoded already and begins with a slash, as a request for it is read. */
export function readDecoded(path: string): ReadAddress {
  const read = readPath(path);
  const isHidden = read.kind === "address" && NOT_FOUND_PAGE.test(read.address.canonical);
  return isHidden ? { kind: "hidden" } : read;
}

/** The same of a path that stands for a file of the site, whether or not anybody can ask for it. */
export function readPath(path: string): ReadAddress {
  if (/\p{Cc}/u.test(path)) return { kind: "refused", reason: "control-character" };
  if (path.includes("\\")) return { kind: "refused", reason: "backslash" };
  const address = addressOf(path);
  if (address.segments.some((segment) => segment === "." || segment === "..")) {
    return { kind: "refused", reason: "dot-segment" };
  }
  if (/^\.slipway/i.test(address.segments[0] ?? "")) return { kind: "hidden" };
  return { kind: "address", address };
}

/** The address that a redirect to the canonical one leads to. */
export function canonicalized(address: Address): Address {
  return addressOf(address.canonical);
}

/** The key of what is read for a canonical address. */
export function keyOf(canonical: string): string {
  return canonical.slice(1) + (canonical.endsWith("/") ? INDEX : "");
}

function addressOf(path: string): Address {
  const segments = path.split("/").filter((segment) => segment !== "");
  const isFolder = path.endsWith("/");
  const canonical = canonicalPath(segments, isFolder);
  return { segments, isFolder, canonical, isCanonical: canonical === path };
}

function canonicalPath(segments: readonly string[], isFolder: boolean): string {
  const last = segments.at(-1);
  if (last === undefined) return "/";
  const whole = `/${segments.join("/")}`;
  if (isFolder) return `${whole}/`;
  if (last === INDEX) return whole.slice(0, -INDEX.length);
  return last.includes(".") || segments[0] === ".well-known" ? whole : `${whole}/`;
}
