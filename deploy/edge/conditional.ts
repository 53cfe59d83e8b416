import { parseHttpDate } from "./http-date.ts";

/** The viewer's conditions that a cache answers by itself. */
export type Conditions = {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
};

export type Validators = {
  readonly etag: string | undefined;
  /** Milliseconds since 1970; undefined where the origin named none. */
  readonly lastModified: number | undefined;
};

/**
 * Whether the viewer's copy is still good, so that 304 is the answer. If-None-Match compares weakly
 * and, when present, silences If-Modified-Since (RFC 9110 13.1.2, 13.1.3, 13.2.2). If-Match and
 * If-Unmodified-Since are left to origins, as RFC 9110 13.2.1 lets a cache do.
 */
export function isNotModified(conditions: Conditions, validators: Validators): boolean {
  if (conditions.ifNoneMatch !== undefined) {
    return matchesAny(conditions.ifNoneMatch, validators.etag);
  }
  const { lastModified } = validators;
  if (conditions.ifModifiedSince === undefined || lastModified === undefined) return false;
  const since = parseHttpDate(conditions.ifModifiedSince);
  return since !== undefined && wholeSeconds(lastModified) <= since;
}

/**
 * Whether an If-Range precondition lets the Range count. Only a strong ETag or the exact date will
 * do, so a compressed variant, whose ETag is weak, is always sent whole (RFC 9110 13.1.5).
 */
export function allowsRange(ifRange: string | undefined, validators: Validators): boolean {
  if (ifRange === undefined) return true;
  const value = ifRange.trim();
  if (value.startsWith('"')) return value === validators.etag;
  const { lastModified } = validators;
  return lastModified !== undefined && parseHttpDate(value) === wholeSeconds(lastModified);
}

const ENTITY_TAG = /(?:W\/)?("[^"]*")/g;

function matchesAny(header: string, etag: string | undefined): boolean {
  if (header.trim() === "*") return true;
  if (etag === undefined) return false;
  const opaque = opaquePart(etag);
  return [...header.matchAll(ENTITY_TAG)].some(([, tag]) => tag === opaque);
}

function opaquePart(etag: string): string {
  return etag.startsWith("W/") ? etag.slice(2) : etag;
}

/** HTTP dates have no fractions. */
function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
