import { ok, type Route } from "./api.ts";
import { ApiError, notImplemented } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { type ConfigKind, type ConfigResource, configRoutes, rootOf } from "./config-resource.ts";
import { readDistributionSettings } from "./distribution-settings.ts";
import { optionalText } from "./fields.ts";
import { fullList, pageOf } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { type Lookup, resolveBehaviors } from "./resolve-distribution.ts";
import { newId } from "./revision.ts";
import { childOf, ReadNode, type XmlNode, type XmlTree } from "./xml.ts";

export type DistributionFacts = {
  /** Where the viewer listens, with its port. */
  readonly domainName: () => string;
  readonly invalidationsInProgress: () => number;
};

const NO_SIGNERS: XmlTree = { Enabled: false, Quantity: 0 };
const NAME = "Distribution";

/**
 * Distributions (BC cloudfront). They are kept by their ids, but for the one that the local edge starts
 * with there is none yet: making and deleting them is not served.
 */
export function distributionRoutes(
  plane: Plane,
  lookup: Lookup,
  facts: DistributionFacts,
): readonly Route[] {
  const kind: ConfigKind = {
    name: NAME,
    path: "distribution",
    updatePath: "distribution/{Id}/config",
    collection: plane.distributions,
    newId: () => newId("E"),
    managed: [],
    check(config, self) {
      checkCallerReference(config, self);
      resolveBehaviors(readDistributionSettings(config), lookup);
    },
    isInUse: () => false,
    facts: (distribution) => factsTree(distribution, plane, facts),
  };
  const summary = (distribution: ConfigResource) =>
    summaryTree(distribution, factsTree(distribution, plane, facts));
  return [
    {
      operation: "ListDistributions",
      method: "GET",
      path: "distribution",
      answer: ({ query }) => {
        const page = pageOf(plane.distributions.list(), query, ({ id }) => id);
        return ok("DistributionList", fullList(page, "DistributionSummary", summary));
      },
    },
    ...configRoutes(kind, plane).map(withoutMaking),
  ];
}

function withoutMaking(route: Route): Route {
  if (route.operation !== "CreateDistribution" && route.operation !== "DeleteDistribution") {
    return route;
  }
  return {
    ...route,
    answer: () => {
      throw notImplemented(route.operation);
    },
  };
}

function checkCallerReference(config: XmlNode, self: ConfigResource | undefined): void {
  const reference = optionalText(config, "CallerReference");
  if (self === undefined || reference === optionalText(rootOf(self.config), "CallerReference")) {
    return;
  }
  throw new ApiError(400, "IllegalUpdate", "The CallerReference of a distribution never changes.");
}

function factsTree(
  { id, changedAt }: ConfigResource,
  { clock, deploymentMs }: Plane,
  { domainName, invalidationsInProgress }: DistributionFacts,
): XmlTree {
  const isDeployed = clock.now().getTime() >= changedAt + deploymentMs;
  return {
    ARN: arnOf("distribution", id),
    Status: isDeployed ? "Deployed" : "InProgress",
    LastModifiedTime: new Date(changedAt).toISOString(),
    InProgressInvalidationBatches: invalidationsInProgress(),
    DomainName: domainName(),
    ActiveTrustedSigners: NO_SIGNERS,
    ActiveTrustedKeyGroups: NO_SIGNERS,
  };
}

/** What a DistributionSummary always has, and what it has if the configuration leaves it out. */
const SUMMARY_FIELDS: XmlTree = {
  Aliases: { Quantity: 0 },
  Origins: { Quantity: 0 },
  OriginGroups: { Quantity: 0 },
  DefaultCacheBehavior: {},
  CacheBehaviors: { Quantity: 0 },
  CustomErrorResponses: { Quantity: 0 },
  Comment: "",
  PriceClass: "PriceClass_All",
  Enabled: false,
  ViewerCertificate: { CloudFrontDefaultCertificate: true },
  Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
  WebACLId: "",
  HttpVersion: "http2",
  IsIPV6Enabled: false,
  Staging: false,
};

function summaryTree({ id, etag, config }: ConfigResource, facts: XmlTree): XmlTree {
  const { InProgressInvalidationBatches, ActiveTrustedSigners, ActiveTrustedKeyGroups, ...shared } =
    facts;
  const root = rootOf(config);
  const fields = Object.entries(SUMMARY_FIELDS).map(([name, absent]) => {
    const node = childOf(root, name);
    return [name, node === undefined ? absent : new ReadNode(node)] as const;
  });
  return { Id: id, ETag: etag, ...shared, ...Object.fromEntries(fields) };
}
