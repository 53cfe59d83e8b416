import { type ApiWishes, apiSettings } from "./api-settings.ts";
import type { ViewerEvent } from "./steps.ts";
import { isTooWeak, LEAST_TLS } from "./tls-version.ts";
import { removeElement, setElement, setText } from "./xml-edit.ts";
import { editItems, fieldOf, itemsOf, prependItem } from "./xml-lists.ts";

/** What a site's distribution must be; every field that is not named here stays as it was found. */
export type DistributionWishes = {
  readonly bucket: string;
  readonly region: string;
  /** The origin access control that signs. */
  readonly access: string;
  readonly cachePolicy: string;
  readonly headersPolicy: string;
  /** The functions' ARNs. */
  readonly viewerRequest: string;
  readonly viewerResponse: string;
  readonly api: ApiWishes | undefined;
};

type Setting = {
  /** What a person reads: "compression is on". */
  readonly title: string;
  /** The document with the setting as it must be; the very same text if it is so already. */
  readonly set: (config: string, wishes: DistributionWishes) => string;
};

/** CloudFront's order of elements (BC cloudfront DistributionConfig, Origin, DefaultCacheBehavior). */
const CONFIG_ORDER =
  "CallerReference Aliases DefaultRootObject Origins OriginGroups DefaultCacheBehavior CacheBehaviors CustomErrorResponses Comment Logging PriceClass Enabled ViewerCertificate Restrictions WebACLId HttpVersion IsIPV6Enabled".split(
    " ",
  );
const ORIGIN_ORDER =
  "Id DomainName OriginPath CustomHeaders S3OriginConfig CustomOriginConfig VpcOriginConfig ConnectionAttempts ConnectionTimeout ResponseCompletionTimeout OriginShield OriginAccessControlId".split(
    " ",
  );
export const BEHAVIOR_ORDER =
  "PathPattern TargetOriginId TrustedSigners TrustedKeyGroups ViewerProtocolPolicy AllowedMethods SmoothStreaming Compress LambdaFunctionAssociations FunctionAssociations FieldLevelEncryptionId RealtimeLogConfigArn CachePolicyId OriginRequestPolicyId ResponseHeadersPolicyId GrpcConfig ForwardedValues MinTTL DefaultTTL MaxTTL".split(
    " ",
  );

const DEFAULT = "DefaultCacheBehavior";

const field = (title: string, name: string, value: string): Setting => ({
  title,
  set: (config) => setText(config, [name], value, CONFIG_ORDER),
});

const behavior = (title: string, name: string, value: string): Setting => ({
  title,
  set: (config) => setText(config, [DEFAULT, name], value, BEHAVIOR_ORDER),
});

const SETTINGS: readonly Setting[] = [
  {
    title: "the bucket is its origin, by the regional name, with signed requests",
    set: setOrigin,
  },
  field("/ is index.html", "DefaultRootObject", "index.html"),
  behavior("http is redirected to https", "ViewerProtocolPolicy", "redirect-to-https"),
  behavior("compression is on", "Compress", "true"),
  { title: "the cache policy is CachingOptimized", set: setCachePolicy },
  { title: "Slipway's functions run before and after the cache", set: setFunctions },
  { title: "Slipway's response headers policy is in force", set: setHeadersPolicy },
  { title: "a missing page is answered with /404.html and status 404", set: setErrorPage },
  { title: "HTTP/2 and HTTP/3 are on", set: setHttpVersion },
  field("IPv6 is on", "IsIPV6Enabled", "true"),
  { title: `TLS 1.2 (${LEAST_TLS}) is the least that viewers may use`, set: setMinimumTls },
  {
    title: "/api/* goes to the API, uncached",
    set: (config, { api }) => (api === undefined ? config : apiSettings(config, api)),
  },
];

/** The configuration as it must be, and what had to change for it: nothing, for the same text. */
export function settle(
  config: string,
  wishes: DistributionWishes,
): { readonly config: string; readonly changes: readonly string[] } {
  const changes: string[] = [];
  let settled = config;
  for (const { title, set } of SETTINGS) {
    const next = set(settled, wishes);
    if (next !== settled) changes.push(title);
    settled = next;
  }
  return { config: settled, changes };
}

/** The regional name: the global one answers 307 for the first hours of a bucket (CF-DG "Origin settings"). */
export function bucketDomain({ bucket, region }: { bucket: string; region: string }): string {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `${bucket}.s3.${region}.${suffix}`;
}

/** The origin of everything that no other behaviour claims. */
export function defaultOriginOf(config: string): string | undefined {
  const id = fieldOf(config, DEFAULT, "TargetOriginId");
  return itemsOf(config, ["Origins"]).find((origin) => fieldOf(origin, "Id") === id);
}

/** Whether it is the bucket under any of its names, the website's too. */
export function isBucketDomain(domain: string, bucket: string): boolean {
  if (!domain.startsWith(`${bucket}.s3`)) return false;
  return /^\.s3(?:-website)?(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/.test(
    domain.slice(bucket.length),
  );
}

/**
 * What is not Slipway's and has the place of our functions, at this event or at any: at most one has room,
 * so it stays. A Lambda at one of the viewer's events has the place of both.
 */
export function foreignFunctionsOf(config: string, event?: ViewerEvent): readonly string[] {
  const functions = itemsOf(config, [DEFAULT, "FunctionAssociations"])
    .filter((item) => event === undefined || fieldOf(item, "EventType") === event)
    .map((item) => fieldOf(item, "FunctionARN") ?? "")
    .filter((arn) => !isOurs(arn));
  const lambdas = itemsOf(config, [DEFAULT, "LambdaFunctionAssociations"])
    .filter((item) => fieldOf(item, "EventType")?.startsWith("viewer-"))
    .map((item) => fieldOf(item, "LambdaFunctionARN") ?? "");
  return [...functions, ...lambdas];
}

/** Whether Slipway's functions run before and after the cache. */
export function runsOurFunctions(config: string): boolean {
  const items = itemsOf(config, [DEFAULT, "FunctionAssociations"]);
  return ["viewer-request", "viewer-response"].every((event) =>
    items.some(
      (item) => fieldOf(item, "EventType") === event && isOurs(fieldOf(item, "FunctionARN") ?? ""),
    ),
  );
}

/** The headers policy that the default behaviour has; undefined when there is none. */
export function headersPolicyOf(config: string): string | undefined {
  return fieldOf(config, DEFAULT, "ResponseHeadersPolicyId") || undefined;
}

/** The access control that signs the requests to the default origin. */
export function accessOf(config: string): string | undefined {
  const origin = defaultOriginOf(config);
  return (origin && fieldOf(origin, "OriginAccessControlId")) || undefined;
}

function setOrigin(config: string, wishes: DistributionWishes): string {
  const id = fieldOf(config, DEFAULT, "TargetOriginId");
  return editItems(config, ["Origins"], (origin) => {
    if (fieldOf(origin, "Id") !== id) return origin;
    let edited = setText(origin, ["DomainName"], bucketDomain(wishes), ORIGIN_ORDER);
    // A bucket's website is an origin of another kind, which cannot sign.
    edited = removeElement(edited, ["CustomOriginConfig"]);
    edited = setText(edited, ["S3OriginConfig", "OriginAccessIdentity"], "", ORIGIN_ORDER);
    return setText(edited, ["OriginAccessControlId"], wishes.access, ORIGIN_ORDER);
  });
}

/** With a policy, the old fields for the same must be absent (BC cloudfront DefaultCacheBehavior). */
function setCachePolicy(config: string, { cachePolicy }: DistributionWishes): string {
  const old = ["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"];
  const cleared = old.reduce((text, name) => removeElement(text, [DEFAULT, name]), config);
  return setText(cleared, [DEFAULT, "CachePolicyId"], cachePolicy, BEHAVIOR_ORDER);
}

function setFunctions(config: string, wishes: DistributionWishes): string {
  if (hasViewerLambda(config)) return config;
  const request = setFunction(config, "viewer-request", wishes.viewerRequest);
  return setFunction(request, "viewer-response", wishes.viewerResponse);
}

/** CloudFront lets no function run beside a Lambda at the viewer's events. */
function hasViewerLambda(config: string): boolean {
  return itemsOf(config, [DEFAULT, "LambdaFunctionAssociations"]).some((item) =>
    fieldOf(item, "EventType")?.startsWith("viewer-"),
  );
}

function setFunction(config: string, event: string, arn: string): string {
  const list = [DEFAULT, "FunctionAssociations"];
  const found = itemsOf(config, list).find((item) => fieldOf(item, "EventType") === event);
  if (found === undefined) {
    const item = `<FunctionAssociation><FunctionARN>${arn}</FunctionARN><EventType>${event}</EventType></FunctionAssociation>`;
    return prependItem(config, list, item, BEHAVIOR_ORDER);
  }
  if (!isOurs(fieldOf(found, "FunctionARN") ?? "")) return config;
  return editItems(config, list, (item) =>
    item === found ? setText(item, ["FunctionARN"], arn) : item,
  );
}

function isOurs(arn: string): boolean {
  return arn.includes(":function/slipway-");
}

function setHeadersPolicy(config: string, { headersPolicy }: DistributionWishes): string {
  if (headersPolicyOf(config) !== undefined) return config;
  return setText(config, [DEFAULT, "ResponseHeadersPolicyId"], headersPolicy, BEHAVIOR_ORDER);
}

function setErrorPage(config: string): string {
  const list = ["CustomErrorResponses"];
  const found = itemsOf(config, list).some((item) => fieldOf(item, "ErrorCode") === "404");
  if (!found) {
    const item =
      "<CustomErrorResponse><ErrorCode>404</ErrorCode><ResponsePagePath>/404.html</ResponsePagePath><ResponseCode>404</ResponseCode><ErrorCachingMinTTL>10</ErrorCachingMinTTL></CustomErrorResponse>";
    return prependItem(config, list, item, CONFIG_ORDER);
  }
  const order = ["ErrorCode", "ResponsePagePath", "ResponseCode", "ErrorCachingMinTTL"];
  return editItems(config, list, (item) => {
    if (fieldOf(item, "ErrorCode") !== "404") return item;
    const page = setText(item, ["ResponsePagePath"], "/404.html", order);
    return setText(page, ["ResponseCode"], "404", order);
  });
}

/** A distribution with a staging copy takes no HTTP/3 (CF-DG continuous deployment). */
function setHttpVersion(config: string): string {
  if (fieldOf(config, "ContinuousDeploymentPolicyId")) return config;
  return setText(config, ["HttpVersion"], "http2and3", CONFIG_ORDER);
}

/** Only with a certificate of one's own; under CloudFront's the field is not ours to choose. */
function setMinimumTls(config: string): string {
  const own = ["ACMCertificateArn", "IAMCertificateId"].some((name) =>
    Boolean(fieldOf(config, "ViewerCertificate", name)),
  );
  const found = fieldOf(config, "ViewerCertificate", "MinimumProtocolVersion");
  if (!own || found === undefined || !isTooWeak(found)) return config;
  return setElement(config, ["ViewerCertificate", "MinimumProtocolVersion"], {
    xml: `<MinimumProtocolVersion>${LEAST_TLS}</MinimumProtocolVersion>`,
  });
}
