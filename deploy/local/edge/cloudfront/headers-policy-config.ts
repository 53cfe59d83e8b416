import type { ResponseHeadersPolicy } from "../live-distribution.ts";
import { ApiError, invalidArgument, notImplemented } from "./api-error.ts";
import {
  itemsOf,
  oneOf,
  optionalBoolean,
  optionalNumber,
  optionalText,
  requiredBoolean,
  requiredText,
} from "./fields.ts";
import { childOf, type XmlNode } from "./xml.ts";

type SetHeader = ResponseHeadersPolicy["set"][number];

/** CF-DG "Quotas on response headers policies". */
const MAX_CUSTOM_HEADERS = 10;
const MAX_REMOVED_HEADERS = 10;
const MAX_VALUE = 1_783;
const MAX_NAME = 256;
const MAX_TOTAL = 10_240;
const MAX_COMMENT = 128;

/**
 * Reads a ResponseHeadersPolicyConfig as what it does to an answer. Throws an ApiError for what
 * CloudFront refuses (BC cloudfront CreateResponseHeadersPolicy), and NotImplemented for CORS, which
 * depends on the viewer's Origin header and which the local edge does not act on.
 */
export function readHeadersPolicy(config: XmlNode): ResponseHeadersPolicy {
  checkNames(config);
  if (childOf(config, "CorsConfig") !== undefined) {
    throw notImplemented("CorsConfig in a response headers policy; set the headers as custom ones");
  }
  const custom = customHeaders(config);
  const set = [...securityHeaders(childOf(config, "SecurityHeadersConfig")), ...custom];
  checkTotal(set);
  return { remove: removedHeaders(config), set, serverTiming: serverTiming(config) };
}

function checkNames(config: XmlNode): void {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(requiredText(config, "Name"))) {
    throw invalidArgument("The name must have 1 to 128 letters, digits, hyphens or underscores.");
  }
  if ((optionalText(config, "Comment") ?? "").length > MAX_COMMENT) {
    throw invalidArgument(`The comment may have ${MAX_COMMENT} characters.`);
  }
}

function customHeaders(config: XmlNode): readonly SetHeader[] {
  const items = itemsOf(
    childOf(config, "CustomHeadersConfig"),
    "ResponseHeadersPolicyCustomHeader",
  );
  if (items.length > MAX_CUSTOM_HEADERS) {
    throw new ApiError(
      400,
      "TooManyCustomHeadersInResponseHeadersPolicy",
      `There are ${items.length} custom headers; the most is ${MAX_CUSTOM_HEADERS}.`,
    );
  }
  const headers = items.map((item) => ({
    name: headerName(requiredText(item, "Header")),
    value: headerValue(requiredText(item, "Value")),
    override: requiredBoolean(item, "Override"),
  }));
  for (const { name } of headers) {
    if (SECURITY_HEADERS.has(name)) {
      throw invalidArgument(`The header ${name} belongs into SecurityHeadersConfig.`);
    }
  }
  checkDistinct(headers.map(({ name }) => name));
  return headers;
}

/** Those with a field of their own. */
const SECURITY_HEADERS: ReadonlySet<string> = new Set([
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "content-security-policy",
  "x-xss-protection",
]);

function removedHeaders(config: XmlNode): readonly string[] {
  const items = itemsOf(
    childOf(config, "RemoveHeadersConfig"),
    "ResponseHeadersPolicyRemoveHeader",
  );
  if (items.length > MAX_REMOVED_HEADERS) {
    throw new ApiError(
      400,
      "TooManyRemoveHeadersInResponseHeadersPolicy",
      `There are ${items.length} headers to remove; the most is ${MAX_REMOVED_HEADERS}.`,
    );
  }
  const names = items.map((item) => headerName(requiredText(item, "Header")));
  checkDistinct(names);
  const kept = names.find((name) => NEVER_REMOVED.test(name));
  if (kept === undefined) return names;
  throw invalidArgument(`CloudFront does not let a policy remove the header ${kept}.`);
}

/** CF-DG "Understand response headers policies": the ones named there that an answer can have. */
const NEVER_REMOVED =
  /^(connection|content-encoding|content-length|expect|host|keep-alive|proxy-.*|trailer|transfer-encoding|upgrade|via|warning|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;

const REFERRER_POLICIES = [
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
] as const;

/** In the order in which CloudFront's documentation lists them. */
function securityHeaders(config: XmlNode | undefined): readonly SetHeader[] {
  const header = (field: string, name: string, value: (node: XmlNode) => string) => {
    const node = childOf(config, field);
    if (node === undefined) return [];
    return [{ name, value: value(node), override: requiredBoolean(node, "Override") }];
  };
  return [
    ...header("StrictTransportSecurity", "strict-transport-security", strictTransport),
    ...header("ContentTypeOptions", "x-content-type-options", () => "nosniff"),
    ...header("FrameOptions", "x-frame-options", (node) =>
      oneOf("frameOption", requiredText(node, "FrameOption"), ["DENY", "SAMEORIGIN"]),
    ),
    ...header("ReferrerPolicy", "referrer-policy", (node) =>
      oneOf("referrerPolicy", requiredText(node, "ReferrerPolicy"), REFERRER_POLICIES),
    ),
    ...header("ContentSecurityPolicy", "content-security-policy", contentSecurity),
    ...header("XSSProtection", "x-xss-protection", xssProtection),
  ];
}

function strictTransport(node: XmlNode): string {
  requiredText(node, "AccessControlMaxAgeSec");
  const age = optionalNumber(node, "AccessControlMaxAgeSec") ?? 0;
  const subdomains = optionalBoolean(node, "IncludeSubdomains") ? "; includeSubDomains" : "";
  return `max-age=${age}${subdomains}${optionalBoolean(node, "Preload") ? "; preload" : ""}`;
}

function contentSecurity(node: XmlNode): string {
  const policy = requiredText(node, "ContentSecurityPolicy");
  if (policy.length <= MAX_VALUE) return headerValue(policy);
  throw new ApiError(
    400,
    "TooLongCSPInResponseHeadersPolicy",
    `The Content-Security-Policy has ${policy.length} characters; the most is ${MAX_VALUE}.`,
  );
}

function xssProtection(node: XmlNode): string {
  if (!requiredBoolean(node, "Protection")) return "0";
  const report = optionalText(node, "ReportUri") ?? "";
  const block = optionalBoolean(node, "ModeBlock") === true;
  if (block && report !== "") throw invalidArgument("ModeBlock and ReportUri exclude each other.");
  return `1${block ? "; mode=block" : ""}${report === "" ? "" : `; report=${report}`}`;
}

function serverTiming(config: XmlNode): number | undefined {
  const node = childOf(config, "ServerTimingHeadersConfig");
  if (node === undefined || !requiredBoolean(node, "Enabled")) return undefined;
  const rate = Number(optionalText(node, "SamplingRate") ?? "0");
  if (rate >= 0 && rate <= 100) return rate;
  throw invalidArgument("The sampling rate must be a number from 0 to 100.");
}

function headerName(name: string): string {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && name.length <= MAX_NAME) {
    return name.toLowerCase();
  }
  throw invalidArgument(`"${name.slice(0, MAX_NAME)}" is not the name of a header.`);
}

function headerValue(value: string): string {
  if (value.length > MAX_VALUE) {
    throw invalidArgument(`A value has ${value.length} characters; the most is ${MAX_VALUE}.`);
  }
  if (/^[\t\x20-\x7e\u0080-\u00ff]*$/.test(value)) return value;
  throw invalidArgument("A value holds characters that no header may hold.");
}

function checkDistinct(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidArgument(`The header ${twice} is given twice.`);
}

function checkTotal(set: readonly SetHeader[]): void {
  const total = set.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (total <= MAX_TOTAL) return;
  throw invalidArgument(`The headers have ${total} characters; the most is ${MAX_TOTAL}.`);
}
