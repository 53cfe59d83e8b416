import { randomBytes } from "node:crypto";
import { ApiError } from "./api-error.ts";

/** Which state of a resource this is. Every change gives a new ETag. */
export type Revision = {
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
};

/** As CloudFront's look: `E` and upper-case letters and digits. */
export function newRevision(now: Date): Revision {
  return { etag: newId("E"), changedAt: now.getTime() };
}

/** An id of 14 characters, as those of distributions, origin access controls and ETags. */
export function newId(letter: string): string {
  return letter + randomBytes(7).toString("hex").slice(0, 13).toUpperCase();
}

/**
 * Lets a change pass only if it was made from the current state: a missing or odd If-Match is
 * InvalidIfMatchVersion 400, that of an earlier state PreconditionFailed 412 (BC cloudfront).
 */
export function checkIfMatch(ifMatch: string | undefined, { etag }: Revision): void {
  if (ifMatch === undefined || !/^E[A-Z0-9]{5,20}$/.test(ifMatch)) {
    throw new ApiError(
      400,
      "InvalidIfMatchVersion",
      "The If-Match version is missing or not valid for the resource.",
    );
  }
  if (ifMatch !== etag) {
    throw new ApiError(
      412,
      "PreconditionFailed",
      "The request failed because it didn't meet the preconditions in one or more request-header fields.",
    );
  }
}
