import { decodePath, encodePath } from "./uri.ts";

/** CF-DG "What you need to know when invalidating paths". */
const MAX_PATH_LENGTH = 4_000;

/**
 * Whether CloudFront takes the path at all. It refuses the characters that RFC 1738 calls unsafe
 * and all but ASCII when they are not escaped, the tilde included (aws/aws-sdk issue #525).
 */
export function isInvalidationPath(path: string): boolean {
  if (!path.startsWith("/") || path.length > MAX_PATH_LENGTH) return false;
  return !/[^\x21-\x7e]|["#<>[\\\]^`{|}~]|%(?![0-9A-Fa-f]{2})/u.test(path);
}

/** Whether the path counts against the limit of wildcards rather than that of paths. */
export function isWildcardPath(path: string): boolean {
  return path.endsWith("*");
}

/** WEB "What you need to know when invalidating tags": a tag's length, and how many an object has. */
const MAX_TAG_LENGTH = 256;
const MAX_TAGS = 50;

/** Whether an item of an invalidation names a cache tag, `#tag`, rather than a path. */
export function isTagItem(item: string): boolean {
  return item.startsWith("#");
}

/**
 * The tags of an origin's comma-separated header, in lower case because case does not count. What is
 * too long to be one, and what comes after the fiftieth, is no tag.
 */
export function readCacheTags(header: string | undefined): ReadonlySet<string> {
  if (header === undefined) return NO_TAGS;
  const tags = header.split(",").map((tag) => tag.trim().toLowerCase());
  return new Set(
    tags.filter((tag) => tag !== "" && tag.length <= MAX_TAG_LENGTH).slice(0, MAX_TAGS),
  );
}

const NO_TAGS: ReadonlySet<string> = new Set();

/**
 * Tells of what the cache holds whether any of the items, paths and `#tag`, drops it. `uri` is that of
 * the cache key, after the rewrite; with `?` and the query where the query is part of the key. A `*`
 * at the end stands for anything, elsewhere for itself; case counts. Escapes of the same characters
 * are the same in either case of their hex digits; an escape of a character that needs none matches
 * nothing else (CF-DG "What you need to know when invalidating paths").
 */
export function invalidationMatcher(
  items: readonly string[],
): (uri: string, tags?: ReadonlySet<string>) => boolean {
  const exact = new Set<string>();
  const prefixes: string[] = [];
  const named = new Set<string>();
  for (const item of items) {
    if (isTagItem(item)) named.add(item.slice(1).toLowerCase());
    else if (isWildcardPath(item)) prefixes.push(canonicalEscapes(item.slice(0, -1)));
    else exact.add(canonicalEscapes(item));
  }
  return (uri, tags = NO_TAGS) => {
    const canonical = canonicalEscapes(uri);
    if (exact.has(canonical)) return true;
    if (prefixes.some((prefix) => canonical.startsWith(prefix))) return true;
    return [...tags].some((tag) => named.has(tag));
  };
}

/** Runs of escapes go together, because one character may take up to four of them. */
function canonicalEscapes(path: string): string {
  return path.replace(/(?:%[0-9A-Fa-f]{2})+|[^\x21-\x7e]+/gu, (run) => {
    const upper = run.toUpperCase();
    const decoded = decodePath(run);
    if (decoded === undefined) return upper;
    return [...decoded].map((character) => escapeOf(character, run)).join("");
  });
}

function escapeOf(character: string, run: string): string {
  const encoded = encodePath(character);
  if (encoded !== character || !run.startsWith("%")) return encoded;
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
