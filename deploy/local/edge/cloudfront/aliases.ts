import { ApiError, invalidArgument } from "./api-error.ts";
import { type ConfigResource, rootOf } from "./config-resource.ts";
import { textsOf } from "./fields.ts";
import { childOf, type XmlNode } from "./xml.ts";

/** CF-DG "Quotas". */
const MAX_ALIASES = 100;
const LONGEST_NAME = 253;
/** A name of at least two labels, which may begin with `*.` (CF-DG "CNAMEs"). */
const ALIAS = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

/** The alternate domain names of a DistributionConfig, in lower case. */
export function aliasesOf(config: XmlNode): readonly string[] {
  return textsOf(childOf(config, "Aliases"), "CNAME").map((name) => name.toLowerCase());
}

/**
 * Checks the aliases of a configuration against those of the other distributions: an alias belongs to
 * one (BC cloudfront CNAMEAlreadyExists). Whether a certificate covers them is not asked, since the
 * local edge has none.
 */
export function checkAliases(config: XmlNode, others: readonly ConfigResource[]): void {
  const aliases = aliasesOf(config);
  if (aliases.length > MAX_ALIASES) {
    throw new ApiError(400, "TooManyDistributionCNAMEs", `The most aliases are ${MAX_ALIASES}.`);
  }
  const odd = aliases.find((alias) => alias.length > LONGEST_NAME || !ALIAS.test(alias));
  if (odd !== undefined) throw invalidArgument(`The alias "${odd}" is no domain name.`);
  const taken = new Set(others.flatMap((other) => aliasesOf(rootOf(other.config))));
  const twice = aliases.find((alias) => taken.has(alias));
  if (twice === undefined) return;
  throw new ApiError(
    409,
    "CNAMEAlreadyExists",
    `The alias "${twice}" is already associated with another distribution.`,
  );
}
