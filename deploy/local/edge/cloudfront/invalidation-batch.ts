import { isInvalidationPath } from "../../../edge/invalidation-match.ts";
import { ApiError, invalidArgument } from "./api-error.ts";
import { childOf, childrenOf, readDocument, textOf } from "./xml.ts";

export type InvalidationBatch = {
  /** One that begins with `#` is a cache tag. */
  readonly paths: readonly string[];
  readonly callerReference: string;
};

/** CF-DG "Concurrent invalidation request maximum". */
export const MAX_PATHS = 3_000;

/**
 * Reads the body of CreateInvalidation. Throws an ApiError that says which rule it breaks
 * (BC cloudfront CreateInvalidation; CF-DG "What you need to know when invalidating paths").
 */
export function readInvalidationBatch(body: string): InvalidationBatch {
  const batch = childOf(readDocument(body), "InvalidationBatch");
  const paths = childOf(batch, "Paths");
  const callerReference = textOf(childOf(batch, "CallerReference"));
  if (paths === undefined || callerReference === undefined || callerReference === "") {
    throw new ApiError(
      400,
      "MalformedInput",
      "The body must be an InvalidationBatch with Paths and a CallerReference.",
    );
  }
  const items = childrenOf(childOf(paths, "Items"), "Path").map(textOf);
  checkQuantity(textOf(childOf(paths, "Quantity")), items.length);
  return { paths: items.map(checkPath), callerReference };
}

function checkQuantity(quantity: string | undefined, count: number): void {
  if (quantity === undefined || Number(quantity) !== count) {
    throw new ApiError(
      400,
      "InconsistentQuantities",
      "The value of Quantity and the size of Items don't match.",
    );
  }
  if (count === 0) throw invalidArgument("Your request must contain at least one path.");
  if (count > MAX_PATHS) {
    throw new ApiError(
      413,
      "BatchTooLarge",
      `Your request contains ${count} invalidation paths; the most is ${MAX_PATHS}.`,
    );
  }
}

/** No wildcard and nothing that a header could not list (CF-DG "What you need to know when invalidating tags"). */
const TAG = /^#[!-)+\x2d-~]{1,256}$/;

function checkPath(path: string | undefined): string {
  if (path !== undefined && (isInvalidationPath(path) || TAG.test(path))) return path;
  const shown = (path ?? "").slice(0, 100);
  throw invalidArgument(
    `Your request contains one or more invalid invalidation paths. The first is "${shown}".`,
  );
}
