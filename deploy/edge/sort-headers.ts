import { joinValues } from "./header-block.ts";
import type { HeadersPolicy } from "./headers-policy.ts";
import { isSiteWide } from "./pattern.ts";
import type { PathHeaders, RuleSource } from "./rules.ts";
import { isStoredName } from "./stored-headers.ts";

/** What every answer carries, and where each name of it was written; defaults were written nowhere. */
export type SiteHeaders = {
  readonly policy: HeadersPolicy;
  readonly sources: ReadonlyMap<string, RuleSource>;
};

/** On every answer, unless a block for the whole site sets them itself or takes them away. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["cross-origin-opener-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["strict-transport-security", "max-age=31536000"],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
]);

/**
 * What S3 says of an object to those who run the bucket, and to nobody else (BC s3 GetObject). The
 * metadata that tells a page's status is not among it: the viewer-response function, which runs after
 * the policy, reads it first.
 */
const REMOVED = [
  "x-amz-expiration",
  "x-amz-replication-status",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-bucket-key-enabled",
  "x-amz-storage-class",
  "x-amz-tagging-count",
  "x-amz-version-id",
];

/**
 * The response headers policy of a site: its blocks for `/*` in order, over the defaults. What is
 * stored with the objects instead is left out, and so are narrower blocks, which the viewer-response
 * function applies.
 */
export function sortHeaders(blocks: readonly PathHeaders[]): SiteHeaders {
  const values = new Map<string, string>();
  const sources = new Map<string, RuleSource>();
  const removed = new Set<string>();
  for (const { set, remove, source } of blocks.filter(({ from }) => isSiteWide(from))) {
    for (const name of remove) {
      values.delete(name);
      sources.delete(name);
      removed.add(name);
    }
    for (const { name, value } of set.filter((one) => !isStoredName(one.name))) {
      values.set(name, joinValues(values.get(name), value));
      sources.set(name, source);
    }
  }
  for (const [name, value] of DEFAULTS) {
    if (!values.has(name) && !removed.has(name) && !isSaidByCsp(name, values)) {
      values.set(name, value);
    }
  }
  const set = [...values]
    .map(([name, value]) => ({ name, value, override: true }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { policy: { set, remove: REMOVED }, sources };
}

/** frame-ancestors takes the place of X-Frame-Options (CSP Level 3, 6.4.2). */
function isSaidByCsp(name: string, values: ReadonlyMap<string, string>): boolean {
  const csp = values.get("content-security-policy") ?? "";
  return name === "x-frame-options" && /(?:^|[;,])\s*frame-ancestors(?:\s|$)/i.test(csp);
}
