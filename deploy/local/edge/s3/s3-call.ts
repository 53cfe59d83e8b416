import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Clock } from "../../../ports.ts";
import type { VerifiedSignature } from "../signature/verify-signature.ts";
import type { Bucket } from "../storage/model.ts";
import type { Storage } from "../storage/storage.ts";
import { S3Error } from "./s3-error.ts";

/** One request, understood as far as its address and names go. */
export type S3Call = {
  readonly operation: string;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  /** The path as sent, for error documents. */
  readonly resource: string;
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case; several values are joined by ",". */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: IncomingMessage;
  readonly signature: VerifiedSignature;
};

export type S3Dependencies = {
  readonly storage: Storage;
  readonly clock: Pick<Clock, "now">;
  readonly region: string;
  readonly accountId: string;
};

export type S3Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?:
    | { readonly kind: "xml"; readonly text: string }
    | { readonly kind: "json"; readonly text: string }
    | { readonly kind: "bytes"; readonly length: number; readonly open: () => Readable };
};

/** Answers a call, or throws an S3Error. */
export type S3Operation = (call: S3Call, dependencies: S3Dependencies) => Promise<S3Answer>;

export function xmlAnswer(text: string, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status: 200, headers, body: { kind: "xml", text } };
}

/** The bucket, or NoSuchBucket. */
export function bucketOf(buckets: ReadonlyMap<string, Bucket>, name: string): Bucket {
  const bucket = buckets.get(name);
  if (bucket === undefined) {
    throw new S3Error("NoSuchBucket", { details: { BucketName: name } });
  }
  return bucket;
}

/** Now, in whole seconds, which is all that S3 keeps of an object's time. */
export function nowInSeconds(clock: Pick<Clock, "now">): number {
  return wholeSeconds(clock.now().getTime());
}

export function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}

/** S3's form of a time in XML. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** What a transaction on one object touches. */
export function objectScope(bucket: string, key: string): string {
  return `object ${bucket}/${key}`;
}

/** What a transaction on one upload touches. */
export function uploadScope(bucket: string, uploadId: string): string {
  return `upload ${bucket}/${uploadId}`;
}
