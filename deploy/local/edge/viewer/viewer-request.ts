import type { IncomingMessage } from "node:http";
import type { ViewerConditions } from "./answer.ts";

/** CF-DG "Quotas": the longest URL, and the most bytes of request headers. */
const MAX_URL_BYTES = 8_192;
export const MAX_HEADER_BYTES = 32_768;

/** What the edge says to a request that it does not look up, before it ends the connection. */
export type Rejection = { readonly status: number; readonly message: string };

/** A request's target in the terms of the edge rules: a percent-encoded path, and the query. */
export type Target = { readonly uri: string; readonly query: string };

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what CloudFront refuses before any rule of the site: a method that the behavior does not
 * allow and a body on GET with 403, a long URL with 413 and a closed connection (CF-DG "Request and
 * response behavior for Amazon S3 origins").
 */
export function findRejection(request: IncomingMessage): Rejection | undefined {
  if (!METHODS.has(request.method ?? "")) {
    return {
      status: 403,
      message:
        "This distribution is not configured to allow the HTTP request method that was used for " +
        "this request. The distribution supports only cachable requests.",
    };
  }
  if ((request.url ?? "").length > MAX_URL_BYTES) {
    return { status: 413, message: "The request's URL is too long." };
  }
  if (hasBody(request)) {
    return { status: 403, message: "The request must not have a body." };
  }
  return undefined;
}

/** RFC 9110 14.2: a Range counts for GET only. */
export function conditionsOf({ headers, method }: IncomingMessage): ViewerConditions {
  return {
    ifNoneMatch: headers["if-none-match"],
    ifModifiedSince: headers["if-modified-since"],
    range: method === "GET" ? headers.range : undefined,
    ifRange: headers["if-range"]?.toString(),
  };
}

/** Splits the request target; an absolute one, as sent to a proxy, loses its scheme and host. */
export function readTarget(url: string): Target {
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  return { uri: path === "" ? "/" : path, query: mark === -1 ? "" : target.slice(mark + 1) };
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers["content-length"];
  return (
    request.headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0")
  );
}
