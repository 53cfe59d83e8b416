import { checkAliases } from "./aliases.ts";
import { ok, type Route } from "./api.ts";
import { ApiError } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { type ConfigKind, type ConfigResource, configRoutes, rootOf } from "./config-resource.ts";
import { makingRoutes } from "./distribution-changes.ts";
import { readDistributionSettings } from "./distribution-settings.ts";
import { isDeployed } from "./distribution-status.ts";
import { optionalText } from "./fields.ts";
import { fullList, pageOf } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { type Lookup, resolveBehaviors } from "./resolve-distribution.ts";
import { newId } from "./revision.ts";
import { childOf, ReadNode, type XmlNode, type XmlTree } from "./xml.ts";

export type DistributionFacts = {
  /** Of the distribution that the local edge starts with, which is never deleted. */
  readonly ownId: string;
  readonly domainName: (id: string) => string;
  readonly invalidationsInProgress: (id: string) => number;
};

const NO_SIGNERS: XmlTree = { Enabled: false, Quantity: 0 };
const NAME = "Distribution";

/** Distributions: the one that the local edge starts with, and those made since (BC cloudfront). */
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
      checkAliases(
        config,
        plane.distributions.list().filter(({ id }) => id !== self?.id),
      );
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
    // First, because they take the place of the simple ways to make and to delete.
    ...makingRoutes(kind, plane, facts.ownId),
    ...configRoutes(kind, plane),
  ];
}

function checkCallerReference(config: XmlNode, self: ConfigResource | undefined): void {
  const reference = optionalText(config, "CallerReference");
  if (self === undefined || reference === optionalText(rootOf(self.config), "CallerReference")) {
    return;
  }
  throw new ApiError(400, "IllegalUpdate", "The CallerReference of a distribution never changes.");
}

function factsTree(
  resource: ConfigResource,
  plane: Plane,
  { domainName, invalidationsInProgress }: DistributionFacts,
): XmlTree {
  const { id, changedAt } = resource;
  return {
    ARN: arnOf("distribution", id),
    Status: isDeployed(resource, plane) ? "Deployed" : "InProgress",
    LastModifiedTime: new Date(changedAt).toISOString(),
    InProgressInvalidationBatches: invalidationsInProgress(id),
    DomainName: domainName(id),
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
