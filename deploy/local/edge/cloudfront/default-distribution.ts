import { CACHING_OPTIMIZED_ID } from "../../../edge/freshness.ts";
import { arnOf } from "./arn.ts";
import { ALL_VIEWER_EXCEPT_HOST_ID, CACHING_DISABLED_ID } from "./managed-policies.ts";
import type { XmlTree } from "./xml.ts";

/** What the distribution of a new local edge is made of. */
export type DefaultParts = {
  readonly id: string;
  readonly bucket: string;
  readonly region: string;
  /** `http://127.0.0.1:3000`; undefined if there is no API behind the site. */
  readonly apiOrigin: URL | undefined;
  readonly accessControl: string;
  readonly headersPolicy: string;
  readonly viewerRequest: string;
  readonly viewerResponse: string;
};

export const SITE_ORIGIN = "site";
export const API_ORIGIN = "api";
export const API_PATTERN = "/api/*";

const NONE: XmlTree = { Quantity: 0 };
const NO_SIGNERS: XmlTree = { Enabled: false, Quantity: 0 };

/** The DistributionConfig of a new local edge, complete as GetDistributionConfig gives it. */
export function defaultDistribution(parts: DefaultParts): XmlTree {
  const { apiOrigin } = parts;
  const behaviors = apiOrigin === undefined ? [] : [apiBehavior()];
  return {
    CallerReference: `slipway-${parts.id}`,
    Aliases: NONE,
    DefaultRootObject: "index.html",
    Origins: origins([siteOrigin(parts), ...(apiOrigin ? [apiOriginTree(apiOrigin)] : [])]),
    OriginGroups: NONE,
    DefaultCacheBehavior: siteBehavior(parts),
    CacheBehaviors:
      behaviors.length === 0
        ? NONE
        : { Quantity: behaviors.length, Items: { CacheBehavior: behaviors } },
    CustomErrorResponses: errorResponses(),
    Comment: "The local edge",
    Logging: { Enabled: false, IncludeCookies: false, Bucket: "", Prefix: "" },
    PriceClass: "PriceClass_All",
    Enabled: true,
    ViewerCertificate: {
      CloudFrontDefaultCertificate: true,
      SSLSupportMethod: "vip",
      MinimumProtocolVersion: "TLSv1",
      CertificateSource: "cloudfront",
    },
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
    WebACLId: "",
    HttpVersion: "http1.1",
    IsIPV6Enabled: false,
    ContinuousDeploymentPolicyId: "",
    Staging: false,
    CacheTagConfig: { HeaderName: "x-amz-meta-cache-tag" },
  };
}

function origins(items: readonly XmlTree[]): XmlTree {
  return { Quantity: items.length, Items: { Origin: items } };
}

function errorResponses(): XmlTree {
  const missing = {
    ErrorCode: 404,
    ResponsePagePath: "/404.html",
    ResponseCode: "404",
    ErrorCachingMinTTL: 10,
  };
  return { Quantity: 1, Items: { CustomErrorResponse: [missing] } };
}

/** The regional name of a bucket, which is the one to use behind CloudFront. */
export function bucketDomain({ bucket, region }: Pick<DefaultParts, "bucket" | "region">): string {
  return `${bucket}.s3.${region}.amazonaws.com`;
}

function siteOrigin(parts: DefaultParts): XmlTree {
  return {
    Id: SITE_ORIGIN,
    DomainName: bucketDomain(parts),
    OriginPath: "",
    CustomHeaders: NONE,
    S3OriginConfig: { OriginAccessIdentity: "" },
    ConnectionAttempts: 3,
    ConnectionTimeout: 10,
    OriginShield: { Enabled: false },
    OriginAccessControlId: parts.accessControl,
  };
}

export function apiOriginTree(url: URL): XmlTree {
  const isHttps = url.protocol === "https:";
  const port = url.port === "" ? undefined : url.port;
  return {
    Id: API_ORIGIN,
    DomainName: url.hostname,
    OriginPath: url.pathname.replace(/\/+$/, ""),
    CustomHeaders: NONE,
    CustomOriginConfig: {
      HTTPPort: isHttps ? 80 : (port ?? 80),
      HTTPSPort: isHttps ? (port ?? 443) : 443,
      OriginProtocolPolicy: isHttps ? "https-only" : "http-only",
      OriginSslProtocols: { Quantity: 1, Items: { SslProtocol: ["TLSv1.2"] } },
      OriginReadTimeout: 30,
      OriginKeepaliveTimeout: 5,
    },
    ConnectionAttempts: 3,
    ConnectionTimeout: 10,
    OriginShield: { Enabled: false },
    OriginAccessControlId: "",
  };
}

function siteBehavior(parts: DefaultParts): XmlTree {
  return {
    TargetOriginId: SITE_ORIGIN,
    TrustedSigners: NO_SIGNERS,
    TrustedKeyGroups: NO_SIGNERS,
    ViewerProtocolPolicy: "allow-all",
    AllowedMethods: methods(["GET", "HEAD", "OPTIONS"]),
    SmoothStreaming: false,
    Compress: true,
    LambdaFunctionAssociations: NONE,
    FunctionAssociations: {
      Quantity: 2,
      Items: {
        FunctionAssociation: [
          {
            FunctionARN: arnOf("function", parts.viewerRequest),
            EventType: "viewer-request",
          },
          {
            FunctionARN: arnOf("function", parts.viewerResponse),
            EventType: "viewer-response",
          },
        ],
      },
    },
    FieldLevelEncryptionId: "",
    CachePolicyId: CACHING_OPTIMIZED_ID,
    ResponseHeadersPolicyId: parts.headersPolicy,
  };
}

export function apiBehavior(): XmlTree {
  return {
    PathPattern: API_PATTERN,
    TargetOriginId: API_ORIGIN,
    TrustedSigners: NO_SIGNERS,
    TrustedKeyGroups: NO_SIGNERS,
    ViewerProtocolPolicy: "allow-all",
    AllowedMethods: methods(["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"]),
    SmoothStreaming: false,
    Compress: false,
    LambdaFunctionAssociations: NONE,
    FunctionAssociations: NONE,
    FieldLevelEncryptionId: "",
    CachePolicyId: CACHING_DISABLED_ID,
    OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_ID,
  };
}

function methods(allowed: readonly string[]): XmlTree {
  return {
    Quantity: allowed.length,
    Items: { Method: allowed },
    CachedMethods: { Quantity: 2, Items: { Method: ["GET", "HEAD"] } },
  };
}
