import type { HeadersPolicy } from "../../../edge/headers-policy.ts";
import type { XmlTree } from "./xml.ts";

type Setting = HeadersPolicy["set"][number];

/** The fields of headers that cannot be custom ones; undefined for every other header. */
function securityField({ name, value, override }: Setting): XmlTree | undefined {
  switch (name) {
    case "content-security-policy":
      return { ContentSecurityPolicy: { Override: override, ContentSecurityPolicy: value } };
    case "referrer-policy":
      return { ReferrerPolicy: { Override: override, ReferrerPolicy: value } };
    case "x-content-type-options":
      return { ContentTypeOptions: { Override: override } };
    case "x-frame-options":
      return { FrameOptions: { Override: override, FrameOption: value } };
    case "strict-transport-security":
      return {
        StrictTransportSecurity: {
          Override: override,
          IncludeSubdomains: /;\s*includeSubDomains/i.test(value),
          Preload: /;\s*preload/i.test(value),
          AccessControlMaxAgeSec: /max-age=(\d+)/i.exec(value)?.[1] ?? "0",
        },
      };
    default:
      return undefined;
  }
}

/** A policy in the fields of ResponseHeadersPolicyConfig (BC cloudfront). */
export function headersPolicyTree(name: string, { set, remove }: HeadersPolicy): XmlTree {
  const security = set.map(securityField);
  const custom = set
    .filter((_, index) => security[index] === undefined)
    .map(({ name: Header, value, override }) => ({ Header, Value: value, Override: override }));
  const removed = remove.map((Header) => ({ Header }));
  return {
    Comment: "Slipway: headers of every answer",
    Name: name,
    SecurityHeadersConfig: Object.assign({}, ...security),
    CustomHeadersConfig: listOf("ResponseHeadersPolicyCustomHeader", custom),
    RemoveHeadersConfig: listOf("ResponseHeadersPolicyRemoveHeader", removed),
  };
}

function listOf(name: string, items: readonly XmlTree[]): XmlTree {
  if (items.length === 0) return { Quantity: 0 };
  return { Quantity: items.length, Items: { [name]: items } };
}
