import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { SlipwayError } from "../core/errors.ts";
import { type Digest, digest } from "../core/keys.ts";
import type { FileOrigin, SourceFile } from "../core/source.ts";
import type { KnownBody } from "./known-body.ts";

/** A file of this machine that is to be sent. */
export type LocalFile = SourceFile & {
  readonly origin: Extract<FileOrigin, { readonly kind: "file" }>;
};

/** A stretch of a file, and the digest that its bytes must have. */
export type FileRange = {
  readonly start: number;
  /** Bytes; never 0. */
  readonly size: number;
  readonly sha256: Digest;
};

const CHUNK = 256 * 1024;

/** Reads a small file whole. Throws when it is no longer what was scanned. */
export function readWhole(file: LocalFile): KnownBody {
  const bytes = readNow(file);
  const sha256 = file.fingerprint.content;
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw changed(file);
  return { size: bytes.length, sha256, source: { kind: "bytes", bytes } };
}

/** The scan has just read it, so it is in memory: to wait for a thread would cost more than to read. */
function readNow(file: LocalFile): Buffer {
  try {
    return readFileSync(file.origin.path);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/**
 * A stretch of a file as a body that is read while it is sent. The stream breaks off with a
 * SlipwayError, told to `onBroken`, when the file gets shorter or longer, or cannot be read. Bytes
 * that differ are for the receiver to refuse, by their digest. `onChunk` may hold the reading up.
 */
export function streamRange(
  file: LocalFile,
  { start, size, sha256 }: FileRange,
  told: { readonly onChunk: () => Promise<void>; readonly onBroken: (error: Error) => void },
): KnownBody {
  const read = async function* () {
    for await (const chunk of chunksOf(file, start, size)) {
      await told.onChunk();
      yield chunk;
    }
  };
  const openStream = () => {
    const stream = Readable.from(read(), { objectMode: false, highWaterMark: CHUNK });
    return stream.once("error", told.onBroken);
  };
  return { size, sha256, source: { kind: "stream", open: openStream } };
}

/**
 * Reads a file once and cuts it: the ranges follow each other, of `partSize` bytes but for the last.
 * Throws when it is no longer what was scanned; so bytes that match the ranges are the scanned ones.
 */
export async function cutFile(
  file: LocalFile,
  partSize: number,
  onChunk: () => Promise<void>,
): Promise<readonly FileRange[]> {
  const whole = createHash("sha256");
  const ranges: FileRange[] = [];
  for (let start = 0; start < file.size; start += partSize) {
    const size = Math.min(partSize, file.size - start);
    const part = createHash("sha256");
    for await (const chunk of chunksOf(file, start, size)) {
      whole.update(chunk);
      part.update(chunk);
      await onChunk();
    }
    ranges.push({ start, size, sha256: digest(part.digest("hex")) });
  }
  if (whole.digest("hex") !== file.fingerprint.content) throw changed(file);
  return ranges;
}

/** The file is closed when the reader stops, too. */
async function* chunksOf(file: LocalFile, start: number, size: number): AsyncGenerator<Buffer> {
  const handle = await open(file.origin.path).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  try {
    const end = start + size;
    for (let position = start; position < end; ) {
      const chunk = await readChunk(file, handle, {
        position,
        size: Math.min(CHUNK, end - position),
      });
      position += chunk.length;
      if (position === end && (await handle.stat()).size !== file.size) throw changed(file);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

async function readChunk(
  file: LocalFile,
  handle: FileHandle,
  { position, size }: { readonly position: number; readonly size: number },
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  const { bytesRead } = await handle.read(buffer, 0, size, position).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (bytesRead === 0) throw changed(file);
  return buffer.subarray(0, bytesRead);
}

/** Whoever changes a file while it is deployed gets this, and the object stays what it was. */
export function changed(
  file: SourceFile,
  why = "its content is no longer what was scanned",
  cause?: unknown,
): SlipwayError {
  const next = "Let the build finish before deploying, then deploy again.";
  const what = `${file.key} changed while it was being deployed`;
  return new SlipwayError("config", { what, why, next }, { cause });
}

function unreadable(file: SourceFile, cause: unknown): SlipwayError {
  return changed(file, cause instanceof Error ? cause.message : String(cause), cause);
}
