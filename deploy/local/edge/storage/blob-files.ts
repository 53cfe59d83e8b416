import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { ByteRange } from "../origin.ts";
import { explainDiskError } from "./disk-errors.ts";
import { type Durability, syncFile, syncFolder, writeAll } from "./durable-files.ts";
import type { Segment } from "./model.ts";
import { sliceSegments } from "./segments.ts";

/** Immutable files with random names: `blobs/ab/abcd…`. */
export interface BlobFiles {
  /**
   * Stores the bytes of the source as they come, holding no more than one chunk. If the source or the
   * disk fails, nothing remains. The name is durable only after `settle`. No bytes: no segment.
   */
  write(source: AsyncIterable<Uint8Array>): Promise<readonly Segment[]>;
  /** Makes the names of these blobs durable. */
  settle(segments: readonly Segment[]): Promise<void>;
  /** A stream over these bytes. The files are opened when reading starts. */
  read(segments: readonly Segment[], range?: ByteRange): Readable;
  remove(blob: string): Promise<void>;
  /** True when there is no blob at all. */
  isEmpty(): Promise<boolean>;
  /** Removes what no commit names: the remains of writes that never came to their end. */
  sweep(isLive: (blob: string) => boolean): Promise<void>;
}

const FOLDERS = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
const READ_SIZE = 256 * 1024;

/** Prepares the folders below `folder`. */
export async function openBlobFiles(folder: string, durability: Durability): Promise<BlobFiles> {
  const blobs = join(folder, "blobs");
  const temporary = join(folder, "tmp");
  const pathOf = (blob: string) => join(blobs, blob.slice(0, 2), blob);
  await mkdir(temporary, { recursive: true });
  await mkdir(blobs, { recursive: true });
  for (const name of FOLDERS) await mkdir(join(blobs, name), { recursive: true });
  await syncFolder(blobs, durability);
  await syncFolder(folder, durability);

  return {
    async write(source) {
      const blob = randomBytes(16).toString("hex");
      const draft = join(temporary, blob);
      try {
        const length = await writeFile(draft, source, durability);
        if (length > 0) await rename(draft, pathOf(blob));
        else await rm(draft, { force: true });
        return length > 0 ? [{ blob, start: 0, length }] : [];
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async settle(segments) {
      const folders = new Set(segments.map(({ blob }) => dirname(pathOf(blob))));
      try {
        await Promise.all([...folders].map((path) => syncFolder(path, durability)));
      } catch (error) {
        throw explainDiskError(error, `make files in ${blobs} durable`);
      }
    },
    read(segments, range) {
      const slices = range === undefined ? segments : sliceSegments(segments, range);
      return Readable.from(readSlices(slices, pathOf), { objectMode: false });
    },
    remove: (blob) => unlink(pathOf(blob)),
    async isEmpty() {
      for (const name of FOLDERS) {
        if ((await readdir(join(blobs, name))).length > 0) return false;
      }
      return true;
    },
    async sweep(isLive) {
      for (const name of await readdir(temporary)) await rm(join(temporary, name));
      for (const name of FOLDERS) {
        const dead = (await readdir(join(blobs, name))).filter((blob) => !isLive(blob));
        for (const blob of dead) await rm(join(blobs, name, blob));
      }
    },
  };
}

async function writeFile(
  path: string,
  source: AsyncIterable<Uint8Array>,
  durability: Durability,
): Promise<number> {
  let length = 0;
  const handle = await open(path, "wx", 0o600).catch((error: unknown) => {
    throw explainDiskError(error, `create a file in ${dirname(path)}`);
  });
  try {
    for await (const chunk of source) {
      await writeAll(handle, chunk).catch((error: unknown) => {
        throw explainDiskError(error, `write a file in ${dirname(path)}`);
      });
      length += chunk.length;
    }
    if (length > 0) {
      await syncFile(handle, durability).catch((error: unknown) => {
        throw explainDiskError(error, `write a file in ${dirname(path)}`);
      });
    }
  } finally {
    await handle.close();
  }
  return length;
}

async function* readSlices(
  slices: readonly Segment[],
  pathOf: (blob: string) => string,
): AsyncIterable<Buffer> {
  for (const { blob, start, length } of slices) {
    const handle = await open(pathOf(blob), "r");
    try {
      let done = 0;
      while (done < length) {
        const buffer = Buffer.allocUnsafe(Math.min(READ_SIZE, length - done));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, start + done);
        if (bytesRead === 0) throw new Error(`blob ${blob} is shorter than the journal says`);
        done += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }
}
