import type { IncomingMessage } from "node:http";
import type { Behavior, LiveDistribution } from "../live-distribution.ts";
import { hasBody } from "./edge-request.ts";

/** CF-DG "Quotas": the longest URL, and the most bytes of request headers. */
const MAX_URL_BYTES = 8_192;
export const MAX_HEADER_BYTES = 32_768;

/** What the edge says to a request that it does not look up, before it ends the connection. */
export type Rejection = { readonly status: number; readonly message: string };

/**
 * Refuses what CloudFront refuses before any rule of the site: a distribution that is switched off, a
 * method that the behavior does not allow and a body on GET with 403, a long URL with 413 and a closed
 * connection (CF-DG "Request and response behavior for Amazon S3 origins").
 */
export function findRejection(
  request: IncomingMessage,
  { enabled }: Pick<LiveDistribution, "enabled">,
  { allowedMethods }: Pick<Behavior, "allowedMethods">,
): Rejection | undefined {
  const method = request.method ?? "";
  if (!enabled) return { status: 403, message: "The distribution is disabled." };
  if ((request.url ?? "").length > MAX_URL_BYTES) {
    return { status: 413, message: "The request's URL is too long." };
  }
  if (!allowedMethods.has(method)) return methodRefused(allowedMethods);
  if ((method === "GET" || method === "HEAD") && hasBody(request)) {
    return { status: 403, message: "The request must not have a body." };
  }
  return undefined;
}

function methodRefused(allowedMethods: ReadonlySet<string>): Rejection {
  const message =
    "This distribution is not configured to allow the HTTP request method that was used for " +
    "this request.";
  const isCachable = !allowedMethods.has("POST");
  return {
    status: 403,
    message: isCachable ? `${message} The distribution supports only cachable requests.` : message,
  };
}
