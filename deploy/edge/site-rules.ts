import { checkRules } from "./check-rules.ts";
import { type EdgeConfigInput, readConfigRules } from "./config-rules.ts";
import { folderPageRules } from "./folder-pages.ts";
import { findHeaderLimits } from "./headers-limits.ts";
import type { HeadersPolicy } from "./headers-policy.ts";
import { parseHeaders } from "./parse-headers.ts";
import { parseRedirects } from "./parse-redirects.ts";
import { firstRule, indexRules, literalPattern } from "./rule-index.ts";
import type { RuleProblem } from "./rule-problem.ts";
import { ruleSet } from "./rule-walk.ts";
import type { EdgeRules, Hosts, RedirectRule } from "./rules.ts";
import { addressAt, type SitePages, sitePages } from "./site-pages.ts";
import { sortHeaders } from "./sort-headers.ts";
import { statusPages } from "./status-pages.ts";
import { type StoredHeaders, storedHeaders } from "./stored-headers.ts";

export type SiteRulesInput = {
  /** The text of `_redirects`; undefined if the site has none. */
  readonly redirectsText: string | undefined;
  /** The text of `_headers`; undefined if the site has none. */
  readonly headersText: string | undefined;
  readonly config: EdgeConfigInput;
  readonly hosts: Hosts | undefined;
  /** The keys of the site's objects. */
  readonly keys: Iterable<string>;
};

/** Where the headers of a site end up that no function sets. */
export type SortedHeaders = {
  /** On every answer, errors too. */
  readonly policy: HeadersPolicy;
  /** With the objects, the statuses of 404 and 410 pages among them. */
  readonly stored: StoredHeaders;
};

export type SiteRules =
  | {
      readonly kind: "rules";
      readonly rules: EdgeRules;
      readonly headers: SortedHeaders;
      /** Rules that are worth a look. */
      readonly notices: readonly RuleProblem[];
    }
  /** All there are. */
  | { readonly kind: "problems"; readonly problems: readonly RuleProblem[] };

/**
 * Makes the rules of a site from all that was written: the config's redirects before those of the
 * file, the config's headers after those of the file, the 404 pages of folders last.
 */
export function makeRules(input: SiteRulesInput): SiteRules {
  const { config, hosts } = input;
  const site = sitePages(input.keys);
  const read = readConfigRules(config);
  const redirects = parseRedirects(input.redirectsText ?? "");
  const blocks = parseHeaders(input.headersText ?? "");
  const own = [...read.rules, ...redirects.rules];
  const checked = checkRules(ruleSet(own, hosts, site));
  const all = [...own, ...folderPageRules(site.keys)];
  const pages = statusPages(all, site.keys);
  const headers = [...blocks.blocks, ...read.blocks];
  const siteHeaders = sortHeaders(headers);
  const problems = [
    ...read.problems,
    ...redirects.problems,
    ...checked.problems,
    ...pages.problems,
    ...blocks.problems,
    ...findHeaderLimits(siteHeaders),
  ];
  if (problems.length > 0) return { kind: "problems", problems: inOrder(problems) };
  return {
    kind: "rules",
    rules: { hosts, redirects: all, kept: keptAddresses(all, site), headers },
    headers: { policy: siteHeaders.policy, stored: storedHeaders(headers, pages.statuses) },
    notices: checked.notices,
  };
}

/** By file, then by line, so that a file is mended from its beginning to its end. */
function inOrder(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return files.flatMap((file) =>
    problems.filter((one) => one.file === file).sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  );
}

/** The addresses of the site that a rule without force matches, in one of their spellings. */
function keptAddresses(rules: readonly RedirectRule[], site: SitePages): ReadonlySet<string> {
  const index = indexRules(rules);
  const isMatched = (segments: readonly string[], isPage: boolean) =>
    firstRule(index, { from: literalPattern(segments), query: undefined }, (i) => {
      const rule = rules[i];
      return rule !== undefined && !rule.force && (isPage || rule.pagesOnly !== true);
    }) !== undefined;
  const kept = [...site.addresses].filter((address) => {
    const segments = addressAt(address)?.segments ?? [];
    const isPage = address.endsWith("/");
    return (
      isMatched(segments, isPage) || (isPage && isMatched([...segments, "index.html"], isPage))
    );
  });
  return new Set(kept);
}
