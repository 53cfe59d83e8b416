import { type Address, canonicalized } from "./address.ts";
import { bindQuery } from "./follow.ts";
import { type Bindings, fillTemplate, matchPattern } from "./pattern.ts";
import { queryValue, withoutNames } from "./query.ts";
import { firstRule, indexRules, literalPattern, type RuleIndex } from "./rule-index.ts";
import {
  type Hosts,
  isOwnOrigin,
  type QueryCondition,
  type RedirectRule,
  type RuleTarget,
} from "./rules.ts";
import { addressAt, type SitePages } from "./site-pages.ts";
import { decodePath } from "./uri.ts";

/** Rules, indexed, beside the site they are for. */
export type RuleSet = {
  readonly rules: readonly RedirectRule[];
  readonly index: RuleIndex;
  readonly hosts: Hosts | undefined;
  readonly site: SitePages;
  /** What no name in a rule or in the site begins with. */
  readonly unknown: string;
};

export function ruleSet(
  rules: readonly RedirectRule[],
  hosts: Hosts | undefined,
  site: SitePages,
): RuleSet {
  return { rules, index: indexRules(rules), hosts, site, unknown: unknownName(rules, site) };
}

/** One redirect of a walk: the rule, and where it was asked. */
type Hop = { readonly rule: number; readonly at: string };

export type Walk =
  /** Not this rule answers there, or the walk ends at `to`. */
  | { readonly kind: "ends"; readonly hops: readonly Hop[]; readonly to: string }
  /** `cycle` are the hops that come again and again. */
  | { readonly kind: "endless"; readonly hops: readonly Hop[]; readonly cycle: readonly Hop[] };

type Spot = { readonly address: Address; readonly query: string };

/** Far above the hops that are allowed, so that a long chain is told from one without an end. */
const FAR = 64;

/**
 * Follows redirects from one address, as `follow` does at the edge, but without an end to the hops, and
 * asking the index. Undefined where the address is none or another rule than `wanted` answers there.
 */
export function walk(start: Spot, wanted: number, set: RuleSet): Walk | undefined {
  if (findRule(start, set)?.rule !== wanted) return undefined;
  const hops: Hop[] = [];
  const visited = new Map<string, number>();
  let spot = start;
  while (hops.length < FAR) {
    const at = spotText(spot);
    const step = takeStep(spot, set);
    if (step === undefined) return { kind: "ends", hops, to: at };
    const before = visited.get(at);
    if (before !== undefined) return { kind: "endless", hops, cycle: hops.slice(before) };
    visited.set(at, hops.length);
    hops.push({ rule: step.rule, at });
    if (typeof step.next === "string") return { kind: "ends", hops, to: step.next };
    spot = step.next;
  }
  const isRepeated = new Set(hops.map(({ rule }) => rule)).size < hops.length;
  return isRepeated
    ? { kind: "endless", hops, cycle: hops.slice(-1) }
    : { kind: "ends", hops, to: spotText(spot) };
}

type Step = { readonly rule: number; readonly next: Spot | string };

/** The redirect that applies there as it is written, or else at its canonical address. */
function takeStep(spot: Spot, set: RuleSet): Step | undefined {
  const found = findRule(spot, set);
  const answer = found && set.rules[found.rule]?.answer;
  if (found !== undefined && answer?.kind === "redirect") {
    return { rule: found.rule, next: leap(spot, answer.to, found, set) };
  }
  if (spot.address.isCanonical) return undefined;
  return takeStep({ ...spot, address: canonicalized(spot.address) }, set);
}

type Found = { readonly rule: number; readonly bindings: Bindings };

function findRule({ address, query }: Spot, { rules, index, site }: RuleSet): Found | undefined {
  const isKept = site.addresses.has(address.canonical);
  let bindings: Bindings | undefined;
  const from = literalPattern(address.segments);
  const rule = firstRule(index, { from, query: parametersOf(query) }, (candidate) => {
    const one = rules[candidate];
    if (one === undefined || (isKept && !one.force)) return false;
    const path = matchPattern(one.from, address.segments);
    bindings = path && bindQuery(one.query, query, path);
    return bindings !== undefined;
  });
  return rule === undefined || bindings === undefined ? undefined : { rule, bindings };
}

/** What is known of a query, as conditions that hold. */
function parametersOf(query: string): readonly QueryCondition[] {
  return query.split("&").flatMap((pair) => {
    const name = decodePath(pair.split("=")[0] ?? "");
    const value = name === undefined ? undefined : queryValue(query, name);
    return name === undefined || value === undefined ? [] : [{ kind: "equals", name, value }];
  });
}

/** The next spot, or where the walk ends. */
function leap(spot: Spot, to: RuleTarget, found: Found, { rules, hosts }: RuleSet): Spot | string {
  const path = fillTemplate(to.path, found.bindings, (value) => value);
  if (to.origin !== "" && !isOwnOrigin(to.origin, hosts)) return to.origin + path;
  const address = addressAt(path);
  if (address === undefined) return path;
  const bound = rules[found.rule]?.query.flatMap((one) => (one.kind === "bind" ? [one.name] : []));
  const query =
    to.query === undefined
      ? withoutNames(spot.query, bound ?? [])
      : fillTemplate(to.query, found.bindings, encodeURIComponent);
  return { address, query };
}

function spotText({ address, query }: Spot): string {
  const path = `/${address.segments.join("/")}${address.isFolder && address.segments.length > 0 ? "/" : ""}`;
  return query === "" ? path : `${path}?${query}`;
}

function unknownName(rules: readonly RedirectRule[], { keys }: SitePages): string {
  const inRules = rules.flatMap(({ from }) =>
    from.segments.flatMap((one) => (one.kind === "literal" ? [one.text] : [])),
  );
  const inSite = [...keys].flatMap((key) => key.split("/"));
  const alike = [...inRules, ...inSite].filter((name) => name.startsWith("any"));
  let name = "any";
  while (alike.some((other) => other.startsWith(name))) name += "x";
  return name;
}
