import { escapeXml } from "./s3/write-xml.ts";
import type { SignatureRefusal } from "./signature/signature-claim.ts";

/** An error document with its media type. */
export type ErrorDocument = { readonly contentType: string; readonly body: string };

export type RequestIds = { readonly requestId: string; readonly hostId: string };

/** S3's own form: a bare `<Error>` (S3-API "Error responses"). */
export function s3ErrorDocument(
  error: Omit<SignatureRefusal, "status">,
  resource: string,
  ids: RequestIds,
): ErrorDocument {
  const fields = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: resource,
    RequestId: ids.requestId,
    HostId: ids.hostId,
  };
  return {
    contentType: "application/xml",
    body: `${DECLARATION}<Error>${elements(fields)}</Error>`,
  };
}

/** The form of the other services: an XML envelope, or JSON for those that speak it. */
export function serviceErrorDocument(
  service: string,
  requestType: string,
  error: SignatureRefusal,
  ids: RequestIds,
): ErrorDocument {
  if (service === "cloudfront-keyvaluestore") {
    return {
      contentType: "application/json",
      body: JSON.stringify({ __type: error.code, Message: error.message }),
    };
  }
  if (requestType.startsWith("application/x-amz-json")) {
    return {
      contentType: requestType,
      body: JSON.stringify({ __type: error.code, message: error.message }),
    };
  }
  const namespace =
    service === "cloudfront" ? ' xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"' : "";
  const fault = error.status < 500 ? "Sender" : "Receiver";
  const inner = elements({ Type: fault, Code: error.code, Message: error.message });
  return {
    contentType: "text/xml",
    body: `${DECLARATION}<ErrorResponse${namespace}><Error>${inner}</Error><RequestId>${ids.requestId}</RequestId></ErrorResponse>`,
  };
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

function elements(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`)
    .join("");
}
