import { decodePath } from "../../../edge/uri.ts";
import type { Origin, OriginObject } from "../origin.ts";
import { BAD_URI_BODY, MISSING_KEY_BODY } from "./error-body.ts";
import type { AskOrigin, FullAnswer, OriginAnswer } from "./origin-answer.ts";

/**
 * A GET of the bucket. The key is what the path says once decoded, so that a path which is not UTF-8
 * names none; a missing key is 404, as S3 says it to a distribution that may list the bucket.
 */
export function askBucket(bucket: Origin, path: string): AskOrigin {
  const key = decodePath(path)?.slice(1);
  return async (copy) => {
    if (key === undefined) return plainAnswer(400, BAD_URI_BODY);
    const object = await bucket.get(key);
    if (object === undefined) return plainAnswer(404, MISSING_KEY_BODY);
    if (copy?.etag !== undefined && copy.etag === object.etag) return notModified(object);
    return { kind: "full", ...objectAnswer(object), body: { kind: "object", object } };
  };
}

/** How the bucket answers for an object, but for its bytes. */
export function objectAnswer(object: OriginObject): Omit<FullAnswer, "kind" | "body"> {
  const { "set-cookie": _, ...headers } = object.headers;
  return {
    status: 200,
    // S3's own name reaches viewers unless a response headers policy removes it (CF-DG
    // "Understand response headers policies").
    headers: { ...headers, server: "AmazonS3" },
    size: object.size,
    etag: object.etag,
    lastModified: object.lastModified.getTime(),
  };
}

function notModified(object: OriginObject): OriginAnswer {
  const { "cache-control": cacheControl, expires } = object.headers;
  return {
    kind: "not-modified",
    headers: {
      ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
      ...(expires === undefined ? {} : { expires }),
    },
  };
}

function plainAnswer(status: number, body: string): OriginAnswer {
  const bytes = Buffer.from(body);
  return {
    kind: "full",
    status,
    headers: { "content-type": "text/plain; charset=utf-8", server: "AmazonS3" },
    size: bytes.length,
    etag: undefined,
    lastModified: undefined,
    body: { kind: "bytes", bytes },
  };
}
