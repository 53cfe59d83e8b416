import { decodeBytes, queryParameters, splitTarget } from "../signature/canonical-request.ts";
import { S3Error } from "./s3-error.ts";

/** What a request is about; empty strings where it names no bucket or no key. */
export type Address = {
  readonly bucket: string;
  readonly key: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
};

const LONGEST_KEY = 1024;

/**
 * Finds bucket and key: virtual-hosted style for `<bucket>.localhost[:port]`, path style for every
 * other host. The key is taken as it is: no segment of it means anything. Throws an S3Error for a path
 * that is not UTF-8 and a key over 1,024 bytes.
 */
export function readAddress(target: string, host: string): Address {
  const { path, query } = splitTarget(target);
  const virtual = /^(.+)\.localhost(?::\d+)?$/i.exec(host)?.[1];
  const [bucket, key] = virtual === undefined ? cutPath(path) : [virtual, path.slice(1)];
  const address = {
    bucket: decodeText(bucket),
    key: decodeText(key),
    path,
    query: new Map(queryParameters(query).map(([name, value]) => [utf8(name), utf8(value)])),
  };
  const bytes = Buffer.byteLength(address.key);
  if (bytes > LONGEST_KEY) {
    throw new S3Error("KeyTooLongError", {
      details: { Size: String(bytes), MaxSizeAllowed: String(LONGEST_KEY) },
    });
  }
  return address;
}

function cutPath(path: string): readonly [string, string] {
  const slash = path.indexOf("/", 1);
  return slash < 0 ? [path.slice(1), ""] : [path.slice(1, slash), path.slice(slash + 1)];
}

/** Undoes the percent encoding of a path or of a copy source. */
export function decodeText(text: string): string {
  return utf8(decodeBytes(text));
}

function utf8(bytes: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(bytes, "latin1"),
    );
  } catch {
    throw new S3Error("InvalidURI");
  }
}
