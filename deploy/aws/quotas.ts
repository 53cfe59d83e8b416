import type { AwsAttempt, AwsError, Explanation } from "./explanations.ts";

type Quota = { readonly service: string; readonly name: string; readonly usual: string };

const cloudFront = (name: string, usual: string): Quota => ({
  service: "Amazon CloudFront",
  name,
  usual,
});

/** Refusals for having too many of something, and what the quota is called (CF-DG "Quotas"; BC cloudfront, s3). */
const QUOTAS: Readonly<Record<string, Quota>> = {
  TooManyBuckets: { service: "Amazon S3", name: "General purpose buckets", usual: "10,000" },
  TooManyDistributions: cloudFront("Web distributions per AWS account", "500"),
  TooManyOriginAccessControls: cloudFront("Origin access controls per AWS account", "100"),
  TooManyDistributionsAssociatedToOriginAccessControl: cloudFront(
    "Distributions per origin access control",
    "100",
  ),
  TooManyResponseHeadersPolicies: cloudFront("Response headers policies per AWS account", "20"),
  TooManyDistributionsAssociatedToResponseHeadersPolicy: cloudFront(
    "Distributions per response headers policy",
    "100",
  ),
  TooManyFunctions: cloudFront("CloudFront functions per AWS account", "100"),
  TooManyDistributionsWithFunctionAssociations: cloudFront("Distributions with functions", "100"),
  TooManyKeyValueStoreAssociations: cloudFront("Functions per key value store", "10"),
  EntityLimitExceeded: cloudFront("Key value stores per AWS account", "50"),
  TooManyOrigins: cloudFront("Origins per distribution", "100"),
  TooManyCacheBehaviors: cloudFront("Cache behaviors per distribution", "75"),
  TooManyDistributionCNAMEs: cloudFront("Alternate domain names per distribution", "100"),
};

/** Which quota is used up and how to get more; undefined for any other answer. */
export function explainQuota(_attempt: AwsAttempt, { code }: AwsError): Explanation | undefined {
  const quota = Object.hasOwn(QUOTAS, code) ? QUOTAS[code] : undefined;
  if (quota === undefined) return undefined;
  return {
    why: `the quota "${quota.name}" is used up (${code}; it is ${quota.usual} unless AWS raised it)`,
    next: `Remove one that nobody needs, or ask for more in the Service Quotas console under ${quota.service}; then run the same command again.`,
  };
}
