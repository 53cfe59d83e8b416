import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a signing key is good for: one day, one region, one service. */
export type CredentialScope = {
  /** YYYYMMDD. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
};

export function scopeText({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** The scope of SigV4A, which holds in every region that the request names. */
export function regionlessScopeText({ date, service }: CredentialScope): string {
  return `${date}/${service}/aws4_request`;
}

/** Derives the key (AWS General Reference "Calculate the signature"). */
export function signingKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  return [scope.region, scope.service, "aws4_request"].reduce(
    (key, text) => hmac(key, text),
    hmac(`AWS4${secretAccessKey}`, scope.date),
  );
}

/** The signature in hex. */
export function sign(key: Buffer, stringToSign: string): string {
  return hmac(key, stringToSign).toString("hex");
}

/** SHA-256 in hex; a string counts as one byte a character. */
export function sha256(data: string | Uint8Array): string {
  const hash = createHash("sha256");
  return (typeof data === "string" ? hash.update(data, "latin1") : hash.update(data)).digest("hex");
}

/** Compares signatures in a time that does not tell how much of them is right. */
export function sameSignature(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
