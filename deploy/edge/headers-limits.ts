import type { HeadersPolicy } from "./headers-policy.ts";
import type { RuleProblem } from "./rule-problem.ts";
import type { RuleSource } from "./rules.ts";
import type { SiteHeaders } from "./sort-headers.ts";

/** CF-DG "Quotas on response headers policies"; none of them but the count can be raised. */
const LIMITS = { custom: 10, value: 1_783, total: 10_240 };

/**
 * What CloudFront would not take of a response headers policy, with the numbers: to be told before
 * anything is published, because a policy is taken as a whole or not at all.
 */
export function findHeaderLimits(headers: SiteHeaders): readonly RuleProblem[] {
  const { policy } = headers;
  const single = policy.set.flatMap(({ name, value }) => {
    const reason = findValueProblem(name, value);
    return reason === undefined ? [] : [{ ...sourceOf(name, headers), reason }];
  });
  const whole = [findCountProblem(policy), findTotalProblem(policy)];
  const reasons = whole.filter((reason) => reason !== undefined);
  return [...single, ...reasons.map((reason) => ({ ...lastSource(headers), reason }))];
}

function findValueProblem(name: string, value: string): string | undefined {
  if (value.length > LIMITS.value) {
    return `the value of ${name} has ${value.length} characters, and CloudFront takes ${LIMITS.value} for the whole site: shorten it, or set it for the paths that need it`;
  }
  const field = OWN_FIELDS.get(name);
  if (field === undefined || field.values.test(value)) return undefined;
  return `CloudFront has a field of its own for ${name} and takes ${field.says} there, not "${value}"`;
}

/** A header with a field in the policy does not count as a custom one, and takes what the field can say. */
const OWN_FIELDS: ReadonlyMap<string, { readonly values: RegExp; readonly says: string }> = new Map(
  [
    ["content-security-policy", { values: /^/, says: "any policy" }],
    [
      "referrer-policy",
      {
        values:
          /^(?:no-referrer|no-referrer-when-downgrade|origin|origin-when-cross-origin|same-origin|strict-origin|strict-origin-when-cross-origin|unsafe-url)$/,
        says: "one of the eight policies by its name, in lower case",
      },
    ],
    [
      "strict-transport-security",
      {
        values: /^max-age=\d{1,9}(?:\s*;\s*(?:includesubdomains|preload))*$/i,
        says: "`max-age=` and seconds, then perhaps `; includeSubDomains` and `; preload`",
      },
    ],
    ["x-content-type-options", { values: /^nosniff$/i, says: "`nosniff`" }],
    ["x-frame-options", { values: /^(?:deny|sameorigin)$/i, says: "`DENY` or `SAMEORIGIN`" }],
    [
      "x-xss-protection",
      { values: /^(?:0|1(?:\s*;\s*mode=block)?)$/i, says: "`0`, `1` or `1; mode=block`" },
    ],
  ],
);

function findCountProblem({ set }: HeadersPolicy): string | undefined {
  const custom = set.map(({ name }) => name).filter((name) => !OWN_FIELDS.has(name));
  if (custom.length <= LIMITS.custom) return undefined;
  return `the whole site sets ${custom.length} headers that CloudFront has no field for (${custom.join(", ")}), and it takes ${LIMITS.custom}: set some only for the paths that need them, or take defaults away with \`! Name\``;
}

function findTotalProblem({ set }: HeadersPolicy): string | undefined {
  const total = set.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (total <= LIMITS.total) return undefined;
  return `the headers of the whole site have ${total} characters together, and CloudFront takes ${LIMITS.total}: set some only for the paths that need them`;
}

function sourceOf(name: string, { sources }: SiteHeaders): RuleSource {
  return sources.get(name) ?? { file: "_headers", text: name };
}

function lastSource({ sources }: SiteHeaders): RuleSource {
  return [...sources.values()].at(-1) ?? { file: "_headers", text: "/*" };
}
