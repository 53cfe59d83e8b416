import type { EstateRecord } from "./estate-record.ts";

/** The infrastructure of an environment as it was found. */

/** Whose keys these are. `id`: twelve digits. */
export type FoundAccount = { readonly id: string; readonly arn: string };

export type FoundEncryption =
  | { readonly kind: "none" }
  | { readonly kind: "aes256" }
  | { readonly kind: "kms"; readonly key: string | undefined };

export type BucketSettings = {
  /** All four flags of Block Public Access. */
  readonly isPrivate: boolean;
  /** BucketOwnerEnforced: access control lists are off. */
  readonly isOwnerEnforced: boolean;
  readonly isVersioned: boolean;
  readonly encryption: FoundEncryption;
  readonly tags: Readonly<Record<string, string>>;
  /** S3's LifecycleConfiguration byte for byte; undefined when there is none. */
  readonly lifecycle: string | undefined;
  /** The policy's JSON; undefined when there is none. */
  readonly policy: string | undefined;
};

/** Whether nobody reads it but in the name of somebody who may. */
export function isClosed({ isPrivate, isOwnerEnforced }: BucketSettings): boolean {
  return isPrivate && isOwnerEnforced;
}

export type FoundBucket =
  | { readonly kind: "absent" }
  /** Somebody else's, or hidden from these credentials: S3 tells no difference. */
  | { readonly kind: "forbidden" }
  | { readonly kind: "elsewhere"; readonly region: string | undefined }
  | { readonly kind: "found"; readonly settings: BucketSettings };

export type FoundAccess = {
  readonly id: string;
  readonly name: string;
  /** For S3, and signing every request. */
  readonly signs: boolean;
};

export type FoundStore = {
  readonly arn: string;
  readonly state: "ready" | "provisioning" | "failed";
};

export type FoundFunction = {
  readonly arn: string;
  /** Published: only such a one can be associated. */
  readonly isLive: boolean;
  /** The key value store that it may read. */
  readonly store: string | undefined;
};

/** CloudFront's parts beside the distribution. */
export type FoundEdge = {
  /** All of the account: one that already signs for the distribution is as good as ours. */
  readonly accesses: readonly FoundAccess[];
  readonly store: FoundStore | undefined;
  /** The response headers policy's id. */
  readonly headersPolicy: string | undefined;
  readonly viewerRequest: FoundFunction | undefined;
  readonly viewerResponse: FoundFunction | undefined;
  /** AWS's own policies: name without "Managed-" → id. */
  readonly managed: ReadonlyMap<string, string>;
};

/** A distribution as CloudFront keeps it. */
export type FoundDistribution = {
  readonly id: string;
  readonly arn: string;
  /** `d111111abcdef8.cloudfront.net` */
  readonly domainName: string;
  readonly status: "deployed" | "in-progress";
  readonly etag: string;
  /** The DistributionConfig document byte for byte: an update must send back what it does not know. */
  readonly config: string;
};

/** Which distribution is the environment's. */
export type FoundPlace =
  | { readonly kind: "none" }
  /** The config names one that is not in the account. */
  | { readonly kind: "missing"; readonly id: string }
  /** Several serve the bucket, and none of them is marked. */
  | { readonly kind: "several"; readonly ids: readonly string[] }
  | { readonly kind: "one"; readonly distribution: FoundDistribution };

/** Whether the CDN runs the rules of the live release. */
export type LiveRules = "published" | "unmanaged";

export type Estate = {
  readonly account: FoundAccount;
  readonly bucket: FoundBucket;
  readonly edge: FoundEdge;
  readonly place: FoundPlace;
  /** Undefined where no release with rules is live. */
  readonly liveRules?: LiveRules | undefined;
  /** Other distributions that read the bucket without a signature; looked for while it is public. */
  readonly publicReaders?: readonly string[] | undefined;
  /** What an earlier run wrote into the bucket. */
  readonly record: EstateRecord | undefined;
};
