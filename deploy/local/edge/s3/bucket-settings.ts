import type { Bucket } from "../storage/model.ts";
import { readDocument } from "./read-xml.ts";
import { bucketOf, type S3Answer, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error, type S3ErrorCode } from "./s3-error.ts";
import { defaultEncryption } from "./setting-defaults.ts";
import { MOST_BUCKET_TAGS, readTagging } from "./tags.ts";
import { s3Document } from "./write-xml.ts";

/** A configuration document that S3 keeps for a bucket and gives back as it came. */
type Setting = {
  readonly name: string;
  readonly root: string;
  /** What a GET answers while there is none. */
  readonly absent:
    | { readonly kind: "error"; readonly code: S3ErrorCode }
    | { readonly kind: "document"; readonly text: string };
  readonly statusOfPut: 200 | 204;
  readonly check?: (document: Awaited<ReturnType<typeof readDocument>>) => void;
};

const SETTINGS = {
  cors: {
    name: "cors",
    root: "CORSConfiguration",
    absent: { kind: "error", code: "NoSuchCORSConfiguration" },
    statusOfPut: 200,
  },
  encryption: {
    name: "encryption",
    root: "ServerSideEncryptionConfiguration",
    absent: { kind: "document", text: defaultEncryption() },
    statusOfPut: 200,
  },
  lifecycle: {
    name: "lifecycle",
    root: "LifecycleConfiguration",
    absent: { kind: "error", code: "NoSuchLifecycleConfiguration" },
    statusOfPut: 200,
  },
  logging: {
    name: "logging",
    root: "BucketLoggingStatus",
    absent: { kind: "document", text: s3Document("BucketLoggingStatus", "") },
    statusOfPut: 200,
  },
  notification: {
    name: "notification",
    root: "NotificationConfiguration",
    absent: { kind: "document", text: s3Document("NotificationConfiguration", "") },
    statusOfPut: 200,
  },
  ownershipControls: {
    name: "ownershipControls",
    root: "OwnershipControls",
    absent: { kind: "error", code: "OwnershipControlsNotFoundError" },
    statusOfPut: 200,
  },
  publicAccessBlock: {
    name: "publicAccessBlock",
    root: "PublicAccessBlockConfiguration",
    absent: { kind: "error", code: "NoSuchPublicAccessBlockConfiguration" },
    statusOfPut: 200,
  },
  tagging: {
    name: "tagging",
    root: "Tagging",
    absent: { kind: "error", code: "NoSuchTagSet" },
    statusOfPut: 204,
    check: ({ node }) => void readTagging(node, MOST_BUCKET_TAGS),
  },
  website: {
    name: "website",
    root: "WebsiteConfiguration",
    absent: { kind: "error", code: "NoSuchWebsiteConfiguration" },
    statusOfPut: 200,
  },
} as const satisfies Record<string, Setting>;

/** The settings that are documents and nothing more. */
export type SettingName = keyof typeof SETTINGS;

/** GetBucketCors, GetBucketLifecycleConfiguration, … */
export function getSetting(name: SettingName): S3Operation {
  const setting: Setting = SETTINGS[name];
  return async (call, { storage }) => {
    const text = bucketOf(storage.buckets, call.bucket).settings.get(setting.name);
    if (text !== undefined) return xmlAnswer(text);
    if (setting.absent.kind === "document") return xmlAnswer(setting.absent.text);
    throw new S3Error(setting.absent.code, { details: { BucketName: call.bucket } });
  };
}

/** PutBucketCors, …: the document replaces the one before. */
export function putSetting(name: SettingName): S3Operation {
  const setting: Setting = SETTINGS[name];
  return async (call, { storage }) => {
    bucketOf(storage.buckets, call.bucket);
    const document = await readDocument(call, setting.root);
    setting.check?.(document);
    const text = document.text.replace(/^\uFEFF/, "");
    await changeSetting(storage, call.bucket, { setting: setting.name, value: text });
    return { status: setting.statusOfPut };
  };
}

/** DeleteBucketCors, …: also when there is none. */
export function deleteSetting(name: SettingName): S3Operation {
  return async (call, { storage }) => {
    await changeSetting(storage, call.bucket, { setting: SETTINGS[name].name });
    return { status: 204 };
  };
}

/** Stores or removes one setting durably; `check` may refuse it in the light of the bucket. */
export async function changeSetting(
  storage: Parameters<S3Operation>[1]["storage"],
  bucket: string,
  change: { readonly setting: string; readonly value?: string },
  check: (bucket: Bucket) => void = () => undefined,
): Promise<void> {
  await storage.commit({
    touches: "everything",
    decide(buckets) {
      check(bucketOf(buckets, bucket));
      return { commits: [{ kind: "bucket-configured", bucket, ...change }], result: undefined };
    },
  });
}

/** A document that never changes here: GetBucketAccelerateConfiguration, GetBucketRequestPayment. */
export function fixedDocument(text: string): S3Operation {
  return async (call, { storage }): Promise<S3Answer> => {
    bucketOf(storage.buckets, call.bucket);
    return xmlAnswer(text);
  };
}

/** A configuration that no bucket has here: GetBucketReplication, GetObjectLockConfiguration. */
export function neverThere(code: S3ErrorCode): S3Operation {
  return async (call, { storage }) => {
    bucketOf(storage.buckets, call.bucket);
    throw new S3Error(code, { details: { BucketName: call.bucket } });
  };
}
