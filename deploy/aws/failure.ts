import { type FailureText, SlipwayError } from "../core/errors.ts";

/** What was being done, for the message: the service's resource and the right that it needs. */
export type AwsAttempt = {
  /** "the bucket naked-coders", "the distribution E2QWRUHEXAMPLE" */
  readonly resource: string;
  /** The IAM action, as a policy names it: "s3:PutObject". */
  readonly action: string;
};

type Explanation = Pick<FailureText, "why" | "next">;

const SIGN_IN =
  "Sign in again (aws sso login, or new keys in the environment), then run the same command.";

/** Error codes of S3 and CloudFront, and of the SDK's credential chain, that people really meet. */
const EXPLANATIONS: Readonly<Record<string, (attempt: AwsAttempt) => Explanation>> = {
  AccessDenied: ({ action, resource }) => ({
    why: `these credentials may not ${action} on ${resource}`,
    next: `Allow ${action} for this role, or use another one.`,
  }),
  CredentialsProviderError: () => ({
    why: "no AWS credentials were found in the environment, the shared files or this machine's role",
    next: "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login.",
  }),
  ExpiredToken: () => ({ why: "the credentials have expired", next: SIGN_IN }),
  ExpiredTokenException: () => ({ why: "the credentials have expired", next: SIGN_IN }),
  InvalidAccessKeyId: () => ({ why: "AWS does not know this access key", next: SIGN_IN }),
  InvalidClientTokenId: () => ({ why: "AWS does not know this access key", next: SIGN_IN }),
  SignatureDoesNotMatch: () => ({
    why: "the secret key does not belong to the access key",
    next: "Check AWS_SECRET_ACCESS_KEY for missing or extra characters.",
  }),
  RequestTimeTooSkewed: () => ({
    why: "this machine's clock is more than 15 minutes off",
    next: "Set the clock (NTP), then run the same command.",
  }),
  NoSuchBucket: ({ resource }) => ({
    why: `${resource} does not exist`,
    next: "Check bucket and region in slipway.config.ts, or create the bucket.",
  }),
  PermanentRedirect: ({ resource }) => wrongRegion(resource),
  AuthorizationHeaderMalformed: ({ resource }) => wrongRegion(resource),
  IllegalLocationConstraintException: ({ resource }) => wrongRegion(resource),
  SlowDown: () => ({
    why: "S3 is throttling this prefix, also after five tries",
    next: "Run the same command again in a minute; it continues where this one stopped.",
  }),
  BadDigest: () => ({
    why: "the bytes that arrived are not those that were scanned",
    next: "Let the build finish before deploying, then deploy again.",
  }),
  NoSuchDistribution: ({ resource }) => ({
    why: `${resource} does not exist in this account`,
    next: "Check distribution in slipway.config.ts, and that AWS_PROFILE names the right account.",
  }),
};

function wrongRegion(resource: string): Explanation {
  return {
    why: `${resource} is in another region`,
    next: "Set region in slipway.config.ts to the bucket's own region.",
  };
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNRESET",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
]);

/** Turns whatever the SDK threw into what a person can act on; nothing of the original is lost. */
export function toFailure(error: unknown, attempt: AwsAttempt): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const what = `${attempt.action} failed on ${attempt.resource}`;
  return new SlipwayError("cloud", { what, ...explain(error, attempt) }, { cause: error });
}

function explain(error: unknown, attempt: AwsAttempt): Explanation {
  const known = EXPLANATIONS[codeOf(error)] ?? EXPLANATIONS[fallbackFor(statusOf(error))];
  if (known !== undefined) return known(attempt);
  const reason = networkReason(error);
  if (reason !== undefined) {
    return {
      why: `no answer from the server (${reason})`,
      next: "Check the network and the endpoint, then run the same command again.",
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    why: `${codeOf(error)}: ${message}`,
    next: "Run the same command again; with --verbose it shows the whole error.",
  };
}

/** HEAD has no body, so S3 can only say the bare status (S3-API "HeadObject"). */
function fallbackFor(status: number | undefined): string {
  return status === 403 ? "AccessDenied" : "";
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

function networkReason(error: unknown): string | undefined {
  if (error instanceof AggregateError) return error.errors.map(networkReason).find(Boolean);
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && UNREACHABLE.has(code) ? code : undefined;
}
