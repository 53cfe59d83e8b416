/** The directives of an origin's Cache-Control that CloudFront acts on; seconds where there is a number. */
export type CacheControl = {
  readonly sMaxAge?: number;
  readonly maxAge?: number;
  readonly staleIfError?: number;
  readonly staleWhileRevalidate?: number;
  /** Any of no-cache, no-store and private, which CloudFront treats alike. */
  readonly forbidsCaching: boolean;
};

/**
 * Reads a Cache-Control header. Names are case-insensitive, values may be quoted, the first of two
 * equal names wins, and a number that is none is as if absent (RFC 9111 4.2.1, 5.2).
 */
export function parseCacheControl(header: string | undefined): CacheControl {
  const directives = readDirectives(header ?? "");
  const sMaxAge = seconds(directives.get("s-maxage"));
  const maxAge = seconds(directives.get("max-age"));
  const staleIfError = seconds(directives.get("stale-if-error"));
  const staleWhileRevalidate = seconds(directives.get("stale-while-revalidate"));
  return {
    ...(sMaxAge === undefined ? {} : { sMaxAge }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(staleIfError === undefined ? {} : { staleIfError }),
    ...(staleWhileRevalidate === undefined ? {} : { staleWhileRevalidate }),
    forbidsCaching: ["no-cache", "no-store", "private"].some((name) => directives.has(name)),
  };
}

/** A name, then perhaps `=` and a token or a quoted string. */
const DIRECTIVE = /([^\s,=]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g;

function readDirectives(header: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const [, name = "", quoted, token] of header.matchAll(DIRECTIVE)) {
    const lower = name.toLowerCase();
    if (!directives.has(lower)) directives.set(lower, quoted ?? token ?? "");
  }
  return directives;
}

function seconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}
