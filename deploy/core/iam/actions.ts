import type { ResourceKind } from "./resources.ts";

/** One right: an action on a kind of resource. */
export type Grant = { readonly action: string; readonly on: ResourceKind };

/** An operation as the SDK names it, behind its service: `S3 PutObject`. */
export type Operation = keyof typeof OPERATION_GRANTS;

const on = (kind: ResourceKind, ...actions: readonly string[]): readonly Grant[] =>
  actions.map((action) => ({ action, on: kind }));

/**
 * What each operation that Slipway sends needs to be allowed. Most actions are called as their
 * operation, and those of bucket settings are not; a conditional write or removal needs the right to
 * read as well (S3-UG "How to prevent object overwrites with conditional writes"), and a copy reads its
 * source (BC s3 CopyObject). An operation without grants is allowed to everybody.
 */
export const OPERATION_GRANTS = {
  "S3 GetObject": on("objects", "s3:GetObject"),
  // Of a version, with GetObjectVersion in addition; see READ_VERSIONS.
  "S3 HeadObject": on("objects", "s3:GetObject"),
  // Without the right to list, a missing object is a refusal (S3-API "GetObject").
  "S3 ListObjectsV2": on("bucket", "s3:ListBucket"),
  "S3 HeadBucket": on("bucket", "s3:ListBucket"),
  "S3 PutObject": on("objects", "s3:PutObject", "s3:GetObject"),
  "S3 CopyObject": on("objects", "s3:GetObject", "s3:PutObject"),
  "S3 DeleteObject": on("objects", "s3:DeleteObject", "s3:GetObject"),
  "S3 DeleteObjects": on("objects", "s3:DeleteObject"),
  "S3 CreateMultipartUpload": on("objects", "s3:PutObject"),
  "S3 UploadPart": on("objects", "s3:PutObject"),
  "S3 CompleteMultipartUpload": on("objects", "s3:PutObject", "s3:GetObject"),
  "S3 AbortMultipartUpload": on("objects", "s3:AbortMultipartUpload"),

  "CloudFront CreateInvalidation": on("distribution", "cloudfront:CreateInvalidation"),
  "CloudFront GetInvalidation": on("distribution", "cloudfront:GetInvalidation"),
  "CloudFront ListInvalidations": on("distribution", "cloudfront:ListInvalidations"),
  "CloudFront GetDistribution": on("distribution", "cloudfront:GetDistribution"),
  "CloudFront GetDistributionConfig": on("distribution", "cloudfront:GetDistributionConfig"),
  "CloudFront GetFunction": on("functions", "cloudfront:GetFunction"),
  "CloudFront DescribeFunction": on("functions", "cloudfront:DescribeFunction"),
  "CloudFront TestFunction": on("functions", "cloudfront:TestFunction"),
  "CloudFront UpdateFunction": on("functions", "cloudfront:UpdateFunction"),
  "CloudFront PublishFunction": on("functions", "cloudfront:PublishFunction"),
  "CloudFront GetResponseHeadersPolicy": on(
    "headers-policy",
    "cloudfront:GetResponseHeadersPolicy",
  ),
  "CloudFront GetResponseHeadersPolicyConfig": on(
    "headers-policy",
    "cloudfront:GetResponseHeadersPolicyConfig",
    "cloudfront:GetResponseHeadersPolicy",
  ),
  "CloudFront UpdateResponseHeadersPolicy": on(
    "headers-policy",
    "cloudfront:UpdateResponseHeadersPolicy",
  ),
  "CloudFront KeyValueStore DescribeKeyValueStore": on(
    "store",
    "cloudfront-keyvaluestore:DescribeKeyValueStore",
  ),
  "CloudFront KeyValueStore ListKeys": on("store", "cloudfront-keyvaluestore:ListKeys"),
  "CloudFront KeyValueStore UpdateKeys": on("store", "cloudfront-keyvaluestore:UpdateKeys"),

  "S3 CreateBucket": on("bucket", "s3:CreateBucket"),
  "S3 GetPublicAccessBlock": on("bucket", "s3:GetBucketPublicAccessBlock"),
  "S3 PutPublicAccessBlock": on("bucket", "s3:PutBucketPublicAccessBlock"),
  "S3 GetBucketOwnershipControls": on("bucket", "s3:GetBucketOwnershipControls"),
  "S3 PutBucketOwnershipControls": on("bucket", "s3:PutBucketOwnershipControls"),
  "S3 GetBucketPolicy": on("bucket", "s3:GetBucketPolicy"),
  "S3 PutBucketPolicy": on("bucket", "s3:PutBucketPolicy"),
  "S3 GetBucketVersioning": on("bucket", "s3:GetBucketVersioning"),
  "S3 PutBucketVersioning": on("bucket", "s3:PutBucketVersioning"),
  "S3 GetBucketEncryption": on("bucket", "s3:GetEncryptionConfiguration"),
  "S3 PutBucketEncryption": on("bucket", "s3:PutEncryptionConfiguration"),
  "S3 GetBucketLifecycleConfiguration": on("bucket", "s3:GetLifecycleConfiguration"),
  "S3 PutBucketLifecycleConfiguration": on("bucket", "s3:PutLifecycleConfiguration"),
  "S3 GetBucketTagging": on("bucket", "s3:GetBucketTagging"),
  "S3 PutBucketTagging": on("bucket", "s3:PutBucketTagging"),

  "CloudFront ListDistributions": on("account", "cloudfront:ListDistributions"),
  // The operation is called like an action of its own in older policies, and checks the tagging too.
  "CloudFront CreateDistributionWithTags": on(
    "account",
    "cloudfront:CreateDistribution",
    "cloudfront:CreateDistributionWithTags",
    "cloudfront:TagResource",
  ),
  "CloudFront UpdateDistribution": on("distribution", "cloudfront:UpdateDistribution"),
  "CloudFront ListOriginAccessControls": on("account", "cloudfront:ListOriginAccessControls"),
  "CloudFront GetOriginAccessControl": on("access-control", "cloudfront:GetOriginAccessControl"),
  "CloudFront UpdateOriginAccessControl": on(
    "access-control",
    "cloudfront:UpdateOriginAccessControl",
  ),
  "CloudFront CreateOriginAccessControl": on("account", "cloudfront:CreateOriginAccessControl"),
  "CloudFront ListResponseHeadersPolicies": on("account", "cloudfront:ListResponseHeadersPolicies"),
  "CloudFront CreateResponseHeadersPolicy": on("account", "cloudfront:CreateResponseHeadersPolicy"),
  "CloudFront ListCachePolicies": on("account", "cloudfront:ListCachePolicies"),
  "CloudFront ListOriginRequestPolicies": on("account", "cloudfront:ListOriginRequestPolicies"),
  "CloudFront CreateFunction": on("functions", "cloudfront:CreateFunction"),
  "CloudFront CreateKeyValueStore": on("account", "cloudfront:CreateKeyValueStore"),
  "CloudFront DescribeKeyValueStore": on("store", "cloudfront:DescribeKeyValueStore"),

  "ACM ListCertificates": on("account", "acm:ListCertificates"),
  "ACM DescribeCertificate": on("certificates", "acm:DescribeCertificate"),
  // Before it exists a certificate has no ARN to name.
  "ACM RequestCertificate": on("account", "acm:RequestCertificate", "acm:AddTagsToCertificate"),

  "Route 53 ListHostedZonesByName": on("account", "route53:ListHostedZonesByName"),
  "Route 53 GetHostedZone": on("zones", "route53:GetHostedZone"),
  "Route 53 ListResourceRecordSets": on("zones", "route53:ListResourceRecordSets"),
  "Route 53 ChangeResourceRecordSets": on("records", "route53:ChangeResourceRecordSets"),
  "Route 53 GetChange": on("changes", "route53:GetChange"),

  "STS GetCallerIdentity": [],
} as const satisfies Readonly<Record<string, readonly Grant[]>>;

/** What a rollback's reads of earlier versions need; the operations are those of today's objects. */
export const READ_VERSIONS: readonly Grant[] = on("objects", "s3:GetObjectVersion");
