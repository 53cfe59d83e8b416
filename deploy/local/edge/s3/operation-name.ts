/** What decides which operation a request is. */
export type Shape = {
  readonly method: string;
  readonly level: "service" | "bucket" | "object";
  readonly query: ReadonlyMap<string, string>;
  readonly isCopy: boolean;
};

/** Sub-resources of a bucket, as they are named in the query and in operations. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  abac: "BucketAbac",
  accelerate: "BucketAccelerateConfiguration",
  acl: "BucketAcl",
  analytics: "BucketAnalyticsConfiguration",
  cors: "BucketCors",
  encryption: "BucketEncryption",
  "intelligent-tiering": "BucketIntelligentTieringConfiguration",
  inventory: "BucketInventoryConfiguration",
  lifecycle: "BucketLifecycleConfiguration",
  location: "BucketLocation",
  logging: "BucketLogging",
  metadataConfiguration: "BucketMetadataConfiguration",
  metadataTable: "BucketMetadataTableConfiguration",
  metrics: "BucketMetricsConfiguration",
  notification: "BucketNotificationConfiguration",
  "object-lock": "ObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  policyStatus: "BucketPolicyStatus",
  publicAccessBlock: "PublicAccessBlock",
  replication: "BucketReplication",
  requestPayment: "BucketRequestPayment",
  session: "Session",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  website: "BucketWebsite",
};

const OBJECT_PARTS: Readonly<Record<string, string>> = {
  acl: "ObjectAcl",
  attributes: "ObjectAttributes",
  "legal-hold": "ObjectLegalHold",
  renameObject: "RenameObject",
  restore: "RestoreObject",
  retention: "ObjectRetention",
  select: "SelectObjectContent",
  tagging: "ObjectTagging",
  torrent: "ObjectTorrent",
};

const VERBS: Readonly<Record<string, string>> = {
  GET: "Get",
  HEAD: "Head",
  PUT: "Put",
  DELETE: "Delete",
  POST: "Post",
};

/**
 * S3's own name of the operation (S3-API "Actions"). A request that is no operation at all gets a name
 * of the same pattern, for the error that says it is not implemented.
 */
export function operationName(shape: Shape): string {
  const verb = VERBS[shape.method] ?? shape.method;
  switch (shape.level) {
    case "service":
      return shape.method === "GET" ? "ListBuckets" : `${verb}Service`;
    case "bucket":
      return bucketOperation(shape, verb);
    case "object":
      return objectOperation(shape, verb);
  }
}

function bucketOperation({ method, query }: Shape, verb: string): string {
  const part = Object.keys(BUCKET_PARTS).find((name) => query.has(name));
  if (part === "lifecycle" && method === "DELETE") return "DeleteBucketLifecycle";
  if (part !== undefined) return `${verb}${BUCKET_PARTS[part]}`;
  if (method === "POST" && query.has("delete")) return "DeleteObjects";
  if (method === "PUT") return "CreateBucket";
  if (method !== "GET") return `${verb}Bucket`;
  if (query.has("uploads")) return "ListMultipartUploads";
  if (query.has("versions")) return "ListObjectVersions";
  return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
}

function objectOperation({ method, query, isCopy }: Shape, verb: string): string {
  const part = Object.keys(OBJECT_PARTS).find((name) => query.has(name));
  if (part !== undefined) return `${verb}${OBJECT_PARTS[part]}`;
  if (method === "POST" && query.has("uploads")) return "CreateMultipartUpload";
  if (query.has("uploadId")) return uploadOperation(method, query, isCopy) ?? `${verb}Object`;
  if (method === "PUT" && isCopy) return "CopyObject";
  return `${verb}Object`;
}

function uploadOperation(
  method: string,
  query: ReadonlyMap<string, string>,
  isCopy: boolean,
): string | undefined {
  switch (method) {
    case "PUT":
      if (!query.has("partNumber")) return undefined;
      return isCopy ? "UploadPartCopy" : "UploadPart";
    case "POST":
      return "CompleteMultipartUpload";
    case "DELETE":
      return "AbortMultipartUpload";
    case "GET":
      return "ListParts";
    default:
      return undefined;
  }
}
