import { queryParameters, type SignableRequest, splitTarget } from "./canonical-request.ts";
import type { CredentialScope } from "./signing-key.ts";

/** What a request says of its own signature; nothing of it is checked yet. */
export type SignatureClaim = {
  readonly place: "header" | "query";
  /** `ecdsa` is SigV4A, whose scope names no region; X-Amz-Region-Set does, and is `scope.region` here. */
  readonly algorithm: "hmac" | "ecdsa";
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** When it was signed, as sent: 20130524T000000Z. */
  readonly timestamp: string;
  /** How long it holds; only in the query form. */
  readonly expiresSeconds?: number;
};

/** A refusal in S3's words: error code, status and message. */
export type SignatureRefusal = {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** Further elements of the error document. */
  readonly details?: Readonly<Record<string, string>>;
};

export type ClaimReading =
  | { readonly kind: "claim"; readonly claim: SignatureClaim }
  | { readonly kind: "refused"; readonly refusal: SignatureRefusal };

const ALGORITHM = "AWS4-HMAC-SHA256";
/** SigV4A, by which services without a region are signed for. */
export const ASYMMETRIC_ALGORITHM = "AWS4-ECDSA-P256-SHA256";
const LONGEST_PRESIGN = 604_800;

/** Finds the signature in the Authorization header or in the query of a presigned URL. */
export function readClaim(request: SignableRequest): ClaimReading {
  const authorization = request.headers.get("authorization")?.[0];
  if (authorization !== undefined) return readHeader(authorization, request);
  const query = new Map(queryParameters(splitTarget(request.target).query));
  if (query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature")) return readQuery(query);
  return refuse("AccessDenied", 403, "Access Denied");
}

function readHeader(authorization: string, request: SignableRequest): ClaimReading {
  const [name = "", rest = ""] = splitOnce(authorization, " ");
  const algorithm = algorithmOf(name);
  if (algorithm === undefined) {
    return refuse(
      "InvalidRequest",
      400,
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    );
  }
  const fields = new Map(rest.split(",").map((field) => splitOnce(field.trim(), "=")));
  const credential =
    algorithm === "hmac"
      ? readCredential(fields.get("Credential"))
      : readRegionlessCredential(fields.get("Credential"), regionSetOf(request));
  const signedHeaders = fields.get("SignedHeaders")?.split(";");
  const signature = fields.get("Signature");
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    return refuse(
      "AuthorizationHeaderMalformed",
      400,
      "The authorization header is malformed; it needs Credential, SignedHeaders and Signature.",
    );
  }
  const timestamp = timestampOf(request);
  if (timestamp === undefined) {
    return refuse(
      "AccessDenied",
      403,
      "AWS authentication requires a valid Date or x-amz-date header",
    );
  }
  return {
    kind: "claim",
    claim: { place: "header", algorithm, ...credential, signedHeaders, signature, timestamp },
  };
}

function readQuery(query: ReadonlyMap<string, string>): ClaimReading {
  const credential = readCredential(query.get("X-Amz-Credential"));
  const signedHeaders = query.get("X-Amz-SignedHeaders")?.split(";");
  const signature = query.get("X-Amz-Signature");
  const timestamp = query.get("X-Amz-Date");
  const expiresSeconds = Number(query.get("X-Amz-Expires") ?? Number.NaN);
  const isComplete = query.get("X-Amz-Algorithm") === ALGORITHM && credential && signedHeaders;
  if (!isComplete || signature === undefined || timestamp === undefined) {
    return refuseQuery(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  }
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1) {
    return refuseQuery("X-Amz-Expires must be a number of seconds greater than 0");
  }
  if (expiresSeconds > LONGEST_PRESIGN) {
    return refuseQuery("X-Amz-Expires must be less than a week (in seconds); that is, 604800");
  }
  return {
    kind: "claim",
    claim: {
      place: "query",
      algorithm: "hmac",
      ...credential,
      signedHeaders,
      signature,
      timestamp,
      expiresSeconds,
    },
  };
}

/** "20130524T000000Z" → milliseconds since 1970; undefined when it is no such time. */
export function parseTimestamp(timestamp: string): number | undefined {
  const fields = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(timestamp);
  if (fields === null) return undefined;
  const [, year, month, day, hour, minute, second] = fields;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function timestampOf(request: SignableRequest): string | undefined {
  const amazon = request.headers.get("x-amz-date")?.[0];
  if (amazon !== undefined) return amazon;
  const date = new Date(request.headers.get("date")?.[0] ?? "");
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function readCredential(
  text: string | undefined,
): { readonly accessKeyId: string; readonly scope: CredentialScope } | undefined {
  // The access key may hold slashes; the scope is always the last four fields.
  const fields = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(text ?? "");
  const [, accessKeyId, date, region, service] = fields ?? [];
  if (accessKeyId === undefined || date === undefined) return undefined;
  if (region === undefined || service === undefined) return undefined;
  return { accessKeyId, scope: { date, region, service } };
}

/** SigV4A's scope has no region: AKID/20130524/service/aws4_request. */
function readRegionlessCredential(
  text: string | undefined,
  region: string,
): { readonly accessKeyId: string; readonly scope: CredentialScope } | undefined {
  const fields = /^(.+)\/(\d{8})\/([^/]+)\/aws4_request$/.exec(text ?? "");
  const [, accessKeyId, date, service] = fields ?? [];
  if (accessKeyId === undefined || date === undefined || service === undefined) return undefined;
  return { accessKeyId, scope: { date, region, service } };
}

function regionSetOf(request: SignableRequest): string {
  return request.headers.get("x-amz-region-set")?.join(",") ?? "";
}

function algorithmOf(name: string): SignatureClaim["algorithm"] | undefined {
  if (name === ALGORITHM) return "hmac";
  return name === ASYMMETRIC_ALGORITHM ? "ecdsa" : undefined;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function refuseQuery(message: string): ClaimReading {
  return refuse("AuthorizationQueryParametersError", 400, message);
}

function refuse(code: string, status: number, message: string): ClaimReading {
  return { kind: "refused", refusal: { code, status, message } };
}
