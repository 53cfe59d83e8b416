import type { ViewerFunction } from "./functions/viewer-function.ts";
import type { Origin } from "./origin.ts";

/**
 * The distribution as the viewer side needs it: what the control plane (`cloudfront/`) holds, resolved.
 * A value; the control plane makes a new one whenever a resource that it is made of has changed, and
 * one request is answered by one value from beginning to end.
 */
export type LiveDistribution = {
  readonly id: string;
  /** Where the viewer listens, with its port: what stands for `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  readonly enabled: boolean;
  /** Without a leading slash; "" means none. */
  readonly defaultRootObject: string;
  /** In the order in which they are tried; the last one is the default and matches everything. */
  readonly behaviors: readonly Behavior[];
  readonly errorResponses: ReadonlyMap<number, ErrorResponse>;
  /** The origin's header whose value names an object's cache tags, in lower case. */
  readonly cacheTagHeader: string | undefined;
};

export type Behavior = {
  /** `*` for the default one. */
  readonly pathPattern: string;
  readonly origin: BehaviorOrigin;
  readonly viewerProtocolPolicy: "allow-all" | "redirect-to-https" | "https-only";
  readonly allowedMethods: ReadonlySet<string>;
  readonly compress: boolean;
  readonly cachePolicy: CachePolicy;
  /** Which of the viewer's headers, cookies and query a custom origin gets besides those of the cache key. */
  readonly originRequest: "nothing" | "all-viewer-except-host" | "all-viewer";
  readonly viewerRequest: ViewerFunction | undefined;
  readonly viewerResponse: ViewerFunction | undefined;
  readonly headersPolicy: ResponseHeadersPolicy | undefined;
};

export type BehaviorOrigin =
  | { readonly kind: "bucket"; readonly bucket: Origin; readonly path: string }
  | {
      readonly kind: "custom";
      /** `http://127.0.0.1:3000`, without a slash at the end. */
      readonly url: string;
      readonly path: string;
      /** Sent with every request, over the viewer's of the same name; names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly readTimeoutMs: number;
    };

/** TTLs in seconds. Neither cookies nor headers but Accept-Encoding are part of a key here. */
export type CachePolicy = {
  readonly min: number;
  readonly default: number;
  readonly max: number;
  readonly gzip: boolean;
  readonly brotli: boolean;
  /** Whether the query is part of the key and travels to the origin. */
  readonly query: boolean;
};

/** `page` is a path with its leading slash; both are set or none. */
export type ErrorResponse = {
  readonly cachingMinTtl: number;
  readonly page: { readonly path: string; readonly status: number } | undefined;
};

/** A response headers policy in the order in which it acts: removals, then what is set. */
export type ResponseHeadersPolicy = {
  /** Lower case. */
  readonly remove: readonly string[];
  /** Lower case; without `override` the origin's own header stays. */
  readonly set: readonly {
    readonly name: string;
    readonly value: string;
    readonly override: boolean;
  }[];
  /** Percent of the answers that carry Server-Timing; undefined: none but those that ask. */
  readonly serverTiming: number | undefined;
};
