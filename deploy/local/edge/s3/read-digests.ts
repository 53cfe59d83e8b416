import { createHash } from "node:crypto";
import type { ByteRange } from "../origin.ts";
import type { ChecksumAlgorithm, StoredObject } from "../storage/model.ts";
import type { Storage } from "../storage/storage.ts";
import { startChecksum } from "./checksum.ts";

/** The digests of stored bytes, read from the disk. `etag` is the MD5 in hex. */
export async function digestStored(
  storage: Storage,
  object: Pick<StoredObject, "segments">,
  algorithm: ChecksumAlgorithm,
  range?: ByteRange,
): Promise<{
  readonly etag: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}> {
  const md5 = createHash("md5");
  const checksum = startChecksum(algorithm);
  for await (const chunk of storage.read(object.segments, range) as AsyncIterable<Buffer>) {
    md5.update(chunk);
    checksum.update(chunk);
  }
  return { etag: md5.digest("hex"), checksum: { algorithm, value: checksum.digest() } };
}
