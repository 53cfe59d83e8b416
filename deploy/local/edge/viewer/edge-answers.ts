import type { Answer } from "./answer.ts";
import { corsRefusedBody, edgeErrorBody, MISSING_KEY_BODY } from "./error-body.ts";

/** Answers that the edge, or the bucket by refusing, gives without an object. */

export function edgeError(status: number, message: string, requestId: string): Answer {
  const body = edgeErrorBody({ status, message, requestId });
  return textAnswer({ status, type: "text/html", server: "CloudFront", body, result: "Error" });
}

/** CF-DG "HTTP 502 status code (Bad Gateway)". */
export function originFailure(requestId: string): Answer {
  return edgeError(502, "The edge was not able to read from the origin.", requestId);
}

/** CF-DG "How CloudFront processes 4xx": what S3 says where the site has no error page. */
export function missingKey(): Answer {
  return textAnswer({
    status: 404,
    type: "text/plain; charset=utf-8",
    server: "AmazonS3",
    body: MISSING_KEY_BODY,
    result: "Error",
  });
}

/** OPTIONS reaches the bucket, which has no CORS rules. */
export function corsRefused(requestId: string): Answer {
  return textAnswer({
    status: 403,
    type: "application/xml",
    server: "AmazonS3",
    body: corsRefusedBody(requestId),
    result: "Error",
  });
}

/** What the viewer-request function makes of an address that is not canonical. */
export function redirect(to: string, status: number): Answer {
  return {
    status,
    headers: { location: to, "content-length": "0", server: "CloudFront" },
    result: "FunctionGeneratedResponse",
    body: { kind: "none" },
  };
}

/** What the viewer-request function makes of a path that is none. */
export function badRequest(requestId: string): Answer {
  const error = edgeError(400, "The request's path is not valid.", requestId);
  return { ...error, result: "FunctionGeneratedResponse" };
}

function textAnswer(text: {
  readonly status: number;
  readonly type: string;
  readonly server: string;
  readonly body: string;
  readonly result: Answer["result"];
}): Answer {
  const bytes = Buffer.from(text.body);
  return {
    status: text.status,
    headers: {
      "content-type": text.type,
      "content-length": String(bytes.length),
      server: text.server,
    },
    result: text.result,
    body: { kind: "bytes", chunks: [bytes] },
  };
}
