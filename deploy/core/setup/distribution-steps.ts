import type { Blueprint } from "./blueprint.ts";
import { bucketDomain, type DistributionWishes, settle } from "./distribution-settings.ts";
import { usableAccess } from "./edge-steps.ts";
import type { Estate } from "./estate.ts";
import { seedConfig } from "./seed-config.ts";
import { type SetupStep, step } from "./steps.ts";
import { escapeText } from "./xml-edit.ts";

/** What the distribution is to be; undefined while a part that it refers to is missing. */
export function wishesOf(blueprint: Blueprint, estate: Estate): DistributionWishes | undefined {
  const { bucket, region } = blueprint;
  const { edge } = estate;
  const access = usableAccess(blueprint, estate)?.id;
  const { headersPolicy, viewerRequest, viewerResponse, managed } = edge;
  const cachePolicy = managed.get("CachingOptimized");
  const cachingDisabled = managed.get("CachingDisabled");
  const allViewerExceptHost = managed.get("AllViewerExceptHostHeader");
  if (access === undefined || headersPolicy === undefined || cachePolicy === undefined) return;
  if (viewerRequest?.isLive !== true || viewerResponse?.isLive !== true) return;
  if (cachingDisabled === undefined || allViewerExceptHost === undefined) return;
  const api = blueprint.api && { ...blueprint.api, cachingDisabled, allViewerExceptHost };
  return {
    bucket,
    region,
    access,
    cachePolicy,
    headersPolicy,
    viewerRequest: viewerRequest.arn,
    viewerResponse: viewerResponse.arn,
    api,
  };
}

/** Makes the distribution, or what it lacks. */
export function distributionSteps(blueprint: Blueprint, estate: Estate): SetupStep[] {
  const { place } = estate;
  const wishes = wishesOf(blueprint, estate);
  return place.kind === "one"
    ? changeSteps(place.distribution, wishes, estate)
    : createSteps(blueprint, estate, wishes);
}

const PRICE = "no fixed price; 1 TB and 10 million requests a month are free, then by use";

function createSteps(
  blueprint: Blueprint,
  { account, bucket }: Estate,
  wishes: DistributionWishes | undefined,
): SetupStep[] {
  const seed = seedConfig({
    reference: escapeText(`slipway ${account.id} ${blueprint.bucket}`),
    comment: escapeText(blueprint.comment),
    domain: bucketDomain(blueprint),
  });
  const settled = wishes && settle(seed, wishes);
  const isReady = settled !== undefined && bucket.kind === "found";
  return [
    step({
      id: "distribution",
      kind: "create",
      title: `Create the distribution of ${blueprint.bucket}`,
      details: DISTRIBUTION_DETAILS,
      usualSeconds: CALL_SECONDS,
      monthly: PRICE,
      action: isReady ? { kind: "create-distribution", config: settled.config } : undefined,
    }),
  ];
}

/** CF-DG23 HowToUpdateDistribution: minutes, and nothing waits for them unless it is asked to. */
const PROPAGATION = "CloudFront has it everywhere about 5 minutes later";
const CALL_SECONDS = 5;

const DISTRIBUTION_DETAILS = [
  "compression, HTTP/2 and HTTP/3, IPv6, http redirected to https",
  "cache policy CachingOptimized; a missing page is /404.html with status 404",
  PROPAGATION,
];

function changeSteps(
  distribution: Extract<Estate["place"], { kind: "one" }>["distribution"],
  wishes: DistributionWishes | undefined,
  { record }: Estate,
): SetupStep[] {
  const { id, config: found } = distribution;
  const isKnown = record?.distribution.id === id;
  const base = {
    id: "distribution",
    kind: isKnown ? "change" : "adopt",
    usualSeconds: CALL_SECONDS,
  } as const;
  const title = `${isKnown ? "Change" : "Adopt"} the distribution ${id}`;
  if (wishes === undefined) {
    const details = ["it gets the parts above"];
    return [step({ ...base, title, details, action: undefined })];
  }
  const { config, changes } = settle(found, wishes);
  if (config === found) return [];
  const action = { kind: "change-distribution", found: distribution, config } as const;
  return [step({ ...base, title, details: [...changes, PROPAGATION], action })];
}
