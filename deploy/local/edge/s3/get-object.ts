import parseRange from "range-parser";
import type { ByteRange } from "../origin.ts";
import type { StoredObject } from "../storage/model.ts";
import { listsEtag } from "./etags.ts";
import { checksumHeaders, objectHeaders } from "./object-answer.ts";
import { judgeRead } from "./read-conditions.ts";
import { bucketOf, type S3Answer, type S3Call, type S3Operation } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { findObject } from "./versions.ts";

/** S3-API GetObject and HeadObject: the same answer, of which HEAD sends the headers only. */
export const getObject: S3Operation = async (call, { storage }) => {
  const bucket = bucketOf(storage.buckets, call.bucket);
  const object = findObject(bucket, call.key, call.query.get("versionId"));
  const headers = objectHeaders(bucket, object, call.query);
  switch (judgeRead(call.headers, object)) {
    case "failed":
      throw new S3Error("PreconditionFailed");
    case "not-modified":
      return { status: 304, headers: withoutContent(headers) };
    case "proceed":
  }
  const view = viewOf(call, object);
  if (view.kind === "whole") {
    const wantsChecksum = call.headers.get("x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
    return {
      status: 200,
      headers: { ...headers, ...(wantsChecksum ? checksumHeaders(object.checksum) : {}) },
      body: bytes(object.size, () => storage.read(object.segments)),
    };
  }
  const { start, end } = view.range;
  return {
    status: 206,
    headers: {
      ...headers,
      ...view.headers,
      "content-range": `bytes ${start}-${end}/${object.size}`,
    },
    body: bytes(end - start + 1, () => storage.read(object.segments, view.range)),
  };
};

type View =
  | { readonly kind: "whole" }
  | {
      readonly kind: "range";
      readonly range: ByteRange;
      readonly headers: Readonly<Record<string, string>>;
    };

function viewOf(call: S3Call, object: StoredObject): View {
  const partNumber = call.query.get("partNumber");
  const range = call.headers.get("range");
  if (partNumber !== undefined) {
    if (range !== undefined) {
      throw new S3Error("InvalidRequest", {
        message: "Cannot specify both Range header and partNumber query parameter",
      });
    }
    return partView(object, Number(partNumber));
  }
  const condition = call.headers.get("if-range");
  const isCurrent = condition === undefined || listsEtag(condition, object.etag);
  return range === undefined || !isCurrent ? { kind: "whole" } : rangeView(object, range);
}

/** S3 serves one range; several, or one it cannot read, give the whole object. */
function rangeView(object: StoredObject, header: string): View {
  const ranges = parseRange(object.size, header);
  if (ranges === -2) return { kind: "whole" };
  const suffix = /^bytes=-(\d+)$/.exec(header.trim())?.[1];
  if (suffix !== undefined && Number(suffix) > object.size && object.size > 0) {
    return { kind: "range", range: { start: 0, end: object.size - 1 }, headers: {} };
  }
  if (ranges === -1) throw unsatisfiable(object, header);
  const [range, ...others] = ranges;
  if (range === undefined || others.length > 0 || ranges.type !== "bytes") return { kind: "whole" };
  return { kind: "range", range: { start: range.start, end: range.end }, headers: {} };
}

function partView(object: StoredObject, number: number): View {
  const parts = object.parts ?? [{ number: 1, size: object.size }];
  const index = number - 1;
  const part = parts[index];
  if (part === undefined) {
    throw new S3Error("InvalidRange", {
      message: "The requested partnumber is not satisfiable",
      details: { PartNumberRequested: String(number), ActualPartCount: String(parts.length) },
    });
  }
  if (object.size === 0) return { kind: "whole" };
  const start = parts.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  return {
    kind: "range",
    range: { start, end: start + part.size - 1 },
    headers: object.parts === undefined ? {} : { "x-amz-mp-parts-count": String(parts.length) },
  };
}

function unsatisfiable(object: StoredObject, header: string): S3Error {
  return new S3Error("InvalidRange", {
    details: { RangeRequested: header, ActualObjectSize: String(object.size) },
    headers: { "content-range": `bytes */${object.size}` },
  });
}

function withoutContent(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { "content-type": _type, "content-encoding": _encoding, ...rest } = headers;
  return rest;
}

function bytes(
  length: number,
  open: Extract<NonNullable<S3Answer["body"]>, { kind: "bytes" }>["open"],
): NonNullable<S3Answer["body"]> {
  return { kind: "bytes", length, open };
}
