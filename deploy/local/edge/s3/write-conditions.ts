import type { StoredObject } from "../storage/model.ts";
import { listsEtag } from "./etags.ts";
import { S3Error } from "./s3-error.ts";

/** When a write may take place. */
export type WriteCondition =
  | { readonly kind: "always" }
  | { readonly kind: "absent" }
  | { readonly kind: "matches"; readonly etags: string };

/** Reads If-Match and If-None-Match of a write; S3 takes only "*" for the latter. */
export function readWriteCondition(headers: ReadonlyMap<string, string>): WriteCondition {
  const match = headers.get("if-match");
  const noneMatch = headers.get("if-none-match");
  if (noneMatch !== undefined && (noneMatch.trim() !== "*" || match !== undefined)) {
    throw new S3Error("NotImplemented", { details: { Header: "If-None-Match" } });
  }
  if (noneMatch !== undefined) return { kind: "absent" };
  return match === undefined ? { kind: "always" } : { kind: "matches", etags: match };
}

/**
 * Throws unless the condition holds for the current object (S3-UG "How to prevent object overwrites
 * with conditional writes"). `before` is what was there when the request came: an object deleted since
 * then is a conflict, not a missing key.
 */
export function checkWrite(
  condition: WriteCondition,
  current: StoredObject | undefined,
  before: StoredObject | undefined,
): void {
  switch (condition.kind) {
    case "always":
      return;
    case "absent":
      if (current !== undefined) throw failed("If-None-Match");
      return;
    case "matches":
      if (current === undefined) {
        throw new S3Error(before === undefined ? "NoSuchKey" : "ConditionalRequestConflict");
      }
      if (!listsEtag(condition.etags, current.etag)) throw failed("If-Match");
  }
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", { details: { Condition: condition } });
}
