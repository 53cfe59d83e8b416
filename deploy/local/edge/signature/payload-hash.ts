import { queryParameters, type SignableRequest, splitTarget } from "./canonical-request.ts";
import type { SignatureClaim } from "./signature-claim.ts";

/** How the body comes, as the signature says. */
export type PayloadForm =
  | { readonly kind: "hashed"; readonly sha256: string }
  | { readonly kind: "unsigned" }
  | {
      readonly kind: "chunked";
      readonly chunks: "signed" | "unsigned";
      readonly trailer: "expected" | "none";
    };

/**
 * What an S3 request says of its body; undefined when it must say something and does not. A presigned
 * URL may leave it out, since its maker cannot know the body (S3-API "Authenticating requests").
 */
export function claimedPayloadHash(
  request: SignableRequest,
  claim: SignatureClaim,
): string | undefined {
  const header = request.headers.get("x-amz-content-sha256")?.[0];
  if (header !== undefined || claim.place === "header") return header;
  const query = new Map(queryParameters(splitTarget(request.target).query));
  return query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
}

/** Understands the value of x-amz-content-sha256; undefined when S3 knows no such value. */
export function payloadForm(value: string): PayloadForm | undefined {
  if (/^[0-9a-f]{64}$/.test(value)) return { kind: "hashed", sha256: value };
  switch (value) {
    case "UNSIGNED-PAYLOAD":
      return { kind: "unsigned" };
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return { kind: "chunked", chunks: "unsigned", trailer: "expected" };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
      return { kind: "chunked", chunks: "signed", trailer: "none" };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      return { kind: "chunked", chunks: "signed", trailer: "expected" };
    default:
      return undefined;
  }
}
