import type { Origin } from "../origin.ts";
import { currentObject, type StoredObject } from "./model.ts";
import type { Storage } from "./storage.ts";

/**
 * The bucket as the CDN reads it: no signature, since only the edge itself holds the storage. A
 * bucket that does not exist has no objects.
 */
export function createOrigin(storage: Storage, bucket: string): Origin {
  return {
    async get(key) {
      const object = currentObject(storage.buckets.get(bucket)?.keys.get(key));
      if (object === undefined) return undefined;
      return {
        size: object.size,
        etag: `"${object.etag}"`,
        lastModified: new Date(object.modified),
        headers: originHeaders(object),
        open: (range) => storage.read(object.segments, range),
      };
    },
  };
}

/** S3's own x-amz-* headers reach viewers too (CF-DG), so they are part of the answer. */
function originHeaders(object: StoredObject): Readonly<Record<string, string>> {
  return {
    ...object.headers,
    "x-amz-server-side-encryption": "AES256",
    ...(object.versionId === "null" ? {} : { "x-amz-version-id": object.versionId }),
  };
}
