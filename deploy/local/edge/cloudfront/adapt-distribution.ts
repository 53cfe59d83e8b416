import { rootOf } from "./config-resource.ts";
import {
  API_ORIGIN,
  API_PATTERN,
  apiBehavior,
  apiOriginTree,
  bucketDomain,
  type DefaultParts,
  SITE_ORIGIN,
} from "./default-distribution.ts";
import { itemsOf } from "./fields.ts";
import type { Plane } from "./plane.ts";
import { newRevision } from "./revision.ts";
import { childOf, ReadNode, writeDocument, type XmlNode } from "./xml.ts";
import { changeList, textNode, treeNode, withChild } from "./xml-edits.ts";

/**
 * Points the distribution's own origins to where the bucket and the API are this time: their names are
 * those of the environment, which may change from one start to the next. All else stays as it is.
 */
export async function adaptDistribution(
  plane: Plane,
  facts: Pick<DefaultParts, "id" | "bucket" | "region" | "apiOrigin">,
): Promise<void> {
  const record = plane.distributions.get(facts.id);
  if (record === undefined) return;
  const adapted = adaptConfig(rootOf(record.config), facts);
  const config = writeDocument("DistributionConfig", new ReadNode(adapted));
  if (config === record.config) return;
  await plane.distributions.put({ ...record, config, ...newRevision(plane.clock.now()) });
}

function adaptConfig(
  config: XmlNode,
  facts: Pick<DefaultParts, "bucket" | "region" | "apiOrigin">,
): XmlNode {
  const { apiOrigin } = facts;
  const withBucket = changeList(config, "Origins", (origins) =>
    origins.map((origin) =>
      textIn(origin, "Id") === SITE_ORIGIN
        ? withChild(origin, textNode("DomainName", bucketDomain(facts)))
        : origin,
    ),
  );
  return apiOrigin === undefined ? withoutApi(withBucket) : withApi(withBucket, apiOrigin);
}

function withApi(config: XmlNode, url: URL): XmlNode {
  const withOrigin = changeList(config, "Origins", (origins) => {
    const wanted = treeNode("Origin", apiOriginTree(url));
    const place = origins.findIndex((origin) => textIn(origin, "Id") === API_ORIGIN);
    return place < 0 ? [...origins, wanted] : origins.with(place, adaptApi(origins[place], wanted));
  });
  return changeList(withOrigin, "CacheBehaviors", (behaviors) =>
    behaviors.some((behavior) => textIn(behavior, "PathPattern") === API_PATTERN)
      ? behaviors
      : [treeNode("CacheBehavior", apiBehavior()), ...behaviors],
  );
}

/** Without the behavior that was made for the API, and its origin unless another behavior uses it. */
function withoutApi(config: XmlNode): XmlNode {
  const isApi = (behavior: XmlNode) =>
    textIn(behavior, "PathPattern") === API_PATTERN &&
    textIn(behavior, "TargetOriginId") === API_ORIGIN;
  const behaviors = itemsOf(childOf(config, "CacheBehaviors"), "CacheBehavior");
  if (!behaviors.some(isApi)) return config;
  const kept = behaviors.filter((behavior) => !isApi(behavior));
  const withoutBehavior = changeList(config, "CacheBehaviors", () => kept);
  const users = [childOf(config, "DefaultCacheBehavior"), ...kept];
  if (users.some((user) => textIn(user, "TargetOriginId") === API_ORIGIN)) return withoutBehavior;
  return changeList(withoutBehavior, "Origins", (origins) =>
    origins.filter((origin) => textIn(origin, "Id") !== API_ORIGIN),
  );
}

/** An origin that is at the wanted place keeps what somebody may have set besides. */
function adaptApi(found: XmlNode | undefined, wanted: XmlNode): XmlNode {
  const placeOf = (origin: XmlNode | undefined) => {
    const custom = childOf(origin, "CustomOriginConfig");
    const ports = [textIn(custom, "HTTPPort"), textIn(custom, "HTTPSPort")];
    const names = [textIn(origin, "DomainName"), textIn(origin, "OriginPath")];
    return [...names, ...ports, textIn(custom, "OriginProtocolPolicy")].join(" ");
  };
  return found !== undefined && placeOf(found) === placeOf(wanted) ? found : wanted;
}

function textIn(parent: XmlNode | undefined, name: string): string {
  return childOf(parent, name)?.text ?? "";
}
