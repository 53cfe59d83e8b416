import type { StoredObject } from "../storage/model.ts";
import { S3Error } from "./s3-error.ts";
import { readTagHeader } from "./tags.ts";

/** What a request that makes an object says of it, besides its bytes. */
export type ObjectDescription = Pick<StoredObject, "headers" | "storageClass" | "tags">;

const KEPT = [
  "cache-control",
  "content-disposition",
  "content-language",
  "expires",
  "x-amz-website-redirect-location",
];
const META = "x-amz-meta-";
const MOST_METADATA = 2048;
const STORAGE_CLASSES = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
]);

/** Reads the headers that S3 keeps with an object (S3-UG "Working with object metadata"). */
export function readDescription(headers: ReadonlyMap<string, string>): ObjectDescription {
  refuseUnsupported(headers);
  return {
    headers: readObjectHeaders(headers),
    storageClass: readStorageClass(headers) ?? "STANDARD",
    tags: readTagHeader(headers.get("x-amz-tagging")),
  };
}

/** The headers alone: system metadata and x-amz-meta-*. */
export function readObjectHeaders(
  headers: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const kept = KEPT.flatMap((name) => {
    const value = headers.get(name);
    return value === undefined ? [] : [[name, toAscii(value)] as const];
  });
  const encoding = contentEncoding(headers.get("content-encoding"));
  return Object.fromEntries([
    ["content-type", toAscii(headers.get("content-type") || "binary/octet-stream")],
    ...(encoding === "" ? [] : [["content-encoding", encoding] as const]),
    ...kept,
    ...readMetadata(headers),
  ]);
}

/** The storage class that the request names, if any. */
export function readStorageClass(headers: ReadonlyMap<string, string>): string | undefined {
  const name = headers.get("x-amz-storage-class");
  if (name !== undefined && !STORAGE_CLASSES.has(name)) throw new S3Error("InvalidStorageClass");
  return name;
}

/** Throws for what the edge cannot honour, rather than store an object that is not as asked. */
export function refuseUnsupported(headers: ReadonlyMap<string, string>): void {
  const encryption = headers.get("x-amz-server-side-encryption");
  if (encryption !== undefined && encryption !== "AES256") {
    throw notImplemented("x-amz-server-side-encryption");
  }
  for (const name of headers.keys()) {
    if (/^x-amz-(?:copy-source-)?server-side-encryption-customer-/.test(name)) {
      throw notImplemented(name);
    }
    if (name.startsWith("x-amz-object-lock-")) {
      throw new S3Error("InvalidRequest", {
        message: "Bucket is missing Object Lock Configuration",
      });
    }
    if (name.startsWith("x-amz-grant-")) throw new S3Error("AccessControlListNotSupported");
  }
  const acl = headers.get("x-amz-acl");
  if (acl !== undefined && !OWNER_ACLS.has(acl)) throw new S3Error("AccessControlListNotSupported");
}

/**
 * Taken although ACLs are switched off, since they change nothing: the bucket's owner writes here. S3
 * refuses `private` only from other accounts (redpanda-data/connect#4372).
 */
export const OWNER_ACLS: ReadonlySet<string> = new Set(["bucket-owner-full-control", "private"]);

function notImplemented(header: string): S3Error {
  return new S3Error("NotImplemented", {
    message: `The local edge does not implement ${header} with this value.`,
    details: { Header: header },
  });
}

/** `aws-chunked` is how the body travels, not what it is. */
function contentEncoding(value: string | undefined): string {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "" && item.toLowerCase() !== "aws-chunked")
    .join(",");
}

function readMetadata(
  headers: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  const own = [...headers].filter(([name]) => name.startsWith(META));
  const bytes = own.reduce(
    (sum, [name, value]) => sum + name.length - META.length + value.length,
    0,
  );
  if (bytes > MOST_METADATA) {
    throw new S3Error("MetadataTooLarge", {
      details: { Size: String(bytes), MaxSizeAllowed: String(MOST_METADATA) },
    });
  }
  return own.map(([name, value]) => [name, toAscii(value)] as const);
}

/**
 * A header value is bytes, one a character. S3 takes them for UTF-8 and returns what is not ASCII in
 * the form of RFC 2047.
 */
function toAscii(value: string): string {
  if (/^[\t\u0020-\u007e]*$/.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value, "latin1").toString("base64")}?=`;
}
