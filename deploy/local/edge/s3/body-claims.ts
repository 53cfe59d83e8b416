import { type PayloadForm, payloadForm } from "../signature/payload-hash.ts";
import type { ChecksumAlgorithm } from "../storage/model.ts";
import { ALGORITHMS, checksumHeader, isChecksumOf } from "./checksum.ts";
import type { S3Call } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";

/** What a request promises of its body; the body has to keep it. */
export type BodyClaims = {
  readonly form: PayloadForm;
  /** Bytes of content, without framing. */
  readonly length: number;
  /** In base64. */
  readonly md5: string | undefined;
  readonly checksum: ChecksumClaim;
};

/** `header`: the value is known beforehand; `trailer`: it comes behind the body. */
export type ChecksumClaim =
  | { readonly kind: "none" }
  | { readonly kind: "header"; readonly algorithm: ChecksumAlgorithm; readonly value: string }
  | { readonly kind: "trailer"; readonly algorithm: ChecksumAlgorithm };

/** Reads them from the headers; throws an S3Error where they make no sense. */
export function readBodyClaims(call: Pick<S3Call, "headers" | "signature">): BodyClaims {
  const { headers, signature } = call;
  const form = payloadForm(signature.payloadHash);
  if (form === undefined) {
    throw new S3Error("InvalidArgument", {
      message:
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.",
      details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: signature.payloadHash },
    });
  }
  return {
    form,
    length: readLength(headers, form),
    md5: readMd5(headers.get("content-md5")),
    checksum: readChecksum(headers),
  };
}

function readLength(headers: ReadonlyMap<string, string>, form: PayloadForm): number {
  const name = form.kind === "chunked" ? "x-amz-decoded-content-length" : "content-length";
  const text = headers.get(name);
  if (text === undefined) {
    const hasBody = form.kind === "chunked" || headers.has("transfer-encoding");
    if (hasBody) throw new S3Error("MissingContentLength");
    return 0;
  }
  if (!/^\d{1,15}$/.test(text)) {
    throw new S3Error("InvalidArgument", { message: `${name} must be a number of bytes` });
  }
  return Number(text);
}

function readMd5(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== text) {
    throw new S3Error("InvalidDigest", {
      message: "The Content-MD5 you specified was invalid.",
      details: { "Content-MD5": text },
    });
  }
  return text;
}

function readChecksum(headers: ReadonlyMap<string, string>): ChecksumClaim {
  const inHeaders = ALGORITHMS.filter((algorithm) => headers.has(checksumHeader(algorithm)));
  const trailer = headers.get("x-amz-trailer")?.toLowerCase().trim();
  const inTrailer = ALGORITHMS.filter((algorithm) => checksumHeader(algorithm) === trailer);
  const [algorithm, ...others] = [...inHeaders, ...inTrailer];
  if (others.length > 0) {
    throw new S3Error("InvalidRequest", {
      message:
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    });
  }
  if (trailer !== undefined && inTrailer.length === 0) {
    throw new S3Error("InvalidRequest", {
      message: "The value specified in the x-amz-trailer header is not supported",
    });
  }
  refuseOtherAlgorithm(headers.get("x-amz-sdk-checksum-algorithm"), algorithm);
  if (algorithm === undefined) return { kind: "none" };
  const value = headers.get(checksumHeader(algorithm));
  if (value === undefined) return { kind: "trailer", algorithm };
  refuseMalformed(algorithm, value);
  return { kind: "header", algorithm, value };
}

function refuseOtherAlgorithm(
  announced: string | undefined,
  found: ChecksumAlgorithm | undefined,
): void {
  if (announced === undefined) return;
  if (found === undefined) {
    throw new S3Error("InvalidRequest", {
      message:
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    });
  }
  if (announced.toUpperCase() !== found) {
    throw new S3Error("InvalidRequest", {
      message: "Value for x-amz-sdk-checksum-algorithm header is invalid.",
    });
  }
}

/** Throws InvalidDigest unless the value can be a checksum of this kind. */
export function refuseMalformed(algorithm: ChecksumAlgorithm, value: string): void {
  if (isChecksumOf(algorithm, value)) return;
  throw new S3Error("InvalidDigest", {
    message: `Value for ${checksumHeader(algorithm)} header is invalid.`,
  });
}
