/**
 * The things in an account that a role may touch, by the names that this configuration and `setup` give
 * them. Ids that only AWS gives are a star within the account unless somebody names them.
 */
export type ResourceKind =
  | "bucket"
  | "objects"
  | "distribution"
  | "functions"
  | "headers-policy"
  | "access-control"
  | "store"
  | "certificates"
  | "zones"
  | "records"
  | "changes"
  /** Actions that AWS narrows to nothing, or whose resource does not exist yet. */
  | "account";

/** What the ARNs are made of. */
export type EstateNames = {
  readonly bucket: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** The names of the viewer functions. */
  readonly functions: readonly string[];
  readonly distribution?: string | undefined;
  readonly headersPolicy?: string | undefined;
  readonly store?: string | undefined;
  /** The site's own names; empty when it has none. */
  readonly domains: readonly string[];
};

/** CloudFront takes its certificates from this region and no other (CF-DG "Requirements for using SSL/TLS certificates"). */
const CERTIFICATE_REGION = "us-east-1";

/** The ARNs of a kind of resource, most of them one (CF-DG "AWS managed policies", S3-UG, ACM-UG, R53-DG23). */
export function arnsOf(kind: ResourceKind, names: EstateNames): readonly string[] {
  const { bucket, account } = names;
  const partition = partitionOf(names.region);
  const s3 = `arn:${partition}:s3:::${bucket}`;
  const cloudFront = `arn:${partition}:cloudfront::${account}`;
  const route53 = `arn:${partition}:route53:::`;
  switch (kind) {
    case "bucket":
      return [s3];
    case "objects":
      return [`${s3}/*`];
    case "distribution":
      return [`${cloudFront}:distribution/${names.distribution ?? "*"}`];
    case "functions":
      return names.functions.map((name) => `${cloudFront}:function/${name}`);
    case "headers-policy":
      return [`${cloudFront}:response-headers-policy/${names.headersPolicy ?? "*"}`];
    case "access-control":
      return [`${cloudFront}:origin-access-control/*`];
    case "store":
      return [`${cloudFront}:key-value-store/${names.store ?? "*"}`];
    case "certificates":
      // Those of the site's own region are looked at too: people make them there by mistake.
      return [...new Set([CERTIFICATE_REGION, names.region])].map(
        (region) => `arn:${partition}:acm:${region}:${account}:certificate/*`,
      );
    case "zones":
    case "records":
      return [`${route53}hostedzone/*`];
    case "changes":
      return [`${route53}change/*`];
    case "account":
      return ["*"];
  }
}

/** The first word after `arn:`, which differs where AWS is run apart. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
