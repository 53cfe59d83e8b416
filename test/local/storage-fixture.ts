import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commit, StoredObject } from "../../deploy/local/edge/storage/model.ts";
import type { Storage } from "../../deploy/local/edge/storage/storage.ts";

/** Runs with a folder that is gone afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-storage-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const BUCKET_CREATED: Commit = {
  kind: "bucket-created",
  bucket: "site",
  at: 0,
  region: "us-east-1",
};

/** Creates the bucket "site". */
export function createSite(storage: Storage): Promise<void> {
  return storage.commit({
    touches: "everything",
    decide: () => ({ commits: [BUCKET_CREATED], result: undefined }),
  });
}

/** Stores a small object in "site". */
export async function store(storage: Storage, key: string, text: string): Promise<void> {
  const segments = await storage.stage(once(text));
  await storage.commit({
    touches: [key],
    staged: segments,
    decide: () => ({
      commits: [{ kind: "version-added", bucket: "site", key, version: objectOf(text, segments) }],
      result: undefined,
    }),
  });
}

/** Removes the null version of a key in "site". */
export function removeKey(storage: Storage, key: string): Promise<void> {
  return storage.commit({
    touches: [key],
    decide: () => ({
      commits: [{ kind: "version-removed", bucket: "site", key, versionId: "null" }],
      result: undefined,
    }),
  });
}

/** The text under a key in "site", or undefined. */
export async function load(storage: Storage, key: string): Promise<string | undefined> {
  const version = storage.buckets.get("site")?.keys.get(key)?.versions[0];
  if (version?.kind !== "object") return undefined;
  return readAll(storage.read(version.segments));
}

export async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export async function* once(text: string): AsyncIterable<Buffer> {
  yield Buffer.from(text);
}

export function objectOf(text: string, segments: StoredObject["segments"]): StoredObject {
  return {
    kind: "object",
    versionId: "null",
    modified: 0,
    size: Buffer.byteLength(text),
    etag: createHash("md5").update(text).digest("hex"),
    segments,
    headers: { "content-type": "text/plain" },
    storageClass: "STANDARD",
    tags: [],
    checksum: { algorithm: "CRC32", type: "FULL_OBJECT", value: "" },
  };
}
