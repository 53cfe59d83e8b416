import { describe, expect, test } from "vitest";
import {
  canonicalRequest,
  type SignableRequest,
} from "../../deploy/local/edge/signature/canonical-request.ts";
import { claimedPayloadHash } from "../../deploy/local/edge/signature/payload-hash.ts";
import { readClaim } from "../../deploy/local/edge/signature/signature-claim.ts";
import {
  scopeText,
  sha256,
  sign,
  signingKey,
} from "../../deploy/local/edge/signature/signing-key.ts";
import { verifySignature } from "../../deploy/local/edge/signature/verify-signature.ts";

// The worked examples of S3-API "Authenticating Requests: Using the Authorization Header" and
// "... Query Parameters".
const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const NOW = Date.parse("2013-05-24T00:00:00Z");
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SCOPE = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

function request(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
): SignableRequest {
  const all = { host: "examplebucket.s3.amazonaws.com", ...headers };
  return { method, target, headers: new Map(Object.entries(all).map(([k, v]) => [k, [v]])) };
}

function authorization(signed: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signed},Signature=${signature}`;
}

function verdictOf(signable: SignableRequest, now = NOW): string {
  const reading = readClaim(signable);
  if (reading.kind === "refused") return reading.refusal.code;
  const verdict = verifySignature(signable, reading.claim, {
    credentials: CREDENTIALS,
    region: "us-east-1",
    now,
    payloadHash: claimedPayloadHash(signable, reading.claim) ?? "",
  });
  return verdict.kind === "verified" ? "verified" : verdict.refusal.code;
}

const EXAMPLES: readonly (readonly [string, SignableRequest])[] = [
  [
    "GET Object with a range",
    request("GET", "/test.txt", {
      range: "bytes=0-9",
      "x-amz-content-sha256": EMPTY,
      "x-amz-date": "20130524T000000Z",
      authorization: authorization(
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ),
    }),
  ],
  [
    "PUT Object with a $ in the key",
    request("PUT", "/test$file.text", {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      "x-amz-date": "20130524T000000Z",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      authorization: authorization(
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      ),
    }),
  ],
  [
    "GET Bucket lifecycle, a parameter without value",
    request("GET", "/?lifecycle", {
      "x-amz-content-sha256": EMPTY,
      "x-amz-date": "20130524T000000Z",
      authorization: authorization(
        "host;x-amz-content-sha256;x-amz-date",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
      ),
    }),
  ],
  [
    "GET Bucket (list objects), parameters out of order",
    request("GET", "/?prefix=J&max-keys=2", {
      "x-amz-content-sha256": EMPTY,
      "x-amz-date": "20130524T000000Z",
      authorization: authorization(
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      ),
    }),
  ],
];

const PRESIGNED =
  "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

describe("the published examples", () => {
  test.each(EXAMPLES)("%s is verified", (_, signable) => {
    expect(verdictOf(signable)).toBe("verified");
  });

  test("the presigned URL is verified until it expires", () => {
    const signable = request("GET", PRESIGNED, {});
    expect(verdictOf(signable)).toBe("verified");
    expect(verdictOf(signable, NOW + 86_400_000)).toBe("verified");
    expect(verdictOf(signable, NOW + 86_401_000)).toBe("AccessDenied");
    expect(verdictOf(signable, NOW - 16 * 60_000)).toBe("RequestTimeTooSkewed");
  });

  test("the signing key of the General Reference is derived", () => {
    const scope = { date: "20150830", region: "us-east-1", service: "iam" };
    const key = signingKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
    expect(key.toString("hex")).toBe(
      "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
    );
  });

  test("a request of the SigV4 test suite (get-vanilla-query-order-key-case) is signed", () => {
    const target = "/?Param2=value2&Param1=value1";
    const signable: SignableRequest = {
      method: "GET",
      target,
      headers: new Map([
        ["host", ["example.amazonaws.com"]],
        ["x-amz-date", ["20150830T123600Z"]],
      ]),
    };
    const canonical = canonicalRequest(signable, {
      signedHeaders: ["host", "x-amz-date"],
      payloadHash: EMPTY,
      pathEncoding: "twice",
    });
    const scope = { date: "20150830", region: "us-east-1", service: "service" };
    const text = ["AWS4-HMAC-SHA256", "20150830T123600Z", scopeText(scope), sha256(canonical)].join(
      "\n",
    );
    const key = signingKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
    expect(sign(key, text)).toBe(
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    );
  });
});

describe("a canonical request", () => {
  const options = { signedHeaders: ["host"], payloadHash: EMPTY } as const;
  const lineOf = (target: string, line: number, pathEncoding: "once" | "twice" = "once") =>
    canonicalRequest(request("GET", target, {}), { ...options, pathEncoding }).split("\n")[line];

  test.each([
    ["/a%20b", "/a%20b"],
    ["/a+b", "/a%2Bb"],
    ["/a%2Bb", "/a%2Bb"],
    ["/%c3%a9", "/%C3%A9"],
    ["/a//b/../c/", "/a//b/../c/"],
    ["/~a-._", "/~a-._"],
    ["/%F0%9F%98%80", "/%F0%9F%98%80"],
    ["", "/"],
  ])("takes the S3 path %s as %s", (target, path) => {
    expect(lineOf(target, 1)).toBe(path);
  });

  test("encodes the path of other services once more", () => {
    expect(lineOf("/2020-05-31/a%20b", 1, "twice")).toBe("/2020-05-31/a%2520b");
  });

  test.each([
    ["/?b=2&a=1", "a=1&b=2"],
    ["/?a=2&a=1", "a=1&a=2"],
    ["/?acl", "acl="],
    ["/?a=b%20c+d", "a=b%20c%20d"],
    ["/?a=b=c", "a=b%3Dc"],
    ["/?a=1&X-Amz-Signature=x", "a=1"],
  ])("takes the query of %s as %s", (target, query) => {
    expect(lineOf(target, 2)).toBe(query);
  });

  test("joins repeated headers and folds spaces", () => {
    const signable: SignableRequest = {
      method: "GET",
      target: "/",
      headers: new Map([["x-amz-meta-a", ["  b   c ", "d"]]]),
    };
    const text = canonicalRequest(signable, {
      signedHeaders: ["x-amz-meta-a"],
      payloadHash: EMPTY,
      pathEncoding: "once",
    });
    expect(text).toContain("\nx-amz-meta-a:b c,d\n");
  });
});

describe("a request is refused", () => {
  const [, good] = EXAMPLES[0] as (typeof EXAMPLES)[0];
  const changed = (headers: Readonly<Record<string, string>>) =>
    ({ ...good, headers: new Map([...good.headers, ...entries(headers)]) }) as const;
  const entries = (headers: Readonly<Record<string, string>>) =>
    Object.entries(headers).map(([name, value]) => [name, [value]] as const);

  test("without any signature", () => {
    expect(verdictOf(request("GET", "/test.txt", {}))).toBe("AccessDenied");
  });

  test.each([
    ["another method", { ...good, method: "PUT" }, "SignatureDoesNotMatch"],
    ["another path", { ...good, target: "/test.txt2" }, "SignatureDoesNotMatch"],
    ["a parameter more", { ...good, target: "/test.txt?a=b" }, "SignatureDoesNotMatch"],
    ["another signed header", changed({ range: "bytes=0-8" }), "SignatureDoesNotMatch"],
    ["another host", changed({ host: "other" }), "SignatureDoesNotMatch"],
    ["another body", changed({ "x-amz-content-sha256": sha256("x") }), "SignatureDoesNotMatch"],
    ["an x-amz header more", changed({ "x-amz-acl": "public-read" }), "AccessDenied"],
    ["an old scheme", changed({ authorization: "AWS AKIA:abc" }), "InvalidRequest"],
    [
      "half a header",
      changed({ authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE}` }),
      "AuthorizationHeaderMalformed",
    ],
    [
      "another key",
      changed({
        authorization: authorization("host;range;x-amz-content-sha256;x-amz-date", "0").replace(
          "AKIAIOSFODNN7EXAMPLE",
          "AKIAIOSFODNN7OTHER00",
        ),
      }),
      "InvalidAccessKeyId",
    ],
    [
      "another region",
      changed({
        authorization: authorization("host;range;x-amz-content-sha256;x-amz-date", "0").replace(
          "us-east-1",
          "eu-west-1",
        ),
      }),
      "AuthorizationHeaderMalformed",
    ],
  ] as const)("with %s", (_, signable, code) => {
    expect(verdictOf(signable)).toBe(code);
  });

  test("more than 15 minutes from our time, in both directions", () => {
    const quarter = 15 * 60_000;
    expect(verdictOf(good, NOW + quarter)).toBe("verified");
    expect(verdictOf(good, NOW + quarter + 1)).toBe("RequestTimeTooSkewed");
    expect(verdictOf(good, NOW - quarter - 1)).toBe("RequestTimeTooSkewed");
  });

  test.each([
    ["expires=0", PRESIGNED.replace("86400", "0")],
    ["expires in more than a week", PRESIGNED.replace("86400", "604801")],
    ["no date", PRESIGNED.replace("X-Amz-Date", "Y-Amz-Date")],
  ])("when a presigned URL has %s", (_, target) => {
    expect(verdictOf(request("GET", target, {}))).toBe("AuthorizationQueryParametersError");
  });

  test("when a presigned URL was changed", () => {
    const target = PRESIGNED.replace("/test.txt", "/other.txt");
    expect(verdictOf(request("GET", target, {}))).toBe("SignatureDoesNotMatch");
  });
});
