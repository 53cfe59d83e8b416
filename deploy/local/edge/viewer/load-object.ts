import { validateHeaderName, validateHeaderValue } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import {
  type AcceptedCodings,
  type Coding,
  chooseCoding,
  isCompressible,
  MAX_COMPRESSED_BYTES,
  weakened,
} from "../../../edge/compression.ts";
import type { OriginObject } from "../origin.ts";
import type { CachedBody, CachedObject } from "./cache-entry.ts";

/** Larger objects are streamed from the bucket to each viewer. Nothing above it is ever compressed. */
const MAX_HELD_BYTES = MAX_COMPRESSED_BYTES;

/**
 * Brings an object into the form the cache keeps: compressed for its variant, and whole in memory
 * unless it is large. Rejects when the bytes cannot be read or are not as many as announced.
 */
export async function loadObject(
  object: OriginObject,
  variant: AcceptedCodings,
  times: { readonly storedAt: number; readonly expiresAt: number },
): Promise<CachedObject> {
  const candidate = {
    status: 200,
    contentType: object.headers["content-type"],
    contentEncoding: object.headers["content-encoding"],
    size: object.size,
  };
  const coding = chooseCoding(variant, candidate);
  const etag = coding === "identity" ? object.etag : weakened(object.etag);
  const body = await loadBody(object, coding);
  return {
    kind: "object",
    headers: headersForViewers(object, { coding, etag, varies: isCompressible(candidate) }),
    etag,
    originEtag: object.etag,
    lastModified: object.lastModified.getTime(),
    size: body.kind === "held" ? body.bytes.length : object.size,
    body,
    ...times,
  };
}

async function loadBody(object: OriginObject, coding: Coding): Promise<CachedBody> {
  if (object.size > MAX_HELD_BYTES) return { kind: "stored", object };
  return { kind: "held", bytes: await compress(await readWhole(object), coding) };
}

async function readWhole(object: OriginObject): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(object.size);
  let filled = 0;
  for await (const chunk of object.open() as AsyncIterable<Buffer>) {
    if (filled + chunk.length > bytes.length) throw new Error("the origin sent too many bytes");
    filled += chunk.copy(bytes, filled);
  }
  if (filled !== bytes.length) throw new Error("the origin sent too few bytes");
  return bytes;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
/** Near the best ratio at a tenth of its time: an author waits for the first view of a page. */
const BROTLI_QUALITY = 5;

function compress(bytes: Buffer, coding: Coding): Promise<Buffer> | Buffer {
  switch (coding) {
    case "br":
      return brotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
    case "gzip":
      return gzipped(bytes);
    case "identity":
      return bytes;
  }
}

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
  "set-cookie",
  "age",
  "content-length",
  "content-range",
  "date",
]);

function headersForViewers(
  object: OriginObject,
  variant: {
    readonly coding: Coding;
    readonly etag: string | undefined;
    readonly varies: boolean;
  },
): Readonly<Record<string, string>> {
  const own = Object.entries(object.headers).filter(
    ([name, value]) => !NOT_STORED.has(name) && isSendable(name, value),
  );
  return {
    ...Object.fromEntries(own),
    "last-modified": object.lastModified.toUTCString(),
    "accept-ranges": "bytes",
    // S3's own name reaches viewers unless a response headers policy removes it (CF-DG
    // "Understand response headers policies").
    server: "AmazonS3",
    ...(variant.etag === undefined ? {} : { etag: variant.etag }),
    ...(variant.coding === "identity" ? {} : { "content-encoding": variant.coding }),
    ...(variant.varies ? { vary: "Accept-Encoding" } : {}),
  };
}

/** A value that HTTP cannot carry would otherwise fail the whole answer. */
function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
