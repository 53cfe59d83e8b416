import { createHash } from "node:crypto";
import type { EdgeConfig } from "../../../edge/decide.ts";
import { CACHING_OPTIMIZED_ID } from "../../../edge/freshness.ts";
import type { XmlTree } from "./xml.ts";

/** The one distribution of a local edge. */
export type Distribution = {
  readonly id: string;
  readonly bucket: string;
  readonly region: string;
  /** Where the viewer listens, with its port: what stands for `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  readonly startedAt: Date;
  readonly config: EdgeConfig;
};

/** No account stands behind the local edge. */
const ACCOUNT = "000000000000";
const NONE: XmlTree = { Quantity: 0 };
const NO_SIGNERS: XmlTree = { Enabled: false, Quantity: 0 };

/** As GetDistribution answers, without the root element (BC cloudfront Distribution). */
export function distributionTree(distribution: Distribution): XmlTree {
  return {
    Id: distribution.id,
    ARN: arnOf(distribution),
    Status: "Deployed",
    LastModifiedTime: distribution.startedAt.toISOString(),
    InProgressInvalidationBatches: 0,
    DomainName: distribution.domainName,
    ActiveTrustedSigners: NO_SIGNERS,
    ActiveTrustedKeyGroups: NO_SIGNERS,
    DistributionConfig: configTree(distribution),
  };
}

/** As ListDistributions answers for each one (BC cloudfront DistributionSummary). */
export function summaryTree(distribution: Distribution): XmlTree {
  return {
    Id: distribution.id,
    ARN: arnOf(distribution),
    ETag: configEtag(distribution),
    Status: "Deployed",
    LastModifiedTime: distribution.startedAt.toISOString(),
    DomainName: distribution.domainName,
    ...sharedTree(distribution),
    WebACLId: "",
  };
}

/** What the local edge really does, in the fields of a DistributionConfig (BC cloudfront). */
export function configTree(distribution: Distribution): XmlTree {
  return {
    CallerReference: `slipway-${distribution.id}`,
    ...sharedTree(distribution),
    DefaultRootObject: distribution.config.indexDocument,
    Logging: { Enabled: false, IncludeCookies: false, Bucket: "", Prefix: "" },
    WebACLId: "",
    ContinuousDeploymentPolicyId: "",
  };
}

/** The ETag header of both answers: changes exactly when the configuration does. */
export function configEtag(distribution: Distribution): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(configTree(distribution)))
    .digest("hex");
  return `E${digest.slice(0, 13).toUpperCase()}`;
}

function arnOf({ id }: Distribution): string {
  return `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`;
}

function sharedTree({ bucket, region, config }: Distribution): XmlTree {
  const origin = `s3-${bucket}`;
  return {
    Aliases: NONE,
    Origins: { Quantity: 1, Items: { Origin: [originTree(origin, { bucket, region })] } },
    OriginGroups: NONE,
    DefaultCacheBehavior: behaviorTree(origin),
    CacheBehaviors: NONE,
    CustomErrorResponses: {
      Quantity: 1,
      Items: {
        CustomErrorResponse: [
          {
            ErrorCode: 404,
            ResponsePagePath: config.errorPage.uri,
            ResponseCode: "404",
            ErrorCachingMinTTL: config.errorPage.cachingMinTtl,
          },
        ],
      },
    },
    Comment: "The local edge",
    PriceClass: "PriceClass_All",
    Enabled: true,
    ViewerCertificate: {
      CloudFrontDefaultCertificate: true,
      SSLSupportMethod: "vip",
      MinimumProtocolVersion: "TLSv1",
      CertificateSource: "cloudfront",
    },
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
    HttpVersion: "http1.1",
    IsIPV6Enabled: false,
    Staging: false,
  };
}

function originTree(
  id: string,
  { bucket, region }: Pick<Distribution, "bucket" | "region">,
): XmlTree {
  return {
    Id: id,
    DomainName: `${bucket}.s3.${region}.amazonaws.com`,
    OriginPath: "",
    CustomHeaders: NONE,
    S3OriginConfig: { OriginAccessIdentity: "" },
    ConnectionAttempts: 3,
    ConnectionTimeout: 10,
    OriginShield: { Enabled: false },
    OriginAccessControlId: "",
  };
}

function behaviorTree(origin: string): XmlTree {
  return {
    TargetOriginId: origin,
    TrustedSigners: NO_SIGNERS,
    TrustedKeyGroups: NO_SIGNERS,
    ViewerProtocolPolicy: "allow-all",
    AllowedMethods: {
      Quantity: 3,
      Items: { Method: ["GET", "HEAD", "OPTIONS"] },
      CachedMethods: { Quantity: 2, Items: { Method: ["GET", "HEAD"] } },
    },
    SmoothStreaming: false,
    Compress: true,
    LambdaFunctionAssociations: NONE,
    FunctionAssociations: NONE,
    FieldLevelEncryptionId: "",
    CachePolicyId: CACHING_OPTIMIZED_ID,
  };
}
