import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4a } from "@aws-sdk/signature-v4a";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SignableRequest } from "../../deploy/local/edge/signature/canonical-request.ts";
import { readClaim } from "../../deploy/local/edge/signature/signature-claim.ts";
import { sha256 } from "../../deploy/local/edge/signature/signing-key.ts";
import { verifySignature } from "../../deploy/local/edge/signature/verify-signature.ts";

const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const SIGNED_AT = new Date("2026-03-01T12:00:00Z");
const SERVICE = "cloudfront-keyvaluestore";

/** As the signer wants its hash. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(data: Data): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

type Data = string | ArrayBuffer | ArrayBufferView;

function bytes(data: Data): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

type Request = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const PUT: Request = {
  method: "PUT",
  path: "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A1%3Akey-value-store%2Fid/keys/a%20b",
  query: {},
  headers: { host: "127.0.0.1:1", "if-match": "E123", "content-type": "application/json" },
  body: '{"Value":"ä"}',
};

/** The request as the SDK's signer signs it. */
async function signed(
  request: Request,
  { credentials = CREDENTIALS, region = "*", service = SERVICE } = {},
): Promise<SignableRequest> {
  const signer = new SignatureV4a({ credentials, region, service, sha256: Sha256 });
  const { headers } = await signer.sign(
    { ...request, protocol: "http:", hostname: "127.0.0.1" },
    { signingDate: SIGNED_AT },
  );
  const query = new URLSearchParams(request.query).toString();
  return {
    method: request.method,
    target: request.path + (query === "" ? "" : `?${query}`),
    headers: new Map(
      Object.entries(headers as Record<string, string>).map(([name, value]) => [
        name.toLowerCase(),
        [value],
      ]),
    ),
  };
}

function verdictOf(
  request: SignableRequest,
  { body = PUT.body, credentials = CREDENTIALS, now = SIGNED_AT.getTime() } = {},
): string {
  const reading = readClaim(request);
  if (reading.kind === "refused") return reading.refusal.code;
  const payloadHash = sha256(Buffer.from(body));
  const verdict = verifySignature(request, reading.claim, { credentials, now, payloadHash });
  return verdict.kind === "verified" ? "verified" : verdict.refusal.code;
}

function withHeader(request: SignableRequest, name: string, value: string | undefined) {
  const headers = new Map(request.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, [value]);
  return { ...request, headers };
}

const authorizationOf = (request: SignableRequest) =>
  request.headers.get("authorization")?.[0] ?? "";

describe("a request signed with SigV4A", () => {
  it("is verified", async () => {
    const request = await signed(PUT);
    expect(authorizationOf(request)).toMatch(/^AWS4-ECDSA-P256-SHA256 Credential=/);
    expect(verdictOf(request)).toBe("verified");
  });

  it("is verified whatever it asks, by whomever", async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
          secretAccessKey: fc.stringMatching(/^[A-Za-z0-9/+]{1,80}$/),
        }),
        fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { maxLength: 4 }),
        fc.dictionary(name, fc.stringMatching(/^[\w.~-]{0,12}$/)),
        fc.string({ unit: "grapheme" }),
        async (credentials, segments, query, body) => {
          const path = `/${segments.map(encodeURIComponent).join("/")}`;
          const request = await signed({ ...PUT, path, query, body }, { credentials });
          expect(verdictOf(request, { body, credentials })).toBe("verified");
        },
      ),
      { numRuns: 25 },
    );
  });

  const TAMPERED: readonly (readonly [
    string,
    (request: SignableRequest) => SignableRequest,
    string,
  ])[] = [
    ["another method", (r) => ({ ...r, method: "DELETE" }), "SignatureDoesNotMatch"],
    ["another key", (r) => ({ ...r, target: `${r.target}c` }), "SignatureDoesNotMatch"],
    ["a query", (r) => ({ ...r, target: `${r.target}?a=b` }), "SignatureDoesNotMatch"],
    ["another If-Match", (r) => withHeader(r, "if-match", "E124"), "SignatureDoesNotMatch"],
    ["another host", (r) => withHeader(r, "host", "other"), "SignatureDoesNotMatch"],
    [
      "another region set",
      (r) => withHeader(r, "x-amz-region-set", "*,us-east-1"),
      "SignatureDoesNotMatch",
    ],
    [
      "no region set",
      (r) => withHeader(r, "x-amz-region-set", undefined),
      "AuthorizationHeaderMalformed",
    ],
    ["an unsigned AWS header", (r) => withHeader(r, "x-amz-extra", "1"), "AccessDenied"],
    [
      "another time",
      (r) => withHeader(r, "x-amz-date", "20260301T120001Z"),
      "SignatureDoesNotMatch",
    ],
    [
      "a signature with another last byte",
      (r) => edited(r, (text) => text.replace(/..$/, (hex) => (hex === "00" ? "01" : "00"))),
      "SignatureDoesNotMatch",
    ],
    [
      "an empty signature",
      (r) => edited(r, (text) => text.replace(/Signature=.*/, "Signature=")),
      "SignatureDoesNotMatch",
    ],
    [
      "a signature of words",
      (r) => edited(r, (text) => text.replace(/Signature=.*/, "Signature=none")),
      "SignatureDoesNotMatch",
    ],
    [
      "a signature of zeros",
      (r) => edited(r, (text) => text.replace(/Signature=.*/, "Signature=3006020100020100")),
      "SignatureDoesNotMatch",
    ],
    [
      "another access key",
      (r) => edited(r, (text) => text.replace("AKIAI", "AKIAJ")),
      "InvalidAccessKeyId",
    ],
    [
      "a scope with a region",
      (r) => edited(r, (text) => text.replace(`/${SERVICE}/`, `/us-east-1/${SERVICE}/`)),
      "AuthorizationHeaderMalformed",
    ],
    [
      "the name of the older algorithm",
      (r) => edited(r, (text) => text.replace("ECDSA-P256", "HMAC")),
      "AuthorizationHeaderMalformed",
    ],
  ];
  it.each(TAMPERED)("is refused with %s", async (_rule, tamper, code) => {
    expect(verdictOf(tamper(await signed(PUT)))).toBe(code);
  });

  it("is refused for another body, another secret, and a quarter of an hour later", async () => {
    const request = await signed(PUT);
    expect(verdictOf(request, { body: "{}" })).toBe("SignatureDoesNotMatch");
    const credentials = { ...CREDENTIALS, secretAccessKey: "other" };
    expect(verdictOf(request, { credentials })).toBe("SignatureDoesNotMatch");
    const now = SIGNED_AT.getTime() + 15 * 60_000;
    expect(verdictOf(request, { now })).toBe("verified");
    expect(verdictOf(request, { now: now + 1 })).toBe("RequestTimeTooSkewed");
  });

  it("must hold in every region", async () => {
    expect(verdictOf(await signed(PUT, { region: "us-east-1" }))).toBe(
      "AuthorizationHeaderMalformed",
    );
    expect(verdictOf(await signed(PUT, { region: "us-east-1,*" }))).toBe("verified");
  });

  it("is for the services that are in no region alone", async () => {
    for (const service of ["s3", "cloudfront"]) {
      expect(verdictOf(await signed(PUT, { service }))).toBe("InvalidRequest");
    }
  });
});

function edited(request: SignableRequest, edit: (authorization: string) => string) {
  return withHeader(request, "authorization", edit(authorizationOf(request)));
}
