import type { Bucket, StoredChecksum, StoredObject } from "../storage/model.ts";
import { checksumHeader } from "./checksum.ts";
import { S3Error } from "./s3-error.ts";
import { versionHeader } from "./versions.ts";

/** Every object is encrypted at rest by default (S3-UG "Default encryption"), so S3 always says so. */
export const ENCRYPTED = { "x-amz-server-side-encryption": "AES256" } as const;

const OVERRIDES = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

/** The headers of an object's GET and HEAD (S3-API GetObject), without length and range. */
export function objectHeaders(
  bucket: Bucket,
  object: StoredObject,
  query: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  return {
    ...object.headers,
    ...overrides(query),
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.modified).toUTCString(),
    "accept-ranges": "bytes",
    ...ENCRYPTED,
    ...versionHeader(bucket, object.versionId),
    ...(object.storageClass === "STANDARD" ? {} : { "x-amz-storage-class": object.storageClass }),
    ...(object.tags.length === 0 ? {} : { "x-amz-tagging-count": String(object.tags.length) }),
  };
}

/** The headers with an object's checksum. */
export function checksumHeaders(checksum: StoredChecksum): Readonly<Record<string, string>> {
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    "x-amz-checksum-type": checksum.type,
  };
}

function overrides(query: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    OVERRIDES.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === undefined ? [] : [[name, headerValue(`response-${name}`, value)]];
    }),
  );
}

/** node:http writes one byte a character, so the bytes of the text are its characters here. */
function headerValue(parameter: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the header
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) {
    throw new S3Error("InvalidArgument", {
      message: "Header value cannot be represented",
      details: { ArgumentName: parameter },
    });
  }
  return Buffer.from(text, "utf8").toString("latin1");
}
