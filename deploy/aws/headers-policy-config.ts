import type {
  ResponseHeadersPolicyConfig,
  ResponseHeadersPolicySecurityHeadersConfig,
} from "@aws-sdk/client-cloudfront";
import type { HeadersPolicy } from "../edge/headers-policy.ts";

type Setting = HeadersPolicy["set"][number];

/**
 * The headers that have a field of their own, each with the way from its value to that field; undefined
 * where the field cannot say the value, which then goes among the custom headers
 * (BC cloudfront ResponseHeadersPolicySecurityHeadersConfig).
 */
const FIELDS: Readonly<
  Record<string, (setting: Setting) => ResponseHeadersPolicySecurityHeadersConfig | undefined>
> = {
  "content-security-policy": ({ value, override }) => ({
    ContentSecurityPolicy: { ContentSecurityPolicy: value, Override: override },
  }),
  "referrer-policy": ({ value, override }) =>
    isReferrerPolicy(value)
      ? { ReferrerPolicy: { ReferrerPolicy: value, Override: override } }
      : undefined,
  "strict-transport-security": strictTransportSecurity,
  "x-content-type-options": ({ value, override }) =>
    value.toLowerCase() === "nosniff" ? { ContentTypeOptions: { Override: override } } : undefined,
  "x-frame-options": ({ value, override }) => {
    const option = value.toUpperCase();
    if (option !== "DENY" && option !== "SAMEORIGIN") return undefined;
    return { FrameOptions: { FrameOption: option, Override: override } };
  },
  "x-xss-protection": xssProtection,
};

/**
 * The wanted policy in the fields of CloudFront's, over what is there: CORS and Server-Timing, which
 * Slipway has no word for, stay as they are.
 */
export function headersPolicyConfig(
  { set, remove }: HeadersPolicy,
  found: ResponseHeadersPolicyConfig,
): ResponseHeadersPolicyConfig {
  const security = set.map((setting) => FIELDS[setting.name]?.(setting));
  const custom = set
    .filter((_, index) => security[index] === undefined)
    .map(({ name, value, override }) => ({ Header: name, Value: value, Override: override }));
  const removed = remove.map((name) => ({ Header: name }));
  return {
    ...found,
    SecurityHeadersConfig: Object.assign({}, ...security),
    CustomHeadersConfig: { Quantity: custom.length, Items: custom },
    RemoveHeadersConfig: { Quantity: removed.length, Items: removed },
  };
}

function strictTransportSecurity({ value, override }: Setting) {
  const directives = value.split(";").map((directive) => directive.trim().toLowerCase());
  const age = directives
    .map((directive) => /^max-age="?(\d+)"?$/.exec(directive)?.[1])
    .find(Boolean);
  if (age === undefined) return undefined;
  return {
    StrictTransportSecurity: {
      AccessControlMaxAgeSec: Number(age),
      IncludeSubdomains: directives.includes("includesubdomains"),
      Preload: directives.includes("preload"),
      Override: override,
    },
  };
}

function xssProtection({ value, override }: Setting) {
  const known = /^(?:(0)|1(?:\s*;\s*(mode=block))?)$/i.exec(value);
  if (known === null) return undefined;
  const [, off, block] = known;
  // Which mode means something only where the filter is on.
  const mode = off === undefined ? { ModeBlock: block !== undefined } : {};
  return { XSSProtection: { Protection: off === undefined, ...mode, Override: override } };
}

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

function isReferrerPolicy(value: string): value is (typeof REFERRER_POLICIES)[number] {
  return (REFERRER_POLICIES as readonly string[]).includes(value);
}
