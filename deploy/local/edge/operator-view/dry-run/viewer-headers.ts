import {
  type AcceptedCodings,
  chooseCoding,
  isCompressible,
  weakened,
} from "../../../../edge/compression.ts";
import type { OriginObject } from "../../origin.ts";

/** An object's headers as the edge would send them, before policy and function. */
export function headersForViewers(
  object: OriginObject,
  variant: { readonly accepted: AcceptedCodings; readonly compress: boolean },
): Readonly<Record<string, string>> {
  const candidate = {
    status: 200,
    contentType: object.headers["content-type"],
    contentEncoding: object.headers["content-encoding"],
    size: object.size,
  };
  const varies = variant.compress && isCompressible(candidate);
  const coding = variant.compress ? chooseCoding(variant.accepted, candidate) : "identity";
  const etag = coding === "identity" ? object.etag : weakened(object.etag);
  return {
    ...object.headers,
    "last-modified": object.lastModified.toUTCString(),
    "accept-ranges": "bytes",
    server: "AmazonS3",
    ...(etag === undefined ? {} : { etag }),
    ...(coding === "identity" ? {} : { "content-encoding": coding }),
    ...(varies ? { vary: "Accept-Encoding" } : {}),
  };
}
