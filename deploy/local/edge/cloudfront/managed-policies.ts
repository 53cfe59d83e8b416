import { CACHING_OPTIMIZED, CACHING_OPTIMIZED_ID } from "../../../edge/freshness.ts";
import type { Behavior, CachePolicy } from "../live-distribution.ts";
import type { XmlTree } from "./xml.ts";

/** A policy of AWS: its id, what the API tells of it, and what the local edge makes of it. */
export type ManagedPolicy<T> = {
  readonly id: string;
  /** Without the `Managed-` in front. */
  readonly name: string;
  readonly config: XmlTree;
  /** Undefined where the local edge cannot do what the policy asks. */
  readonly meaning: T | undefined;
};

export const CACHING_DISABLED_ID = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
export const ALL_VIEWER_EXCEPT_HOST_ID = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const METHOD_OVERRIDES = ["x-method-override", "x-http-method", "x-http-method-override"];
const ORIGIN_CONTROL = { min: 0, default: 0, max: CACHING_OPTIMIZED.max };

/** CF-DG "Use managed cache policies". */
export const MANAGED_CACHE_POLICIES: readonly ManagedPolicy<CachePolicy>[] = [
  cachePolicy(CACHING_OPTIMIZED_ID, "CachingOptimized", {
    ttl: CACHING_OPTIMIZED,
    encodings: true,
  }),
  cachePolicy("b2884449-e4de-46a7-ac36-70bc7f1ddd6d", "CachingOptimizedForUncompressedObjects", {
    ttl: CACHING_OPTIMIZED,
    encodings: false,
  }),
  cachePolicy(CACHING_DISABLED_ID, "CachingDisabled", {
    ttl: { min: 0, default: 0, max: 0 },
    encodings: false,
  }),
  cachePolicy("83da9c7e-98b4-4e11-a168-04f0df8e2c65", "UseOriginCacheControlHeaders", {
    ttl: ORIGIN_CONTROL,
    encodings: true,
    headers: ["host", "origin", ...METHOD_OVERRIDES],
    cookies: "all",
  }),
  cachePolicy("4cc15a8a-d715-48a4-82b8-cc0b614638fe", "UseOriginCacheControlHeaders-QueryStrings", {
    ttl: ORIGIN_CONTROL,
    encodings: true,
    headers: ["host", "origin", ...METHOD_OVERRIDES],
    cookies: "all",
    query: "all",
  }),
];

/** CF-DG "Use managed origin request policies". */
export const MANAGED_ORIGIN_REQUEST_POLICIES: readonly ManagedPolicy<Behavior["originRequest"]>[] =
  [
    originRequestPolicy("216adef6-5c7f-47e4-b989-5492eafa07d3", "AllViewer", {
      headers: { HeaderBehavior: "allViewer" },
      all: true,
      meaning: "all-viewer",
    }),
    originRequestPolicy(ALL_VIEWER_EXCEPT_HOST_ID, "AllViewerExceptHostHeader", {
      headers: { HeaderBehavior: "allExcept", Headers: listOf(["host"]) },
      all: true,
      meaning: "all-viewer-except-host",
    }),
    originRequestPolicy("88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "CORS-S3Origin", {
      headers: whitelist([
        "origin",
        "access-control-request-headers",
        "access-control-request-method",
      ]),
    }),
    originRequestPolicy("59781a5b-3903-41f3-afcb-af62929ccde1", "CORS-CustomOrigin", {
      headers: whitelist(["origin"]),
    }),
    originRequestPolicy("acba4595-bd28-49b8-b9fe-13317c0390fa", "UserAgentRefererHeaders", {
      headers: whitelist(["user-agent", "referer"]),
    }),
    originRequestPolicy("bf0718e1-ba1e-49d1-88b1-f726733018ae", "HostHeaderOnly", {
      headers: whitelist(["host"]),
    }),
  ];

type CacheKey = {
  readonly ttl: { readonly min: number; readonly default: number; readonly max: number };
  readonly encodings: boolean;
  readonly headers?: readonly string[];
  readonly cookies?: "all";
  readonly query?: "all";
};

function cachePolicy(id: string, name: string, key: CacheKey): ManagedPolicy<CachePolicy> {
  const { ttl, encodings, headers = [], cookies = "none", query = "none" } = key;
  const isPlain = headers.length === 0 && cookies === "none";
  return {
    id,
    name,
    config: {
      Comment: `Managed by AWS: ${name}`,
      Name: `Managed-${name}`,
      DefaultTTL: ttl.default,
      MaxTTL: ttl.max,
      MinTTL: ttl.min,
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: encodings,
        EnableAcceptEncodingBrotli: encodings,
        HeadersConfig: headers.length === 0 ? { HeaderBehavior: "none" } : whitelist(headers),
        CookiesConfig: { CookieBehavior: cookies },
        QueryStringsConfig: { QueryStringBehavior: query },
      },
    },
    meaning: isPlain
      ? { ...ttl, gzip: encodings, brotli: encodings, query: query === "all" }
      : undefined,
  };
}

function originRequestPolicy(
  id: string,
  name: string,
  parts: {
    readonly headers: XmlTree;
    readonly all?: boolean;
    readonly meaning?: Behavior["originRequest"];
  },
): ManagedPolicy<Behavior["originRequest"]> {
  const rest = parts.all === true ? "all" : "none";
  return {
    id,
    name,
    config: {
      Comment: `Managed by AWS: ${name}`,
      Name: `Managed-${name}`,
      HeadersConfig: parts.headers,
      CookiesConfig: { CookieBehavior: rest },
      QueryStringsConfig: { QueryStringBehavior: rest },
    },
    meaning: parts.meaning,
  };
}

function whitelist(names: readonly string[]): XmlTree {
  return { HeaderBehavior: "whitelist", Headers: listOf(names) };
}

function listOf(names: readonly string[]): XmlTree {
  return { Quantity: names.length, Items: { Name: names } };
}
