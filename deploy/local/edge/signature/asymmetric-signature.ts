import { createECDH, createHmac, createPublicKey, type KeyObject, verify } from "node:crypto";
import { ASYMMETRIC_ALGORITHM } from "./signature-claim.ts";

/** The key pair's names, as in verify-signature.ts. */
type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** The order of the curve P-256, less two (FIPS 186-5). */
const ORDER_MINUS_TWO = BigInt(
  "0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
);

/**
 * Whether the signature, hex of DER, is one of SigV4A over this text: ECDSA on P-256 with SHA-256, by a
 * key that both sides derive from the secret (IAM User Guide "Signature Version 4A"). Any other text in
 * the place of a signature is just wrong.
 */
export function verifyAsymmetric(
  credentials: Credentials,
  stringToSign: string,
  signature: string,
): boolean {
  if (!/^(?:[0-9a-f]{2})+$/.test(signature)) return false;
  const data = Buffer.from(stringToSign, "latin1");
  return verify("sha256", data, publicKey(credentials), Buffer.from(signature, "hex"));
}

function publicKey(credentials: Credentials): KeyObject {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(privateKey(credentials));
  // 0x04, then both coordinates of 32 bytes.
  const point = pair.getPublicKey();
  return createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
}

/**
 * NIST SP 800-108 in counter mode, until the outcome is below the order of the curve; a second try is
 * needed for one secret in four billion.
 */
function privateKey({ accessKeyId, secretAccessKey }: Credentials): Buffer {
  for (let counter = 1; counter < 255; counter++) {
    const candidate = createHmac("sha256", `AWS4A${secretAccessKey}`)
      .update(Buffer.from([0, 0, 0, 1]))
      .update(ASYMMETRIC_ALGORITHM)
      .update(Buffer.from([0]))
      .update(accessKeyId)
      .update(Buffer.from([counter, 0, 0, 1, 0]))
      .digest("hex");
    const number = BigInt(`0x${candidate}`);
    if (number <= ORDER_MINUS_TWO) {
      return Buffer.from((number + 1n).toString(16).padStart(64, "0"), "hex");
    }
  }
  throw new Error("no signing key can be derived from these credentials");
}
