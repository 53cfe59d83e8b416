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

/**
 * Tells of a cache key's URI (the canonical one that `decide` gives, after the rewrite) whether any
 * of the paths drops it. A `*` at the end stands for anything, elsewhere for itself; case counts.
 * Escapes of the same characters are the same in either case of their hex digits; an escape of a
 * character that needs none matches nothing, nor does a query, which is not part of the cache key
 * (CF-DG same page).
 */
export function invalidationMatcher(paths: readonly string[]): (uri: string) => boolean {
  const exact = new Set<string>();
  const prefixes: string[] = [];
  for (const path of paths) {
    if (isWildcardPath(path)) prefixes.push(canonicalEscapes(path.slice(0, -1)));
    else exact.add(canonicalEscapes(path));
  }
  return (uri) => exact.has(uri) || prefixes.some((prefix) => uri.startsWith(prefix));
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
