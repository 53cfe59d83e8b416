import { randomUUID } from "node:crypto";
import { allowsRange, isNotModified } from "../../../edge/conditional.ts";
import { decideRange, type Span } from "../../../edge/range.ts";
import type { ByteRange, OriginObject } from "../origin.ts";
import type { CachedBody, CachedObject } from "./cache-entry.ts";

/** One answer to a viewer, but for the headers that every answer gets. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly result: ResultType;
  readonly body: AnswerBody;
  /** The connection ends after this answer, because the request was not read to its end. */
  readonly close?: boolean;
};

export type AnswerBody =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly chunks: readonly Buffer[] }
  | { readonly kind: "stream"; readonly object: OriginObject; readonly range?: ByteRange };

/** The first word of X-Cache (CF-DG "Standard log reference", x-edge-result-type). */
export type ResultType = "Hit" | "Miss" | "RefreshHit" | "Error" | "FunctionGeneratedResponse";

export type ViewerConditions = {
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
};

/** The headers a 304 keeps (RFC 9110 15.4.5), and those CloudFront leaves on every answer of S3. */
const KEPT_ON_304: ReadonlySet<string> = new Set([
  "cache-control",
  "etag",
  "expires",
  "last-modified",
  "server",
  "vary",
]);

/** Answers from a cached object with 200, 206, 304 or 416; conditions come before ranges. */
export function answerFromObject(
  entry: CachedObject,
  conditions: ViewerConditions,
  result: ResultType,
): Answer {
  const validators = { etag: entry.etag, lastModified: entry.lastModified };
  if (isNotModified(conditions, validators)) {
    const kept = Object.entries(entry.headers).filter(([name]) => KEPT_ON_304.has(name));
    return { status: 304, headers: Object.fromEntries(kept), result, body: { kind: "none" } };
  }
  const range = allowsRange(conditions.ifRange, validators) ? conditions.range : undefined;
  const decision = decideRange(range, entry.size);
  switch (decision.kind) {
    case "whole":
      return wholeObject(entry, result);
    case "single":
      return oneSpan(entry, decision.span, result);
    case "multiple":
      // Opening a stored object once for each span could open the disk without bound.
      if (entry.body.kind === "stored") return wholeObject(entry, result);
      return manySpans(entry, entry.body.bytes, decision.spans, result);
    case "unsatisfiable":
      return {
        status: 416,
        headers: { "content-range": `bytes */${entry.size}`, "content-length": "0" },
        result: "Error",
        body: { kind: "none" },
      };
  }
}

/** The site's error page under another page's address: whole, and deaf to conditions. */
export function answerFromErrorPage(page: CachedObject, status: number): Answer {
  const { "accept-ranges": _, ...headers } = page.headers;
  const whole = wholeObject(page, "Error");
  return { ...whole, status, headers: { ...headers, "content-length": String(page.size) } };
}

function wholeObject(entry: CachedObject, result: ResultType): Answer {
  return {
    status: 200,
    headers: { ...entry.headers, "content-length": String(entry.size) },
    result,
    body: bodyOf(entry.body),
  };
}

function oneSpan(entry: CachedObject, span: Span, result: ResultType): Answer {
  return {
    status: 206,
    headers: {
      ...entry.headers,
      "content-length": String(span.end - span.start + 1),
      "content-range": contentRange(span, entry.size),
    },
    result,
    body: bodyOf(entry.body, span),
  };
}

function manySpans(
  entry: CachedObject,
  bytes: Buffer,
  spans: readonly Span[],
  result: ResultType,
): Answer {
  const boundary = randomUUID();
  const type = entry.headers["content-type"];
  const typeLine = type === undefined ? "" : `Content-Type: ${type}\r\n`;
  const chunks = spans.flatMap((span) => [
    Buffer.from(
      `\r\n--${boundary}\r\n${typeLine}Content-Range: ${contentRange(span, entry.size)}\r\n\r\n`,
    ),
    bytes.subarray(span.start, span.end + 1),
  ]);
  chunks.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return {
    status: 206,
    headers: {
      ...entry.headers,
      "content-type": `multipart/byteranges; boundary=${boundary}`,
      "content-length": String(chunks.reduce((sum, chunk) => sum + chunk.length, 0)),
    },
    result,
    body: { kind: "bytes", chunks },
  };
}

function bodyOf(body: CachedBody, span?: Span): AnswerBody {
  switch (body.kind) {
    case "held": {
      const bytes = span === undefined ? body.bytes : body.bytes.subarray(span.start, span.end + 1);
      return { kind: "bytes", chunks: [bytes] };
    }
    case "stored":
      return {
        kind: "stream",
        object: body.object,
        ...(span === undefined ? {} : { range: span }),
      };
  }
}

function contentRange(span: Span, size: number): string {
  return `bytes ${span.start}-${span.end}/${size}`;
}
