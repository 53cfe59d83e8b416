import { describe, expect, it } from "vitest";
import { toFailure } from "../../deploy/aws/failure.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";

const ATTEMPT = { action: "s3:PutObject", resource: "the bucket naked-coders" };
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

type Thrown = {
  readonly status?: number;
  readonly message?: string;
  readonly region?: string;
  readonly code?: string;
};

/** An error as the SDK throws it. */
function thrown(name: string, { status, message = "told to", region, code }: Thrown = {}): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
    ...(region === undefined ? {} : { $response: { headers: { "x-amz-bucket-region": region } } }),
    ...(code === undefined ? {} : { code }),
  });
}

const explain = (error: unknown) => toFailure(error, ATTEMPT).text;

describe("a refusal by AWS", () => {
  it.each([
    [
      "a missing right",
      thrown("AccessDenied", { status: 403 }),
      "s3:PutObject on the bucket",
      "Allow s3:PutObject",
    ],
    [
      "a HEAD without a body",
      thrown("403", { status: 403 }),
      "s3:PutObject on the bucket",
      "Allow s3:PutObject",
    ],
    [
      "a right that AWS names itself",
      thrown("AccessDenied", {
        message:
          'User: arn:aws:iam::1:user/ci is not authorized to perform: s3:GetObjectVersion on resource: "arn:aws:s3:::naked-coders/a" because no identity-based policy allows it',
      }),
      "s3:GetObjectVersion on arn:aws:s3:::naked-coders/a",
      "Allow s3:GetObjectVersion",
    ],
    [
      "an explicit deny",
      thrown("AccessDenied", {
        message:
          'User: x is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/a" with an explicit deny in a resource-based policy',
      }),
      "explicit deny in a resource-based policy",
      "Take the deny away",
    ],
    [
      "a key of KMS that may not be used",
      thrown("AccessDenied", {
        message: `User: arn:aws:iam::1:user/ci is not authorized to perform: kms:GenerateDataKey on resource: ${KEY} because no resource-based policy allows it`,
      }),
      `kms:GenerateDataKey on ${KEY}`,
      "Allow kms:GenerateDataKey for this role in the key's policy",
    ],
    [
      "a disabled key",
      thrown("KMS.DisabledException"),
      "KMS.DisabledException",
      "Check the key in KMS",
    ],
    ["a wrong clock", thrown("RequestTimeTooSkewed"), "clock", "Set the clock"],
    [
      "another region, named in a header",
      thrown("PermanentRedirect", { status: 301, region: "eu-central-1" }),
      "in the region eu-central-1",
      "Set region in slipway.config.ts to eu-central-1",
    ],
    [
      "another region, named in words",
      thrown("AuthorizationHeaderMalformed", {
        message:
          "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      }),
      "in the region eu-west-1",
      "to eu-west-1",
    ],
    [
      "another region, by the status alone",
      thrown("301", { status: 301 }),
      "another region",
      "own region",
    ],
    [
      "a redirect of a HEAD",
      thrown("307", { status: 307, region: "us-west-2" }),
      "us-west-2",
      "us-west-2",
    ],
    [
      "a bucket that is minutes old",
      thrown("TemporaryRedirect", { status: 307 }),
      "so new",
      "Wait",
    ],
    ["a bucket that is not there", thrown("NoSuchBucket"), "does not exist", "Check bucket"],
    ["a name that is none", thrown("InvalidBucketName"), "does not allow", "3-63 characters"],
    ["a file that is too large", thrown("EntityTooLarge"), "larger than", "smaller"],
    ["parts that are gone", thrown("NoSuchUpload"), "parts of a large file", "lifecycle rule"],
    ["an upload that stalled", thrown("RequestTimeout"), "silent", "network"],
    ["a server that hangs", thrown("TimeoutError"), "silent", "network"],
    ["throttling", thrown("SlowDown", { status: 503 }), "throttling", "in a minute"],
    ["a fault of S3", thrown("InternalError", { status: 500 }), "InternalError", "again"],
    ["expired credentials", thrown("ExpiredToken"), "expired", "Sign in again"],
    ["no credentials", thrown("CredentialsProviderError"), "no AWS credentials", "AWS_PROFILE"],
    ["a token of other keys", thrown("InvalidToken"), "token", "Sign in again"],
    [
      "a changed file",
      thrown("XAmzContentSHA256Mismatch"),
      "not those that were scanned",
      "build finish",
    ],
    ["a store that is not quite S3", thrown("NotImplemented"), "s3:PutObject", "endpoint"],
    ["a proxy with a password", thrown("UnknownError", { status: 407 }), "proxy", "directly"],
    ["a gateway without S3 behind it", thrown("UnknownError", { status: 502 }), "502", "proxy"],
    [
      "a web server that is no S3",
      thrown("Error", {
        status: 404,
        message:
          "XML parse error: unexpected content.\n  Deserialization error: to see the raw response, …",
      }),
      "something on the way answered with 404 in place of the service",
      "Check the endpoint",
    ],
  ])("because of %s says why and what to do", (_, error, why, next) => {
    const text = explain(error);
    expect(text.what).toBe("s3:PutObject failed on the bucket naked-coders");
    expect(text.why).toContain(why);
    expect(text.next).toContain(next);
  });
});

describe("a connection that fails", () => {
  it.each([
    ["ECONNREFUSED", "no answer from the server (ECONNREFUSED)", "endpoint"],
    ["ENOTFOUND", "no answer from the server (ENOTFOUND)", "network"],
    ["CERT_HAS_EXPIRED", "certificate", "NODE_EXTRA_CA_CERTS"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "certificate", "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate", "NODE_EXTRA_CA_CERTS"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate", "endpoint"],
    ["EPROTO", "TLS", "https://"],
  ])("with %s says why and what to do", (code, why, next) => {
    for (const error of [
      thrown("Error", { code }),
      new Error("wrapped", { cause: thrown("Error", { code }) }),
      new AggregateError([thrown("Error", { code })]),
    ]) {
      expect(explain(error).why).toContain(why);
      expect(explain(error).next).toContain(next);
    }
  });
});

describe("an error", () => {
  it("that is unknown is told as it is, and kept as the cause", () => {
    const error = thrown("Surprise", { status: 418, message: "short and stout" });
    expect(explain(error).why).toBe("Surprise: short and stout (status 418)");
    expect(toFailure(error, ATTEMPT).cause).toBe(error);
    expect(explain("just text").why).toContain("just text");
  });

  it("tells no terminal what to do", () => {
    const { text } = toFailure(thrown("Odd", { message: "no\u001b[2J\r\nway\u009b1m" }), ATTEMPT);
    expect(text.why).toBe("Odd: no [2J way 1m");
  });

  it("with the name of an object's own method is no known one", () => {
    expect(explain(thrown("constructor")).why).toBe("constructor: told to");
  });

  it("that is explained already stays what it is", () => {
    const own = new SlipwayError("config", { what: "a", why: "b", next: "c" });
    expect(toFailure(own, ATTEMPT)).toBe(own);
  });
});
