import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import {
  type AcceptedCodings,
  type Coding,
  MAX_COMPRESSED_BYTES,
} from "../../../edge/compression.ts";
import type { CachedAnswer, CachedBody, EntryTimes } from "./cache-entry.ts";
import type { FullAnswer } from "./origin-answer.ts";
import { variantOf } from "./variant.ts";

/** Larger bodies are not held in memory. Nothing above it is ever compressed. */
export const MAX_HELD_BYTES = MAX_COMPRESSED_BYTES;

/** What is known of an entry before its bytes are. */
export type EntryPlan = {
  readonly variant: AcceptedCodings;
  /** Whether the behavior compresses at all. */
  readonly compress: boolean;
  readonly times: EntryTimes;
  readonly tags: ReadonlySet<string>;
  readonly keptForRevalidation: boolean;
};

/** The body is longer than what is held, which its origin had not said before. */
export class TooLargeToHold extends Error {}

/**
 * Brings an origin's answer into the form the cache keeps: compressed for its variant, and whole in
 * memory unless it is a large object of a bucket. Rejects when the bytes cannot be read or are not as
 * many as announced, and with TooLargeToHold.
 */
export async function loadEntry(answer: FullAnswer, plan: EntryPlan): Promise<CachedAnswer> {
  const { coding, etag, headers } = variantOf(answer, {
    accepted: plan.variant,
    compress: plan.compress,
  });
  const body = await loadBody(answer, coding);
  return {
    kind: "answer",
    status: answer.status,
    headers,
    etag,
    originEtag: answer.etag,
    lastModified: answer.lastModified,
    size: body.kind === "held" ? body.bytes.length : body.object.size,
    body,
    tags: plan.tags,
    keptForRevalidation: plan.keptForRevalidation,
    ...plan.times,
  };
}

async function loadBody(answer: FullAnswer, coding: Coding): Promise<CachedBody> {
  const { body } = answer;
  switch (body.kind) {
    case "bytes":
      return { kind: "held", bytes: await compress(body.bytes, coding) };
    case "object": {
      const { object } = body;
      if (object.size > MAX_HELD_BYTES) return { kind: "stored", object };
      const bytes = await readAnnounced(object.open(), object.size);
      return { kind: "held", bytes: await compress(bytes, coding) };
    }
    case "stream": {
      const { size } = answer;
      const bytes =
        size === undefined ? await readAll(body.stream) : await readAnnounced(body.stream, size);
      return { kind: "held", bytes: await compress(bytes, coding) };
    }
  }
}

async function readAnnounced(stream: Readable, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (filled + chunk.length > size) throw new Error("the origin sent too many bytes");
    filled += chunk.copy(bytes, filled);
  }
  if (filled !== size) throw new Error("the origin sent too few bytes");
  return bytes;
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_HELD_BYTES) throw new TooLargeToHold();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
