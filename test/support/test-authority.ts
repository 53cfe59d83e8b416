import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** A self-signed certificate, which is its own authority. PEM. */
export type TestCertificate = { readonly key: string; readonly cert: string };

/** Makes one with openssl in this folder. */
export async function makeCertificate(
  folder: string,
  names: readonly string[],
): Promise<TestCertificate> {
  const key = join(folder, "key.pem");
  const cert = join(folder, "cert.pem");
  const alternatives = names.map((name) => `DNS:${name}`).join(",");
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=slipway test"],
    ...["-addext", `subjectAltName=${alternatives}`],
  ]);
  return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
}
