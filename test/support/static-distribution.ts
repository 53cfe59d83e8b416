import type { ViewerFunction } from "../../deploy/local/edge/functions/viewer-function.ts";
import type { Behavior, LiveDistribution } from "../../deploy/local/edge/live-distribution.ts";
import type { Origin } from "../../deploy/local/edge/origin.ts";

/** CF-DG "Use managed cache policies": CachingOptimized. */
const CACHING_OPTIMIZED: Behavior["cachePolicy"] = {
  min: 1,
  default: 86_400,
  max: 31_536_000,
  gzip: true,
  brotli: true,
  query: false,
};

/**
 * One bucket behind one behavior, and the site's 404 page for what is missing: what a distribution is
 * before anybody has configured more.
 */
export function staticDistribution(parts: {
  readonly id: string;
  readonly domainName: string;
  readonly bucket: Origin;
  readonly viewerRequest?: ViewerFunction | undefined;
}): LiveDistribution {
  return {
    id: parts.id,
    domainName: parts.domainName,
    enabled: true,
    defaultRootObject: "index.html",
    behaviors: [
      {
        pathPattern: "*",
        origin: { kind: "bucket", bucket: parts.bucket, path: "" },
        viewerProtocolPolicy: "allow-all",
        allowedMethods: new Set(["GET", "HEAD", "OPTIONS"]),
        compress: true,
        cachePolicy: CACHING_OPTIMIZED,
        originRequest: "nothing",
        viewerRequest: parts.viewerRequest,
        viewerResponse: undefined,
        headersPolicy: undefined,
      },
    ],
    errorResponses: new Map([
      [404, { cachingMinTtl: 10, page: { path: "/404.html", status: 404 } }],
    ]),
    cacheTagHeader: undefined,
  };
}
