import type { IncomingMessage } from "node:http";
import type { HeaderMap } from "./header-map.ts";
import type { Exchange } from "./send.ts";

/** A request as the steps see it: the viewer's at first, then as its function has left it. */
export type EdgeRequest = {
  readonly method: string;
  /** The path, percent-encoded. */
  readonly uri: string;
  /** What follows the first `?`, or "". */
  readonly query: string;
  /** Cookies are one line of `cookie`. */
  readonly headers: HeaderMap;
  readonly httpVersion: string;
};

/** The viewer's request before any step has touched it. */
export function readRequest({ request }: Pick<Exchange, "request">): EdgeRequest {
  return {
    method: request.method ?? "",
    ...readTarget(request.url ?? ""),
    headers: request.headers as HeaderMap,
    httpVersion: request.httpVersion,
  };
}

/** Splits the request target; an absolute one, as sent to a proxy, loses its scheme and host. */
function readTarget(url: string): Pick<EdgeRequest, "uri" | "query"> {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  return { uri: path === "" ? "/" : path, query: mark === -1 ? "" : target.slice(mark + 1) };
}

/**
 * Path and query as they go to origins and into the cache key: a function may write what is not ASCII,
 * which is escaped. Viewers cannot send it; node:http refuses them with 400.
 */
export function withEscapedTarget(request: EdgeRequest): EdgeRequest {
  const { uri, query } = request;
  if (!NOT_IN_TARGET.test(uri) && !NOT_IN_TARGET.test(query)) return request;
  return { ...request, uri: escapeTarget(uri), query: escapeTarget(query) };
}

const NOT_IN_TARGET = /[^\x21-\x7e]/u;

function escapeTarget(text: string): string {
  return text.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

/** Whether the viewer has announced a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}
