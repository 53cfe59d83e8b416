import { compareUtf8 } from "../storage/byte-order.ts";
import { currentObject } from "../storage/model.ts";
import type { Storage } from "../storage/storage.ts";
import type { EdgeCache } from "../viewer/edge-cache.ts";
import { headerLines } from "./dry-run/header-lines.ts";
import type { EdgeMemory, RecordReader } from "./sources.ts";

/** The records in a bucket of this machine. */
export function storedRecords(
  storage: Pick<Storage, "buckets" | "read">,
  bucket: string,
): RecordReader {
  const keys = () => storage.buckets.get(bucket)?.keys;
  return {
    list(prefix) {
      const found: { readonly key: string; readonly etag: string }[] = [];
      for (const entry of keys()?.from((key) => compareUtf8(key, prefix) < 0) ?? []) {
        if (!entry.key.startsWith(prefix)) break;
        const object = currentObject(entry);
        if (object !== undefined) found.push({ key: entry.key, etag: object.etag });
      }
      return found;
    },
    async read(key) {
      const object = currentObject(keys()?.get(key));
      if (object === undefined) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of storage.read(object.segments) as AsyncIterable<Buffer>) {
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  };
}

/** What the edge's cache holds. */
export function edgeMemory(cache: Pick<EdgeCache, "peek">): EdgeMemory {
  return {
    peek({ distribution, uri, query, accepted }) {
      const target = query === "" ? uri : `${uri}?${query}`;
      const entry = cache.peek({ distribution, uri: target, accepted });
      if (entry === undefined) return undefined;
      const { status, storedAt, expiresAt, revalidatingUntil } = entry;
      const times = { status, storedAt, expiresAt, revalidatingUntil };
      if (entry.kind === "failure" || status >= 400) return { ...times, object: undefined };
      const { originEtag, headers } = entry;
      return { ...times, object: { originEtag, headers: headerLines(headers) } };
    },
  };
}
