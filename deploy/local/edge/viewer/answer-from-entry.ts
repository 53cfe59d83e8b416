import { randomUUID } from "node:crypto";
import { allowsRange, isNotModified } from "../../../edge/conditional.ts";
import { decideRange, type Span } from "../../../edge/range.ts";
import type { Answer, AnswerBody, ResultType } from "./answer.ts";
import type { CachedAnswer, CachedBody } from "./cache-entry.ts";
import type { EdgeRequest } from "./edge-request.ts";
import { type HeaderValue, headerLine } from "./header-map.ts";

/** The headers a 304 keeps (RFC 9110 15.4.5), and those CloudFront leaves on every answer of S3. */
const KEPT_ON_304: ReadonlySet<string> = new Set([
  "cache-control",
  "etag",
  "expires",
  "last-modified",
  "server",
  "vary",
]);

/**
 * Answers from what the cache holds: a 200 with 200, 206, 304 or 416, conditions before ranges;
 * anything else as it stands.
 */
export function answerFromEntry(
  entry: CachedAnswer,
  request: EdgeRequest,
  result: ResultType,
): Answer {
  if (entry.status >= 400) return wholeEntry(entry, "Error");
  if (entry.status !== 200) return wholeEntry(entry, result);
  const validators = { etag: entry.etag, lastModified: entry.lastModified };
  const conditions = conditionsOf(request);
  if (isNotModified(conditions, validators)) return notModified(entry, result);
  const hasRanges = entry.headers["accept-ranges"] === "bytes";
  const mayRange = hasRanges && allowsRange(conditions.ifRange, validators);
  const range = mayRange ? conditions.range : undefined;
  const decision = decideRange(range, entry.size);
  switch (decision.kind) {
    case "whole":
      return wholeEntry(entry, result);
    case "single":
      return oneSpan(entry, decision.span, result);
    case "multiple":
      // Opening a stored object once for each span could open the disk without bound.
      if (entry.body.kind === "stored") return wholeEntry(entry, result);
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

/** RFC 9110 14.2: a Range counts for GET only. */
function conditionsOf({ headers, method }: EdgeRequest) {
  return {
    ifNoneMatch: headerLine(headers, "if-none-match"),
    ifModifiedSince: headerLine(headers, "if-modified-since"),
    range: method === "GET" ? headerLine(headers, "range") : undefined,
    ifRange: headerLine(headers, "if-range"),
  };
}

function notModified(entry: CachedAnswer, result: ResultType): Answer {
  const kept: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(entry.headers)) {
    if (KEPT_ON_304.has(name)) kept[name] = value;
  }
  return { status: 304, headers: kept, result, body: { kind: "none" } };
}

function wholeEntry(entry: CachedAnswer, result: ResultType): Answer {
  return {
    status: entry.status,
    headers: { ...entry.headers, "content-length": String(entry.size) },
    result,
    body: bodyOf(entry.body),
  };
}

function oneSpan(entry: CachedAnswer, span: Span, result: ResultType): Answer {
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
  entry: CachedAnswer,
  bytes: Buffer,
  spans: readonly Span[],
  result: ResultType,
): Answer {
  const boundary = randomUUID();
  const type = headerLine(entry.headers, "content-type");
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
        kind: "object",
        object: body.object,
        ...(span === undefined ? {} : { range: span }),
      };
  }
}

function contentRange(span: Span, size: number): string {
  return `bytes ${span.start}-${span.end}/${size}`;
}
