import { contentType as typeWithCharset } from "mime-types";
import picomatch from "picomatch";
import type { ObjectKey } from "./keys.ts";

/**
 * The headers that are stored with an object and come back with every answer. They are half of a
 * file's identity: a change here is a change of the site (rivals.md pain 7).
 */
export type ObjectHeaders = {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  /** The status that the page is told with, where that is not 200; the edge reads it. */
  readonly answerStatus?: AnswerStatus;
};

/** A page that says that something is missing, or gone for good. */
export type AnswerStatus = "404" | "410";

/** An adopter's own rule: the headers it sets on every key that the glob matches. Later rules win. */
export type HeaderRule = {
  readonly match: string;
  readonly set: { readonly [Name in keyof ObjectHeaders]?: ObjectHeaders[Name] | undefined };
};

/**
 * Pages and feeds: browsers ask again each time, the edge keeps its copy until an invalidation says
 * otherwise. `s-maxage` beats `max-age` at the edge (CF-DG "Manage how long content stays").
 */
export const CACHE_UNTIL_INVALIDATED = "public, max-age=0, s-maxage=31536000, must-revalidate";

/** Names that carry a content hash: another content has another name, so nobody need ever ask again. */
export const CACHE_FOREVER = "public, max-age=31536000, immutable";

/**
 * The headers of one file: content type from its name, Cache-Control by whether its name carries a
 * content hash; then what the site itself says of it; then the adopter's rules in order.
 */
export function headersFor(
  key: ObjectKey,
  rules: readonly HeaderRule[],
  own: Partial<ObjectHeaders> = {},
): ObjectHeaders {
  const base: ObjectHeaders = {
    contentType: contentTypeOf(key),
    cacheControl: isFingerprinted(key) ? CACHE_FOREVER : CACHE_UNTIL_INVALIDATED,
    ...own,
  };
  const set = rules
    .filter((rule) => matches(rule.match, key))
    .flatMap((rule) => Object.entries(rule.set))
    .filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}

/** The headers as one string with a fixed order, to be digested. Equal headers give equal strings. */
export function canonicalHeaders(headers: ObjectHeaders): string {
  return [
    headers.contentType,
    headers.cacheControl,
    headers.contentEncoding ?? "",
    headers.contentDisposition ?? "",
    headers.contentLanguage ?? "",
    ...(headers.answerStatus === undefined ? [] : [headers.answerStatus]),
  ].join("\n");
}

const FINGERPRINTED = /[.-]([0-9a-f]{8,64})\.[0-9A-Za-z.]+$/;
const ONLY_DIGITS = /^\d+$/;

/**
 * Whether the name says which bytes are inside: `main.3f2a9c01d4.css`. Digits alone may be a date, a
 * time or an order number (`report-20261122.pdf`), which is no promise about the content, so they do
 * not count. Of hashes with ten digits one in a hundred has no letter; such a file is asked for again
 * by browsers, and that is all.
 */
export function isFingerprinted(key: string): boolean {
  const hash = FINGERPRINTED.exec(key)?.[1];
  return hash !== undefined && !ONLY_DIGITS.test(hash);
}

/** Types that are text although their name does not start with `text/`, and have no charset in mime-db. */
const TEXT_TYPES = new Set([
  "application/atom+xml",
  "application/feed+json",
  "application/geo+json",
  "application/ld+json",
  "application/rss+xml",
  "application/xhtml+xml",
  "application/xml",
  "image/svg+xml",
]);

/** The Content-Type for a key, with `charset=utf-8` on text; unknown names are plain bytes. */
export function contentTypeOf(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (!name.includes(".")) return "application/octet-stream";
  const type = typeWithCharset(name);
  if (type === false) return "application/octet-stream";
  return TEXT_TYPES.has(type) ? `${type}; charset=utf-8` : type;
}

const matchers = new Map<string, (key: string) => boolean>();

/** Globs as in .gitignore-like tools: `*` stays in a folder, `**` does not; dot files count. */
function matches(glob: string, key: string): boolean {
  const known = matchers.get(glob);
  if (known !== undefined) return known(key);
  const matcher = picomatch(glob, { dot: true });
  matchers.set(glob, matcher);
  return matcher(key);
}
