/** What a request asks of the API, read from its method and path alone. */
export type Operation =
  | { readonly kind: "ListDistributions" }
  | { readonly kind: "GetDistribution"; readonly distribution: string }
  | { readonly kind: "GetDistributionConfig"; readonly distribution: string }
  | { readonly kind: "CreateInvalidation"; readonly distribution: string }
  | { readonly kind: "ListInvalidations"; readonly distribution: string }
  | { readonly kind: "GetInvalidation"; readonly distribution: string; readonly id: string }
  /** Named as the API names it, or by method and path where it has no name that we know. */
  | { readonly kind: "unsupported"; readonly name: string };

const VERSION = "/2020-05-31/";

/** Never fails: what is not served is `unsupported`. */
export function readOperation(method: string, path: string): Operation {
  const unsupported: Operation = { kind: "unsupported", name: nameOf(method, path) };
  if (!path.startsWith(VERSION)) return unsupported;
  const [collection, distribution, part, id, ...rest] = path
    .slice(VERSION.length)
    .replace(/\/$/, "")
    .split("/")
    .map(decodeSegment);
  if (collection !== "distribution" || rest.length > 0) return unsupported;
  if (distribution === undefined) {
    return method === "GET" ? { kind: "ListDistributions" } : unsupported;
  }
  return readPart(method, { distribution, part, id }) ?? unsupported;
}

function readPart(
  method: string,
  path: {
    readonly distribution: string;
    readonly part: string | undefined;
    readonly id: string | undefined;
  },
): Operation | undefined {
  const { distribution, part, id } = path;
  switch (`${method} ${part ?? ""}${id === undefined ? "" : "/id"}`) {
    case "GET ":
      return { kind: "GetDistribution", distribution };
    case "GET config":
      return { kind: "GetDistributionConfig", distribution };
    case "POST invalidation":
      return { kind: "CreateInvalidation", distribution };
    case "GET invalidation":
      return { kind: "ListInvalidations", distribution };
    case "GET invalidation/id":
      return { kind: "GetInvalidation", distribution, id: id ?? "" };
    default:
      return undefined;
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The operations that people are most likely to try (BC cloudfront). */
const NAMES: readonly (readonly [string, RegExp, string])[] = [
  ["POST", /^distribution$/, "CreateDistribution"],
  ["PUT", /^distribution\/[^/]+\/config$/, "UpdateDistribution"],
  ["DELETE", /^distribution\/[^/]+$/, "DeleteDistribution"],
  ["POST", /^function$/, "CreateFunction"],
  ["GET", /^function$/, "ListFunctions"],
  ["GET", /^function\/[^/]+\/describe$/, "DescribeFunction"],
  ["PUT", /^function\/[^/]+$/, "UpdateFunction"],
  ["POST", /^function\/[^/]+\/publish$/, "PublishFunction"],
  ["POST", /^function\/[^/]+\/test$/, "TestFunction"],
  ["POST", /^key-value-store$/, "CreateKeyValueStore"],
  ["GET", /^key-value-store$/, "ListKeyValueStores"],
  ["POST", /^origin-access-control$/, "CreateOriginAccessControl"],
  ["GET", /^origin-access-control$/, "ListOriginAccessControls"],
  ["POST", /^response-headers-policy$/, "CreateResponseHeadersPolicy"],
  ["GET", /^response-headers-policy$/, "ListResponseHeadersPolicies"],
  ["GET", /^cache-policy$/, "ListCachePolicies"],
  ["GET", /^tagging$/, "ListTagsForResource"],
];

function nameOf(method: string, path: string): string {
  const resource = path.startsWith(VERSION) ? path.slice(VERSION.length).replace(/\/$/, "") : "";
  const known = NAMES.find(([verb, pattern]) => verb === method && pattern.test(resource));
  return known?.[2] ?? `${method} ${path}`;
}
