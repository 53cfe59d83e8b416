import type { FailureText } from "../core/errors.ts";
import { NAME_ERRORS } from "./name-explanations.ts";
import { explainQuota } from "./quotas.ts";

/** What was being done, for the message: the service's resource and the right that it needs. */
export type AwsAttempt = {
  /** "the bucket naked-coders", "the distribution E2QWRUHEXAMPLE" */
  readonly resource: string;
  /** The IAM action, as a policy names it: "s3:PutObject". */
  readonly action: string;
};

/** What is left of an error once the SDK's shapes are taken off. */
export type AwsError = {
  /** The service's own code, or the name of an error of Node or the SDK. */
  readonly code: string;
  readonly message: string;
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  /** The region that the bucket is in, where the answer says so. */
  readonly region: string | undefined;
};

export type Explanation = Pick<FailureText, "why" | "next">;
type Explain = (attempt: AwsAttempt, error: AwsError) => Explanation;

const AGAIN = "Run the same command again; it continues where this one stopped.";
const SIGN_IN =
  "Sign in again (aws sso login, or new keys in the environment), then run the same command.";
const EXPIRED = { why: "the credentials have expired", next: SIGN_IN };
const UNKNOWN_KEY = { why: "AWS does not know this access key", next: SIGN_IN };
const OTHER_BYTES = {
  why: "the bytes that arrived are not those that were scanned",
  next: "Let the build finish before deploying, then deploy again.",
};
const SKEWED = {
  why: "this machine's clock is more than 15 minutes off",
  next: "Set the clock (NTP), then run the same command.",
};
const NO_ANSWER = {
  why: "the connection was silent for too long, also after several tries",
  next: `Check the network. ${AGAIN}`,
};

/** Error codes of S3 and CloudFront, and of the SDK's credential chain, that people really meet. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  AccessDenied: denied,
  AccessDeniedException: denied,
  AllAccessDisabled: ({ resource }) => ({
    why: `AWS has switched off all access to ${resource}`,
    next: "Ask AWS Support what is wrong with the account.",
  }),
  CredentialsProviderError: () => ({
    why: "no AWS credentials were found in the environment, the shared files or this machine's role",
    next: "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login.",
  }),
  ExpiredToken: () => EXPIRED,
  ExpiredTokenException: () => EXPIRED,
  TokenRefreshRequired: () => EXPIRED,
  InvalidAccessKeyId: () => UNKNOWN_KEY,
  InvalidClientTokenId: () => UNKNOWN_KEY,
  InvalidToken: () => ({ why: "the session token does not belong to the keys", next: SIGN_IN }),
  SignatureDoesNotMatch: () => ({
    why: "the secret key does not belong to the access key",
    next: "Check AWS_SECRET_ACCESS_KEY for missing or extra characters.",
  }),
  RequestTimeTooSkewed: () => SKEWED,
  RequestExpired: () => SKEWED,
  RequestInTheFuture: () => SKEWED,
  NoSuchBucket: ({ resource }) => ({
    why: `${resource} does not exist`,
    next: "Check bucket and region in slipway.config.ts, or make the bucket with slipway setup.",
  }),
  InvalidBucketName: ({ resource }) => ({
    why: `${resource} has a name that S3 does not allow`,
    next: "Check bucket in slipway.config.ts: 3-63 characters, a-z, 0-9, dot and dash.",
  }),
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  TemporaryRedirect: ({ resource }) => ({
    why: `${resource} is so new that S3 does not know everywhere yet where it is`,
    next: "Wait some minutes, then run the same command again.",
  }),
  SlowDown: () => ({
    why: "S3 is throttling this prefix, also after several tries",
    next: "Run the same command again in a minute; it continues where this one stopped.",
  }),
  Throttling: tooFast,
  ThrottlingException: tooFast,
  TooManyRequestsException: tooFast,
  BucketAlreadyExists: ({ resource }) => ({
    why: `names are unique in the world, and somebody else has ${resource}`,
    next: "Choose another name for bucket in slipway.config.ts, then run the same command.",
  }),
  OperationAborted: ({ resource }) => ({
    why: `S3 is still busy with an earlier request about ${resource}, or it was removed just now`,
    next: "Wait some minutes, then run the same command again.",
  }),
  InvalidBucketAclWithObjectOwnership: ({ resource }) => ({
    why: `an access control list of ${resource} lets another account in`,
    next: "Remove that grant (S3 console, Permissions, Access control list), then run the same command.",
  }),
  InternalError: serverFault,
  ServiceUnavailable: serverFault,
  BadDigest: () => OTHER_BYTES,
  XAmzContentSHA256Mismatch: () => OTHER_BYTES,
  EntityTooLarge: () => ({
    why: "the file is larger than the store takes",
    next: "Make it smaller, or serve it from elsewhere.",
  }),
  NoSuchUpload: () => ({
    why: "the parts of a large file were removed while it was being sent",
    next: `See that no lifecycle rule or second deploy removes them. ${AGAIN}`,
  }),
  RequestTimeout: () => NO_ANSWER,
  TimeoutError: () => NO_ANSWER,
  NotImplemented: ({ action }) => ({
    why: `the store does not know ${action} as S3 does`,
    next: "Check endpoint in slipway.config.ts, and what that store leaves out of S3.",
  }),
  ...NAME_ERRORS,
  NoSuchDistribution: ({ resource }) => ({
    why: `${resource} does not exist in this account`,
    next: "Check distribution in slipway.config.ts, and that AWS_PROFILE names the right account.",
  }),
};

/** A HEAD has no body, and a proxy no code of S3, so only the status can speak (S3-API "HeadObject"). */
const BY_STATUS: Readonly<Record<number, Explain>> = {
  301: wrongRegion,
  307: wrongRegion,
  403: denied,
  407: () => ({
    why: "a proxy on the way asks for a password",
    next: "Let this machine reach AWS directly: the AWS SDK uses no proxy from the environment.",
  }),
  502: notOurs,
  504: notOurs,
};

/** What is wrong and what to do about it, for an answer that we know. */
export function explainAnswer(attempt: AwsAttempt, error: AwsError): Explanation | undefined {
  if (error.code.startsWith("KMS.")) return keyTrouble(attempt, error);
  const known = Object.hasOwn(BY_CODE, error.code) ? BY_CODE[error.code] : undefined;
  const byStatus = error.status === undefined ? undefined : BY_STATUS[error.status];
  // The SDK's own words for an answer that is not in the service's language, such as a web page.
  const foreign = /\bDeserialization error:/.test(error.message) ? notOurs : undefined;
  return explainQuota(attempt, error) ?? (known ?? byStatus ?? foreign)?.(attempt, error);
}

/** Node's codes for a connection that did not come about, or broke. */
const UNREACHABLE =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** OpenSSL's codes for a certificate that is not to be trusted, as Node names them. */
const UNTRUSTED = /CERT|LEAF_SIGNATURE|ISSUER|^ERR_TLS_/;

/** What is wrong with the way to the server, from Node's code. */
export function explainNetwork(reason: string): Explanation | undefined {
  if (UNREACHABLE.test(reason)) {
    return {
      why: `no answer from the server (${reason})`,
      next: "Check the network and the endpoint, then run the same command again.",
    };
  }
  if (UNTRUSTED.test(reason)) {
    return {
      why: `the server's certificate is not to be trusted (${reason})`,
      next: "Check the endpoint. If a proxy of your company opens TLS, name its certificate in NODE_EXTRA_CA_CERTS.",
    };
  }
  if (reason === "EPROTO" || reason.startsWith("ERR_SSL_")) {
    return {
      why: `the server does not speak TLS as it should (${reason})`,
      next: "Check whether the endpoint begins with http:// or https://.",
    };
  }
  return undefined;
}

/** AWS often names the missing right itself; then it knows better than we, also about keys of KMS. */
function denied(attempt: AwsAttempt, { message }: AwsError): Explanation {
  const [, action = attempt.action, arn] =
    /not authorized to perform:? ([\w-]+:\w+)(?: on resource:? "?([^\s"]+))?/.exec(message) ?? [];
  const [, key] = /(arn:aws[\w-]*:kms:[^\s"]+)/.exec(message) ?? [];
  const resource = key ?? arn ?? attempt.resource;
  const [, because] = /\b(with an explicit deny in an? [\w -]+ policy)/.exec(message) ?? [];
  const next = action.startsWith("kms:")
    ? `Allow ${action} for this role in the key's policy; the bucket encrypts with that key.`
    : `Allow ${action} for this role, or use another one.`;
  const why = `these credentials may not ${action} on ${resource}`;
  return because === undefined
    ? { why, next }
    : { why: `${why}, ${because}`, next: `Take the deny away. ${next}` };
}

function keyTrouble({ resource }: AwsAttempt, { code, message }: AwsError): Explanation {
  return {
    why: `the key that encrypts ${resource} cannot be used (${code}: ${message})`,
    next: "Check the key in KMS: enabled, in the bucket's region, and kms:GenerateDataKey and kms:Decrypt allowed for this role.",
  };
}

function wrongRegion({ resource }: AwsAttempt, { region, message }: AwsError): Explanation {
  const found = region ?? /expecting '([a-z0-9-]+)'/.exec(message)?.[1];
  return {
    why: `${resource} is in ${found === undefined ? "another region" : `the region ${found}`}`,
    next: `Set region in slipway.config.ts to ${found ?? "the bucket's own region"}.`,
  };
}

function tooFast(): Explanation {
  return {
    why: "AWS takes fewer requests a second from this account, also after several tries",
    next: `See whether something else uses the same API, wait a minute. ${AGAIN}`,
  };
}

function serverFault(_attempt: AwsAttempt, { code }: AwsError): Explanation {
  return {
    why: `the service had a fault of its own (${code}), also after several tries`,
    next: AGAIN,
  };
}

function notOurs(_attempt: AwsAttempt, { status }: AwsError): Explanation {
  return {
    why: `something on the way answered with ${status ?? "other words"} in place of the service`,
    next: "Check the endpoint and any proxy in between, then run the same command again.",
  };
}
