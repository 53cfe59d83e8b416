/**
 * A URI path has one canonical spelling here: decoded once as UTF-8, then encoded with as few
 * escapes as RFC 3986 allows in a path. The cache is keyed by that spelling, so that `/%61.css` and
 * `/a.css`, which read the same object, can never be invalidated apart.
 */

/** Everything but RFC 3986 `pchar` and the slash. */
const ENCODED = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gu;

/** Decodes percent escapes once; undefined when they are malformed or not UTF-8 (overlong, surrogate). */
export function decodePath(uri: string): string | undefined {
  if (!uri.isWellFormed()) return undefined;
  try {
    return decodeURIComponent(uri);
  } catch {
    return undefined;
  }
}

/** The canonical spelling of a decoded path. `path` must be well-formed Unicode. */
export function encodePath(path: string): string {
  return path.replace(ENCODED, percentEncode);
}

function percentEncode(character: string): string {
  return encodeURIComponent(character);
}
