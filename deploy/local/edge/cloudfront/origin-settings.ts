import { ApiError, notImplemented } from "./api-error.ts";
import { itemsOf, oneOf, optionalNumber, optionalText, requiredText } from "./fields.ts";
import { childOf, type XmlNode } from "./xml.ts";

export type OriginSettings = {
  readonly id: string;
  /** Begins with a slash and ends without one, or "". */
  readonly path: string;
  readonly target: OriginTarget;
};

export type OriginTarget =
  | { readonly kind: "bucket"; readonly bucket: string; readonly accessControl: string | undefined }
  | {
      readonly kind: "custom";
      readonly url: string;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly readTimeoutMs: number;
    };

/** CF-DG "Origin settings". */
const DEFAULT_READ_TIMEOUT = 30;
const MAX_READ_TIMEOUT = 120;

/** Reads an Origin. Throws an ApiError for what CloudFront refuses, and for kinds of origins not served. */
export function readOrigin(node: XmlNode): OriginSettings {
  return {
    id: requiredText(node, "Id"),
    path: readPath(optionalText(node, "OriginPath") ?? ""),
    target: readTarget(node),
  };
}

function readTarget(node: XmlNode): OriginTarget {
  const domainName = requiredText(node, "DomainName");
  const s3 = childOf(node, "S3OriginConfig");
  const custom = childOf(node, "CustomOriginConfig");
  if (childOf(node, "VpcOriginConfig") !== undefined) throw notImplemented("an origin in a VPC");
  if (s3 !== undefined && custom === undefined) return readBucket(node, s3, domainName);
  if (custom !== undefined && s3 === undefined) return readCustom(node, custom, domainName);
  throw invalidOrigin(`The origin ${domainName} must be either an S3 or a custom origin.`);
}

function readBucket(node: XmlNode, s3: XmlNode, domainName: string): OriginTarget {
  const [, bucket] = /^(.{3,63})\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/.exec(domainName) ?? [];
  if (bucket === undefined) {
    throw invalidOrigin(`"${domainName}" does not refer to an Amazon S3 bucket.`);
  }
  const identity = requiredText(s3, "OriginAccessIdentity");
  const accessControl = optionalText(node, "OriginAccessControlId") || undefined;
  if (identity !== "" && accessControl !== undefined) {
    throw new ApiError(
      400,
      "IllegalOriginAccessConfiguration",
      "An origin cannot contain both an origin access control and an origin access identity.",
    );
  }
  if (identity !== "") throw notImplemented("an origin access identity; use an access control");
  return { kind: "bucket", bucket, accessControl };
}

function readCustom(node: XmlNode, custom: XmlNode, domainName: string): OriginTarget {
  const policies = ["http-only", "match-viewer", "https-only"] as const;
  const policy = requiredText(custom, "OriginProtocolPolicy");
  // Viewers reach the local edge over http.
  const isHttps = oneOf("originProtocolPolicy", policy, policies) === "https-only";
  const port = readPort(custom, isHttps ? "HTTPSPort" : "HTTPPort");
  readPort(custom, isHttps ? "HTTPPort" : "HTTPSPort");
  if (!/^(?:[a-z0-9-]+\.)*[a-z0-9-]+$/i.test(domainName)) {
    throw invalidOrigin(`"${domainName}" is not the name of a host.`);
  }
  const isUsual = port === (isHttps ? 443 : 80);
  const scheme = isHttps ? "https" : "http";
  return {
    kind: "custom",
    url: `${scheme}://${domainName.toLowerCase()}${isUsual ? "" : `:${port}`}`,
    headers: readHeaders(childOf(node, "CustomHeaders")),
    readTimeoutMs: readTimeout(custom) * 1000,
  };
}

function readPort(custom: XmlNode, name: string): number {
  requiredText(custom, name);
  const port = optionalNumber(custom, name) ?? 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new ApiError(400, "InvalidArgument", `${name} must be a port.`);
}

function readTimeout(custom: XmlNode): number {
  const seconds = optionalNumber(custom, "OriginReadTimeout") ?? DEFAULT_READ_TIMEOUT;
  if (seconds >= 1 && seconds <= MAX_READ_TIMEOUT) return seconds;
  throw new ApiError(
    400,
    "InvalidOriginReadTimeout",
    `OriginReadTimeout must be from 1 to ${MAX_READ_TIMEOUT} seconds.`,
  );
}

function readHeaders(list: XmlNode | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    itemsOf(list, "OriginCustomHeader").map((item) => [
      requiredText(item, "HeaderName").toLowerCase(),
      requiredText(item, "HeaderValue"),
    ]),
  );
}

function readPath(path: string): string {
  if (path === "" || (path.startsWith("/") && !path.endsWith("/"))) return path;
  throw new ApiError(
    400,
    "InvalidRelativePath",
    `The origin path "${path}" must begin with a slash and end without one.`,
  );
}

function invalidOrigin(message: string): ApiError {
  return new ApiError(400, "InvalidOrigin", message);
}
