import { childOf, nodesOf, type XmlNode, type XmlTree } from "./xml.ts";
import { changeChild, changeList } from "./xml-edits.ts";

const NONE: XmlTree = { Quantity: 0 };
const NO_SIGNERS: XmlTree = { Enabled: false, Quantity: 0 };

/**
 * What CloudFront tells of a new distribution where its configuration says nothing. HttpVersion: BC
 * cloudfront DistributionConfig. All else is what having none of a thing looks like in an answer.
 */
const OF_DISTRIBUTION: XmlTree = {
  Aliases: NONE,
  DefaultRootObject: "",
  OriginGroups: NONE,
  CacheBehaviors: NONE,
  CustomErrorResponses: NONE,
  Logging: { Enabled: false, IncludeCookies: false, Bucket: "", Prefix: "" },
  PriceClass: "PriceClass_All",
  ViewerCertificate: {
    CloudFrontDefaultCertificate: true,
    SSLSupportMethod: "vip",
    MinimumProtocolVersion: "TLSv1",
    CertificateSource: "cloudfront",
  },
  Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
  WebACLId: "",
  HttpVersion: "http2",
  IsIPV6Enabled: false,
  ContinuousDeploymentPolicyId: "",
  Staging: false,
};

/** ConnectionAttempts and ConnectionTimeout: BC cloudfront Origin. */
const OF_ORIGIN: XmlTree = {
  OriginPath: "",
  CustomHeaders: NONE,
  ConnectionAttempts: 3,
  ConnectionTimeout: 10,
  OriginShield: { Enabled: false },
  OriginAccessControlId: "",
};

/** BC cloudfront CustomOriginConfig, in seconds. */
const OF_CUSTOM_ORIGIN: XmlTree = { OriginReadTimeout: 30, OriginKeepaliveTimeout: 5 };

const READ: XmlTree = { Quantity: 2, Items: { Method: ["HEAD", "GET"] } };

const OF_BEHAVIOR: XmlTree = {
  TrustedSigners: NO_SIGNERS,
  TrustedKeyGroups: NO_SIGNERS,
  AllowedMethods: READ,
  SmoothStreaming: false,
  Compress: false,
  LambdaFunctionAssociations: NONE,
  FunctionAssociations: NONE,
  FieldLevelEncryptionId: "",
};

/** CF-DG "Control how long CloudFront caches errors", in seconds. */
const OF_ERROR_RESPONSE: XmlTree = { ErrorCachingMinTTL: 10 };

/** The configuration of a new distribution with what was left out, after what was sent. */
export function withDefaults(config: XmlNode): XmlNode {
  const origins = changeList(config, "Origins", (items) => items.map(wholeOrigin));
  const first = changeChild(origins, "DefaultCacheBehavior", wholeBehavior);
  const behaviors = changeItems(first, "CacheBehaviors", wholeBehavior);
  const errors = changeItems(behaviors, "CustomErrorResponses", (item) =>
    completed(item, OF_ERROR_RESPONSE),
  );
  return completed(errors, OF_DISTRIBUTION);
}

function changeItems(config: XmlNode, name: string, change: (item: XmlNode) => XmlNode): XmlNode {
  if (childOf(childOf(config, name), "Items") === undefined) return config;
  return changeList(config, name, (items) => items.map(change));
}

function wholeOrigin(origin: XmlNode): XmlNode {
  const custom = changeChild(origin, "CustomOriginConfig", (node) =>
    completed(node, OF_CUSTOM_ORIGIN),
  );
  return completed(custom, OF_ORIGIN);
}

function wholeBehavior(behavior: XmlNode): XmlNode {
  const methods = completed(behavior, OF_BEHAVIOR);
  return changeChild(methods, "AllowedMethods", (node) => completed(node, { CachedMethods: READ }));
}

/** The node with the children that it lacks, at its end. */
function completed(node: XmlNode, defaults: XmlTree): XmlNode {
  const lacking = nodesOf(defaults).filter(({ name }) => childOf(node, name) === undefined);
  return { ...node, children: [...node.children, ...lacking] };
}
