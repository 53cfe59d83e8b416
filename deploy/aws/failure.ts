import { SlipwayError } from "../core/errors.ts";
import {
  type AwsAttempt,
  type Explanation,
  explainAnswer,
  explainNetwork,
} from "./explanations.ts";

/** Turns whatever the SDK threw into what a person can act on; nothing of the original is lost. */
export function toFailure(error: unknown, attempt: AwsAttempt): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const what = `${attempt.action} failed on ${attempt.resource}`;
  return new SlipwayError("cloud", { what, ...explain(error, attempt) }, { cause: error });
}

function explain(error: unknown, attempt: AwsAttempt): Explanation {
  const told = error instanceof Error ? error.message : String(error);
  // Who answers is not always AWS, and a terminal obeys what it is shown.
  const message = told.replace(/\p{Cc}+/gu, " ");
  const answer = {
    code: codeOf(error),
    message,
    status: statusOf(error),
    region: regionOf(error),
  };
  const reason = networkReason(error);
  const known =
    (reason === undefined ? undefined : explainNetwork(reason)) ?? explainAnswer(attempt, answer);
  if (known !== undefined) return known;
  const status = answer.status === undefined ? "" : ` (status ${answer.status})`;
  return {
    why: `${answer.code}: ${message}${status}`,
    next: "Run the same command again; with --verbose it shows the whole error.",
  };
}

/** The service's own code: the SDK puts it into `name`. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** The HTTP status of a service error, if there was an answer at all. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const status = "httpStatusCode" in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === "number" ? status : undefined;
}

/** S3 names the bucket's region in a header of most refusals for another one. */
export function regionOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("$response" in error)) return undefined;
  const response = error.$response as { readonly headers?: Readonly<Record<string, string>> };
  return response?.headers?.["x-amz-bucket-region"];
}

/** Node's code of a network error, which the SDK passes on, wraps as a cause, or bundles. */
function networkReason(error: unknown): string | undefined {
  if (error instanceof AggregateError) return error.errors.map(networkReason).find(Boolean);
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return networkReason(error.cause);
}
