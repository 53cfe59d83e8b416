import { validateHeaderName, validateHeaderValue } from "node:http";
import type { Coding } from "../../../edge/compression.ts";
import type { HeaderMap, HeaderValue } from "./header-map.ts";
import type { FullAnswer } from "./origin-answer.ts";

/** Headers of one connection, and those the edge computes for each answer. */
const NOT_STORED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "age",
  "content-length",
  "content-range",
  "date",
  "etag",
  "last-modified",
  "accept-ranges",
]);

/**
 * What the cache keeps of an answer's headers, and what it adds: the ETag of this variant, its coding,
 * and that it varies. What HTTP cannot carry is left out, because it would fail the whole answer.
 */
export function storedHeaders(
  answer: Pick<FullAnswer, "status" | "headers" | "size" | "lastModified">,
  variant: {
    readonly coding: Coding;
    readonly etag: string | undefined;
    readonly varies: boolean;
  },
): HeaderMap {
  const headers: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!NOT_STORED.has(name) && isSendable(name, value)) headers[name] = value;
  }
  if (answer.lastModified !== undefined) {
    headers["last-modified"] = new Date(answer.lastModified).toUTCString();
  }
  if (answer.status === 200 && answer.size !== undefined) headers["accept-ranges"] = "bytes";
  if (variant.etag !== undefined) headers.etag = variant.etag;
  if (variant.coding !== "identity") headers["content-encoding"] = variant.coding;
  if (variant.varies) headers.vary = withAcceptEncoding(headers.vary);
  return headers;
}

function withAcceptEncoding(vary: HeaderValue | undefined): string {
  if (vary === undefined) return "Accept-Encoding";
  const line = typeof vary === "string" ? vary : vary.join(", ");
  return /(^|[,\s])accept-encoding($|[,\s])/i.test(line) ? line : `${line}, Accept-Encoding`;
}

function isSendable(name: string, value: HeaderValue): boolean {
  try {
    validateHeaderName(name);
    for (const line of typeof value === "string" ? [value] : value) validateHeaderValue(name, line);
    return true;
  } catch {
    return false;
  }
}
