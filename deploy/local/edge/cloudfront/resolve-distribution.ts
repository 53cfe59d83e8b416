import type { ViewerFunction } from "../functions/viewer-function.ts";
import type {
  Behavior,
  BehaviorOrigin,
  LiveDistribution,
  ResponseHeadersPolicy,
} from "../live-distribution.ts";
import type { Origin } from "../origin.ts";
import { ApiError, notImplemented } from "./api-error.ts";
import type { BehaviorSettings } from "./behavior-settings.ts";
import type { DistributionSettings } from "./distribution-settings.ts";
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  type ManagedPolicy,
} from "./managed-policies.ts";
import type { OriginSettings } from "./origin-settings.ts";

export type ViewerEventType = "viewer-request" | "viewer-response";

/** How the names in a configuration become what they stand for. Each throws an ApiError for an unknown one. */
export type Lookup = {
  readonly bucket: (name: string) => Origin;
  readonly viewerFunction: (arn: string, event: ViewerEventType) => ViewerFunction;
  readonly headersPolicy: (id: string) => ResponseHeadersPolicy;
  readonly checkAccessControl: (id: string) => void;
};

/** The settings with everything looked up. Throws the ApiErrors of UpdateDistribution. */
export function resolveBehaviors(
  settings: DistributionSettings,
  lookup: Lookup,
): Pick<LiveDistribution, "behaviors"> {
  for (const { target } of settings.origins) {
    if (target.kind === "bucket" && target.accessControl !== undefined) {
      lookup.checkAccessControl(target.accessControl);
    }
  }
  const resolve = (behavior: BehaviorSettings) => resolveBehavior(behavior, settings, lookup);
  return { behaviors: settings.behaviors.map(resolve) };
}

function resolveBehavior(
  behavior: BehaviorSettings,
  { origins }: DistributionSettings,
  lookup: Lookup,
): Behavior {
  const { pathPattern, viewerProtocolPolicy, allowedMethods, compress } = behavior;
  const { headersPolicy, originRequestPolicy } = behavior;
  const functionOf = (event: ViewerEventType, arn: string | undefined) =>
    arn === undefined ? undefined : lookup.viewerFunction(arn, event);
  return {
    pathPattern,
    viewerProtocolPolicy,
    allowedMethods,
    compress,
    origin: resolveOrigin(behavior.targetOrigin, origins, lookup),
    cachePolicy: meaningOf("CachePolicy", MANAGED_CACHE_POLICIES, behavior.cachePolicy),
    originRequest:
      originRequestPolicy === undefined
        ? "nothing"
        : meaningOf("OriginRequestPolicy", MANAGED_ORIGIN_REQUEST_POLICIES, originRequestPolicy),
    viewerRequest: functionOf("viewer-request", behavior.viewerRequest),
    viewerResponse: functionOf("viewer-response", behavior.viewerResponse),
    headersPolicy: headersPolicy === undefined ? undefined : lookup.headersPolicy(headersPolicy),
  };
}

function resolveOrigin(
  id: string,
  origins: readonly OriginSettings[],
  lookup: Lookup,
): BehaviorOrigin {
  const origin = origins.find((candidate) => candidate.id === id);
  if (origin === undefined) {
    throw new ApiError(404, "NoSuchOrigin", `No origin exists with the id "${id}".`);
  }
  const { target, path } = origin;
  switch (target.kind) {
    case "bucket":
      return { kind: "bucket", bucket: lookup.bucket(target.bucket), path };
    case "custom":
      return { ...target, path };
  }
}

function meaningOf<T>(kind: string, policies: readonly ManagedPolicy<T>[], id: string): T {
  const policy = policies.find((candidate) => candidate.id === id);
  if (policy === undefined) {
    throw new ApiError(404, `NoSuch${kind}`, `There is no ${kind} with the id "${id}".`);
  }
  if (policy.meaning !== undefined) return policy.meaning;
  throw notImplemented(`the ${kind} ${policy.name}`);
}
