import { generateKeyPairSync, sign } from "node:crypto";
import type { TlsCertificate } from "../../deploy/local/edge/viewer/viewer.ts";

/** A certificate that nobody trusts, made anew for each test. */
export function selfSignedCertificate(): TlsCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const name = sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from("localhost")))));
  const validity = sequence(time("250101000000Z"), time("491231235959Z"));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const signed = sequence(der(0x02, Buffer.of(1)), algorithm, name, validity, name, spki);
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign("sha256", signed, privateKey)]));
  const certificate = sequence(signed, algorithm, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
}

/** X.690: a tag, the length, the content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function time(utc: string): Buffer {
  return der(0x17, Buffer.from(utc));
}
