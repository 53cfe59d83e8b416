/**
 * Every refusal that a client can get, as RFC 9457 has it. None has the status 403 or 404: CloudFront
 * replaces those answers, of the API too, by the site's error page, since its custom error responses
 * are for a whole distribution. So "not found" is said with 400 here.
 */
export const PROBLEMS = {
  "invalid-body": { status: 400, title: "The body is not what this endpoint takes" },
  "cross-site": { status: 400, title: "This form was sent from another site" },
  "bad-request": { status: 400, title: "This request cannot be understood" },
  "unknown-endpoint": { status: 400, title: "There is no such endpoint" },
  "wrong-method": { status: 405, title: "This endpoint does not take this method" },
  "request-timeout": { status: 408, title: "The request came too slowly" },
  "token-refused": { status: 410, title: "This code was used, is too old, or never was" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "wrong-media-type": { status: 415, title: "This kind of body is not taken here" },
  "not-through-cdn": { status: 421, title: "This host answers to its CDN only" },
  "address-refused": { status: 422, title: "We cannot write to this address" },
  "rate-limited": { status: 429, title: "Too many requests from this address" },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  "internal-error": { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "We cannot store anything right now" },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export type FieldProblem = { readonly field: string; readonly message: string };

/** What keeps a request from being answered as it wishes; thrown in a handler, it is the answer. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly fields: readonly FieldProblem[];
  /** When to come again, in seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: {
      readonly fields?: readonly FieldProblem[];
      readonly retryAfter?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.kind = kind;
    this.fields = more.fields ?? [];
    this.retryAfter = more.retryAfter;
  }
}

/** The body of the answer. Its type leads to the place where the problem is described. */
export function problemDocument(
  problem: Problem,
  requestId: string,
): Readonly<Record<string, unknown>> {
  const { status, title } = PROBLEMS[problem.kind];
  return {
    type: `/api/openapi.json#/components/responses/${problem.kind}`,
    title,
    status,
    detail: problem.message,
    instance: `urn:request:${requestId}`,
    ...(problem.fields.length > 0 ? { errors: problem.fields } : {}),
  };
}
