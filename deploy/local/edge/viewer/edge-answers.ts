import type { Answer } from "./answer.ts";
import { accessDeniedBody, corsRefusedBody, edgeErrorBody } from "./error-body.ts";

/** Answers that the edge, or the bucket by refusing, gives without an object. */

export function edgeError(status: number, message: string, requestId: string): Answer {
  const body = edgeErrorBody({ status, message, requestId });
  return textAnswer({ status, type: "text/html", server: "CloudFront", body, result: "Error" });
}

/** CF-DG "HTTP 502 status code (Bad Gateway)", "HTTP 504 status code (Gateway Timeout)". */
export function originFailure(status: 502 | 504, requestId: string): Answer {
  const message =
    status === 502
      ? "CloudFront wasn't able to connect to the origin."
      : "CloudFront attempted to establish a connection with the origin, but either the attempt " +
        "failed or the origin closed the connection.";
  return edgeError(status, message, requestId);
}

/**
 * A function that fails, and one that does what it may not (CF-DG "HTTP 503 status code", "HTTP 502
 * status code"; the words and the X-Cache values as people have reported them from CloudFront).
 */
export function functionFailed(
  kind: "execution-error" | "validation-error",
  requestId: string,
): Answer {
  switch (kind) {
    case "execution-error":
      return {
        ...edgeError(503, `${FUNCTION} is invalid or could not run. ${CANNOT_CONNECT}`, requestId),
        result: "FunctionExecutionError",
      };
    case "validation-error":
      return {
        ...edgeError(502, `${FUNCTION} returned what it may not. ${CANNOT_CONNECT}`, requestId),
        result: "FunctionValidationError",
      };
  }
}

const FUNCTION = "The CloudFront function associated with the CloudFront distribution";
const CANNOT_CONNECT =
  "We can't connect to the server for this app or website at this time. There might be too much " +
  "traffic or a configuration error. Try again later, or contact the app or website owner.";

/** What is no read reaches a bucket that has no CORS rules and lets the distribution only read. */
export function bucketRefusal(method: string, requestId: string): Answer {
  const body = method === "OPTIONS" ? corsRefusedBody(requestId) : accessDeniedBody(requestId);
  return textAnswer({
    status: 403,
    type: "application/xml",
    server: "AmazonS3",
    body,
    result: "Error",
  });
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
