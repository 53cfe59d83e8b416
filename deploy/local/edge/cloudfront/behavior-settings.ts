import type { Behavior } from "../live-distribution.ts";
import { ApiError, invalidArgument, notImplemented } from "./api-error.ts";
import { itemsOf, oneOf, optionalBoolean, optionalText, requiredText, textsOf } from "./fields.ts";
import { childOf, type XmlNode } from "./xml.ts";

/** A cache behavior with the ids of the resources it names. */
export type BehaviorSettings = Pick<
  Behavior,
  "pathPattern" | "viewerProtocolPolicy" | "allowedMethods" | "compress"
> & {
  readonly targetOrigin: string;
  readonly cachePolicy: string;
  readonly originRequestPolicy: string | undefined;
  readonly headersPolicy: string | undefined;
  /** ARNs. */
  readonly viewerRequest: string | undefined;
  readonly viewerResponse: string | undefined;
};

const PROTOCOL_POLICIES = ["allow-all", "https-only", "redirect-to-https"] as const;

/** The sets of methods that CloudFront knows (BC cloudfront AllowedMethods). */
const READ = ["GET", "HEAD"];
const READ_AND_ASK = [...READ, "OPTIONS"];
const ALL = [...READ_AND_ASK, "PUT", "PATCH", "POST", "DELETE"];

/** Reads a cache behavior. Throws an ApiError for what CloudFront refuses, and for what is not served. */
export function readBehavior(node: XmlNode, pathPattern: string): BehaviorSettings {
  refuseUnserved(node);
  const protocol = requiredText(node, "ViewerProtocolPolicy");
  return {
    pathPattern,
    targetOrigin: requiredText(node, "TargetOriginId"),
    viewerProtocolPolicy: oneOf("viewerProtocolPolicy", protocol, PROTOCOL_POLICIES),
    allowedMethods: readMethods(childOf(node, "AllowedMethods")),
    compress: optionalBoolean(node, "Compress") ?? false,
    cachePolicy: readCachePolicy(node),
    originRequestPolicy: optionalText(node, "OriginRequestPolicyId") || undefined,
    headersPolicy: optionalText(node, "ResponseHeadersPolicyId") || undefined,
    ...readFunctions(childOf(node, "FunctionAssociations")),
  };
}

function refuseUnserved(node: XmlNode): void {
  if (
    itemsOf(childOf(node, "LambdaFunctionAssociations"), "LambdaFunctionAssociation").length > 0
  ) {
    throw notImplemented("Lambda@Edge functions");
  }
  for (const name of ["TrustedSigners", "TrustedKeyGroups"]) {
    if (optionalBoolean(childOf(node, name), "Enabled") === true) {
      throw notImplemented(`${name}, that is, signed URLs and cookies`);
    }
  }
  if (optionalText(node, "FieldLevelEncryptionId")) throw notImplemented("field-level encryption");
}

function readCachePolicy(node: XmlNode): string {
  const id = optionalText(node, "CachePolicyId") ?? "";
  const isLegacy = childOf(node, "ForwardedValues") !== undefined;
  if (id !== "" && isLegacy) {
    throw invalidArgument("A behavior has a CachePolicyId or ForwardedValues, not both.");
  }
  if (isLegacy) throw notImplemented("ForwardedValues; use a cache policy");
  if (id !== "") return id;
  throw invalidArgument("A behavior needs a CachePolicyId.");
}

function readMethods(node: XmlNode | undefined): ReadonlySet<string> {
  if (node === undefined) return new Set(READ);
  const allowed = textsOf(node, "Method");
  if (![READ, READ_AND_ASK, ALL].some((methods) => isSame(methods, allowed))) {
    throw invalidArgument(
      "The allowed methods are GET and HEAD; these and OPTIONS; or all seven of them.",
    );
  }
  const cachedNode = childOf(node, "CachedMethods");
  const cached = textsOf(cachedNode, "Method");
  if (cachedNode !== undefined && ![READ, READ_AND_ASK].some((known) => isSame(known, cached))) {
    throw invalidArgument("The cached methods are GET and HEAD, or these and OPTIONS.");
  }
  return new Set(allowed);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function readFunctions(
  list: XmlNode | undefined,
): Pick<BehaviorSettings, "viewerRequest" | "viewerResponse"> {
  const found = new Map<string, string>();
  for (const item of itemsOf(list, "FunctionAssociation")) {
    const event = requiredText(item, "EventType");
    if (event !== "viewer-request" && event !== "viewer-response") {
      throw invalidAssociation(`A function cannot be run for ${event}.`);
    }
    if (found.has(event)) throw invalidAssociation(`There is more than one function for ${event}.`);
    found.set(event, requiredText(item, "FunctionARN"));
  }
  return {
    viewerRequest: found.get("viewer-request"),
    viewerResponse: found.get("viewer-response"),
  };
}

/** BC cloudfront InvalidFunctionAssociation. */
export function invalidAssociation(message: string): ApiError {
  return new ApiError(400, "InvalidFunctionAssociation", message);
}
