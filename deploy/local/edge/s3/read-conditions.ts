import type { StoredObject } from "../storage/model.ts";
import { listsEtag } from "./etags.ts";

/** What the conditional headers of a read say of the object. */
export type ReadVerdict = "proceed" | "not-modified" | "failed";

/**
 * If-Match beats If-Unmodified-Since and If-None-Match beats If-Modified-Since (S3-API GetObject). For
 * a copy the headers have the prefix "x-amz-copy-source-".
 */
export function judgeRead(
  headers: ReadonlyMap<string, string>,
  object: Pick<StoredObject, "etag" | "modified">,
  prefix = "",
): ReadVerdict {
  const match = headers.get(`${prefix}if-match`);
  const unmodifiedSince = timeOf(headers.get(`${prefix}if-unmodified-since`));
  if (match !== undefined) {
    if (!listsEtag(match, object.etag)) return "failed";
  } else if (unmodifiedSince !== undefined && object.modified > unmodifiedSince) {
    return "failed";
  }
  const noneMatch = headers.get(`${prefix}if-none-match`);
  if (noneMatch !== undefined) {
    return listsEtag(noneMatch, object.etag) ? "not-modified" : "proceed";
  }
  const modifiedSince = timeOf(headers.get(`${prefix}if-modified-since`));
  return modifiedSince !== undefined && object.modified <= modifiedSince
    ? "not-modified"
    : "proceed";
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}
