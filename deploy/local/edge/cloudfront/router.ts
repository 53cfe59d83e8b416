import { API_VERSION, type Route } from "./api.ts";

/** What a request asks of the API, read from its method and path alone. */
export type FoundRoute =
  | {
      readonly kind: "route";
      readonly operation: string;
      readonly route: Route;
      readonly id: string;
      readonly subId: string;
    }
  /** Named as the API names it, or by method and path where it has no name that we know. */
  | { readonly kind: "unserved"; readonly operation: string };

/** Finds the route of a request. Never fails: what is not served is told by its name. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string, query: URLSearchParams) => FoundRoute {
  const known = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return (method, path, query) => {
    const unserved = { kind: "unserved", operation: `${method} ${path}` } as const;
    if (!path.startsWith(`/${API_VERSION}/`)) return unserved;
    const resource = path.slice(API_VERSION.length + 2).replace(/\/$/, "");
    for (const { route, pattern } of known) {
      const match = route.method === method ? pattern.exec(resource) : null;
      if (match === null || !isAsked(route, query)) continue;
      const [, id = "", subId = ""] = match.map(decodeSegment);
      return { kind: "route", operation: route.operation, route, id, subId };
    }
    const named = UNSERVED.find(([verb, pattern]) => verb === method && pattern.test(resource));
    return { kind: "unserved", operation: named?.[2] ?? unserved.operation };
  };
}

function isAsked({ parameter }: Route, query: URLSearchParams): boolean {
  return parameter === undefined || query.has(parameter);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, "([^/]+)")}$`);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Operations without a route that people are most likely to try (BC cloudfront). */
const UNSERVED: readonly (readonly [string, RegExp, string])[] = [
  ["PUT", /^distribution\/[^/]+\/associate-alias$/, "AssociateAlias"],
  ["POST", /^distribution\/[^/]+\/copy$/, "CopyDistribution"],
  ["PUT", /^distribution\/[^/]+\/promote-staging-config$/, "UpdateDistributionWithStagingConfig"],
  ["POST", /^continuous-deployment-policy$/, "CreateContinuousDeploymentPolicy"],
  ["POST", /^origin-access-identity\/cloudfront$/, "CreateCloudFrontOriginAccessIdentity"],
  ["GET", /^origin-access-identity\/cloudfront$/, "ListCloudFrontOriginAccessIdentities"],
  ["POST", /^public-key$/, "CreatePublicKey"],
  ["POST", /^key-group$/, "CreateKeyGroup"],
  ["POST", /^realtime-log-config$/, "CreateRealtimeLogConfig"],
  ["POST", /^distribution-tenant$/, "CreateDistributionTenant"],
];
