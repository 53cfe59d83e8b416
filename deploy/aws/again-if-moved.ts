import { SlipwayError } from "../core/errors.ts";
import { codeOf, statusOf } from "./failure.ts";

/**
 * How CloudFront says that the ETag is no longer the one of what is there (BC cloudfront UpdateFunction;
 * the stores' API names no code for it, BC kvs UpdateKeys, so both that it could be count).
 */
const MOVED: ReadonlySet<string> = new Set([
  "ConflictException",
  "InvalidIfMatchVersion",
  "PreconditionFailed",
  "ValidationException",
]);

/**
 * Runs steps that read something and write it back under the ETag that they read. Where somebody wrote
 * in between, or the answer to a write was lost and the SDK has repeated it, they are run once more.
 */
export async function againIfMoved<Result>(
  attempt: () => Promise<Result>,
  again: () => Promise<Result> = attempt,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (!isMoved(error)) throw error;
    return await again();
  }
}

function isMoved(error: unknown): boolean {
  const cause = error instanceof SlipwayError ? error.cause : error;
  return statusOf(cause) === 412 || MOVED.has(codeOf(cause));
}
