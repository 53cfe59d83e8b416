import {
  canonicalRequest,
  encodeBytes,
} from "../../deploy/local/edge/signature/canonical-request.ts";
import {
  scopeText,
  sha256,
  sign,
  signingKey,
} from "../../deploy/local/edge/signature/signing-key.ts";
import { CREDENTIALS, REGION } from "./s3-fixture.ts";

/** A presigned path with its query, for this port (S3-API "Authenticating requests: query parameters"). */
export function getSignedUrl(
  { port }: { readonly port: number },
  method: string,
  path: string,
  options: {
    readonly expires: number;
    readonly at?: Date;
    readonly query?: Readonly<Record<string, string>>;
  },
): string {
  const timestamp = (options.at ?? new Date()).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = { date: timestamp.slice(0, 8), region: REGION, service: "s3" };
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${CREDENTIALS.accessKeyId}/${scopeText(scope)}`,
    "X-Amz-Date": timestamp,
    "X-Amz-Expires": `${options.expires}`,
    "X-Amz-SignedHeaders": "host",
    ...options.query,
  };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeBytes(value)}`);
  const target = `${path}?${query.join("&")}`;
  const canonical = canonicalRequest(
    { method, target, headers: new Map([["host", [`127.0.0.1:${port}`]]]) },
    { signedHeaders: ["host"], payloadHash: "UNSIGNED-PAYLOAD", pathEncoding: "once" },
  );
  const text = ["AWS4-HMAC-SHA256", timestamp, scopeText(scope), sha256(canonical)].join("\n");
  const signature = sign(signingKey(CREDENTIALS.secretAccessKey, scope), text);
  return `${target}&X-Amz-Signature=${signature}`;
}
