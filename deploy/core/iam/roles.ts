import { type Grant, OPERATION_GRANTS, type Operation, READ_VERSIONS } from "./actions.ts";

/** Who may do what: a pipeline that publishes, a person who operates, and who builds the infrastructure. */
export const ROLES = ["deployer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What `plan`, `deploy`, `status`, `releases`, `invalidate` and `unlock` send. */
const PUBLISHING: readonly Operation[] = [
  "S3 GetObject",
  "S3 HeadObject",
  "S3 ListObjectsV2",
  "S3 PutObject",
  "S3 CopyObject",
  "S3 DeleteObject",
  "S3 DeleteObjects",
  "S3 CreateMultipartUpload",
  "S3 UploadPart",
  "S3 CompleteMultipartUpload",
  "S3 AbortMultipartUpload",
  "CloudFront CreateInvalidation",
  "CloudFront GetInvalidation",
  "CloudFront ListInvalidations",
  "CloudFront GetDistributionConfig",
  "CloudFront GetFunction",
  "CloudFront DescribeFunction",
  "CloudFront UpdateFunction",
  "CloudFront PublishFunction",
  "CloudFront GetResponseHeadersPolicy",
  "CloudFront GetResponseHeadersPolicyConfig",
  "CloudFront UpdateResponseHeadersPolicy",
  "CloudFront KeyValueStore DescribeKeyValueStore",
  "CloudFront KeyValueStore ListKeys",
  "CloudFront KeyValueStore UpdateKeys",
  "STS GetCallerIdentity",
];

/** What a person looks at besides, when something is wrong. */
const OPERATING: readonly Operation[] = ["CloudFront GetDistribution", "CloudFront TestFunction"];

/** What `setup` and `domain` send, and the reads of `doctor`. */
const BUILDING: readonly Operation[] = [
  "S3 HeadBucket",
  "S3 CreateBucket",
  "S3 GetPublicAccessBlock",
  "S3 PutPublicAccessBlock",
  "S3 GetBucketOwnershipControls",
  "S3 PutBucketOwnershipControls",
  "S3 GetBucketPolicy",
  "S3 PutBucketPolicy",
  "S3 GetBucketVersioning",
  "S3 PutBucketVersioning",
  "S3 GetBucketEncryption",
  "S3 PutBucketEncryption",
  "S3 GetBucketLifecycleConfiguration",
  "S3 PutBucketLifecycleConfiguration",
  "S3 GetBucketTagging",
  "S3 PutBucketTagging",
  "CloudFront ListDistributions",
  "CloudFront CreateDistributionWithTags",
  "CloudFront UpdateDistribution",
  "CloudFront ListOriginAccessControls",
  "CloudFront GetOriginAccessControl",
  "CloudFront CreateOriginAccessControl",
  "CloudFront UpdateOriginAccessControl",
  "CloudFront ListResponseHeadersPolicies",
  "CloudFront CreateResponseHeadersPolicy",
  "CloudFront ListCachePolicies",
  "CloudFront ListOriginRequestPolicies",
  "CloudFront CreateFunction",
  "CloudFront CreateKeyValueStore",
  "CloudFront DescribeKeyValueStore",
];

/** What only a site with its own names needs. */
const NAMING: readonly Operation[] = [
  "ACM ListCertificates",
  "ACM DescribeCertificate",
  "ACM RequestCertificate",
  "Route 53 ListHostedZonesByName",
  "Route 53 GetHostedZone",
  "Route 53 ListResourceRecordSets",
  "Route 53 ChangeResourceRecordSets",
  "Route 53 GetChange",
];

/** The operations that a role may send. `named`: whether the site has names of its own. */
export function operationsOf(role: Role, { named }: { readonly named: boolean }) {
  switch (role) {
    case "deployer":
      return PUBLISHING;
    case "operator":
      return [...PUBLISHING, ...OPERATING];
    case "admin":
      return [...PUBLISHING, ...OPERATING, ...BUILDING, ...(named ? NAMING : [])];
  }
}

/** The rights of a role, each once. */
export function grantsOf(role: Role, site: { readonly named: boolean }): readonly Grant[] {
  const grants = operationsOf(role, site).flatMap(
    (operation): readonly Grant[] => OPERATION_GRANTS[operation],
  );
  const all = role === "deployer" ? grants : [...grants, ...READ_VERSIONS];
  return [...new Map(all.map((grant) => [`${grant.on} ${grant.action}`, grant])).values()];
}
