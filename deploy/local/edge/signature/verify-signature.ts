import { verifyAsymmetric } from "./asymmetric-signature.ts";
import { canonicalRequest, type SignableRequest } from "./canonical-request.ts";
import {
  ASYMMETRIC_ALGORITHM,
  parseTimestamp,
  type SignatureClaim,
  type SignatureRefusal,
} from "./signature-claim.ts";
import {
  regionlessScopeText,
  sameSignature,
  scopeText,
  sha256,
  sign,
  signingKey,
} from "./signing-key.ts";

/** The one key pair that the edge accepts. */
export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** A signature found right, with what the signatures of body chunks are chained to. */
export type VerifiedSignature = {
  readonly accessKeyId: string;
  readonly service: string;
  readonly timestamp: string;
  readonly scope: string;
  readonly signature: string;
  readonly signingKey: Buffer;
  /** The last line of the canonical request: a hash, UNSIGNED-PAYLOAD or STREAMING-…. */
  readonly payloadHash: string;
};

export type SignatureVerdict =
  | { readonly kind: "verified"; readonly signature: VerifiedSignature }
  | { readonly kind: "refused"; readonly refusal: SignatureRefusal };

export type Expectation = {
  readonly credentials: Credentials;
  /** The region that the scope must name; any when absent. */
  readonly region?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly payloadHash: string;
};

const LARGEST_SKEW = 15 * 60 * 1000;

/** Checks a claim against the request and the key we know (S3-API "Authenticating requests"). */
export function verifySignature(
  request: SignableRequest,
  claim: SignatureClaim,
  expected: Expectation,
): SignatureVerdict {
  const refusal =
    refuseScope(claim, expected) ??
    refuseTime(claim, expected.now) ??
    refuseUnsignedHeaders(request, claim);
  if (refusal !== undefined) return { kind: "refused", refusal };

  const canonical = canonicalRequest(request, {
    signedHeaders: claim.signedHeaders,
    payloadHash: expected.payloadHash,
    pathEncoding: claim.scope.service === "s3" ? "once" : "twice",
  });
  const isHmac = claim.algorithm === "hmac";
  const scope = isHmac ? scopeText(claim.scope) : regionlessScopeText(claim.scope);
  const algorithm = isHmac ? "AWS4-HMAC-SHA256" : ASYMMETRIC_ALGORITHM;
  const stringToSign = [algorithm, claim.timestamp, scope, sha256(canonical)].join("\n");
  const key = signingKey(expected.credentials.secretAccessKey, claim.scope);
  const isRight = isHmac
    ? sameSignature(sign(key, stringToSign), claim.signature)
    : verifyAsymmetric(expected.credentials, stringToSign, claim.signature);
  if (!isRight) {
    return { kind: "refused", refusal: mismatch(claim, stringToSign, canonical) };
  }
  const { accessKeyId, timestamp, signature } = claim;
  return {
    kind: "verified",
    signature: {
      accessKeyId,
      service: claim.scope.service,
      timestamp,
      scope,
      signature,
      signingKey: key,
      payloadHash: expected.payloadHash,
    },
  };
}

function refuseScope(claim: SignatureClaim, expected: Expectation): SignatureRefusal | undefined {
  if (!sameSignature(claim.accessKeyId, expected.credentials.accessKeyId)) {
    return {
      code: "InvalidAccessKeyId",
      status: 403,
      message: "The AWS Access Key Id you provided does not exist in our records.",
      details: { AWSAccessKeyId: claim.accessKeyId },
    };
  }
  const odd = refuseAlgorithm(claim);
  if (odd !== undefined) return odd;
  if (expected.region !== undefined && claim.scope.region !== expected.region) {
    return malformed(
      claim,
      `the region '${claim.scope.region}' is wrong; expecting '${expected.region}'`,
      { Region: expected.region },
    );
  }
  return claim.timestamp.startsWith(claim.scope.date)
    ? undefined
    : malformed(claim, "the date of the credential differs from the date of the request", {});
}

/** Services that CloudFront runs in no region; they take SigV4A alone (service model, `auth`). */
const ASYMMETRIC_SERVICES: ReadonlySet<string> = new Set(["cloudfront-keyvaluestore"]);

function refuseAlgorithm(claim: SignatureClaim): SignatureRefusal | undefined {
  const { service, region } = claim.scope;
  const wanted = ASYMMETRIC_SERVICES.has(service) ? "ecdsa" : "hmac";
  if (claim.algorithm !== wanted) {
    const name = wanted === "ecdsa" ? ASYMMETRIC_ALGORITHM : "AWS4-HMAC-SHA256";
    return {
      code: "InvalidRequest",
      status: 400,
      message: `The authorization mechanism you have provided is not supported. Please use ${name}.`,
    };
  }
  if (wanted === "hmac" || region.split(",").some((name) => name.trim() === "*")) return undefined;
  return malformed(claim, `X-Amz-Region-Set is '${region}'; expecting '*'`, { Region: "*" });
}

function malformed(
  claim: SignatureClaim,
  reason: string,
  details: Readonly<Record<string, string>>,
): SignatureRefusal {
  return claim.place === "header"
    ? {
        code: "AuthorizationHeaderMalformed",
        status: 400,
        message: `The authorization header is malformed; ${reason}`,
        details,
      }
    : {
        code: "AuthorizationQueryParametersError",
        status: 400,
        message: `Error parsing the X-Amz-Credential parameter; ${reason}`,
        details,
      };
}

function refuseTime(claim: SignatureClaim, now: number): SignatureRefusal | undefined {
  const signedAt = parseTimestamp(claim.timestamp);
  if (signedAt === undefined) {
    return { code: "AccessDenied", status: 403, message: "X-Amz-Date is not a valid time" };
  }
  if (claim.expiresSeconds === undefined) {
    return Math.abs(now - signedAt) <= LARGEST_SKEW ? undefined : skewed(claim.timestamp, now);
  }
  const expires = signedAt + claim.expiresSeconds * 1000;
  if (now > expires) {
    return {
      code: "AccessDenied",
      status: 403,
      message: "Request has expired",
      details: {
        "X-Amz-Expires": String(claim.expiresSeconds),
        Expires: new Date(expires).toISOString(),
        ServerTime: new Date(now).toISOString(),
      },
    };
  }
  return signedAt - now > LARGEST_SKEW ? skewed(claim.timestamp, now) : undefined;
}

function skewed(timestamp: string, now: number): SignatureRefusal {
  return {
    code: "RequestTimeTooSkewed",
    status: 403,
    message: "The difference between the request time and the current time is too large.",
    details: {
      RequestTime: timestamp,
      ServerTime: new Date(now).toISOString(),
      MaxAllowedSkewMilliseconds: String(LARGEST_SKEW),
    },
  };
}

/** A header that changes the meaning of a request must be covered by the signature. */
function refuseUnsignedHeaders(
  request: SignableRequest,
  claim: SignatureClaim,
): SignatureRefusal | undefined {
  const signed = new Set(claim.signedHeaders);
  const unsigned = [...request.headers.keys()].filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signed.has(name),
  );
  if (unsigned.length === 0) return undefined;
  return {
    code: "AccessDenied",
    status: 403,
    message: "There were headers present in the request which were not signed",
    details: { HeadersNotSigned: unsigned.join(", ") },
  };
}

function mismatch(
  claim: SignatureClaim,
  stringToSign: string,
  canonical: string,
): SignatureRefusal {
  return {
    code: "SignatureDoesNotMatch",
    status: 403,
    message:
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    details: {
      AWSAccessKeyId: claim.accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: claim.signature,
      CanonicalRequest: canonical,
    },
  };
}
