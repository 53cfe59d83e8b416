import { type Address, canonicalized, type RefusalReason, readDecoded } from "./address.ts";
import { type Bindings, fillTemplate, matchPattern } from "./pattern.ts";
import { encodeQuery, queryValue, withoutNames } from "./query.ts";
import {
  type EdgeRules,
  type GoneStatus,
  isOwnOrigin,
  type QueryCondition,
  type RedirectRule,
  type RedirectStatus,
  type RuleAnswer,
  type RuleTarget,
} from "./rules.ts";
import { encodePath } from "./uri.ts";

/** A place on this site that a request has got to. */
export type Place = {
  readonly address: Address;
  /** In its canonical spelling, without `?`. */
  readonly query: string;
  /** Encoded, with its `#`, or "". */
  readonly fragment: string;
  /** That of the rules passed through; undefined where there were none. */
  readonly status: RedirectStatus | undefined;
  /** Whether the viewer asked for another address. */
  readonly moved: boolean;
};

/** Where the rules and the clean URLs lead a request to. */
export type Journey =
  /** Here; the place is canonical, and no redirect applies to it. */
  | { readonly kind: "place"; readonly place: Place }
  /** A page under the address that was asked for; `path` is decoded. */
  | { readonly kind: "page"; readonly path: string; readonly status: 200 | GoneStatus }
  | { readonly kind: "gone"; readonly status: GoneStatus }
  | { readonly kind: "away"; readonly to: string; readonly status: RedirectStatus }
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly reason: RefusalReason };

/** So many redirects are followed for one request; after them it is answered with 508. */
export const MAX_HOPS = 5;

/**
 * Follows redirects to where none applies, so that a browser is sent on only once. The first rule that
 * applies counts, at the address as it was written and then, if it says no redirect, at the canonical
 * one. Pages that rules put under an address are not followed further.
 */
export function follow(start: Place, rules: EdgeRules): Journey {
  let place = start;
  for (let hops = 0; ; ) {
    const found = findRule(place, rules);
    if (found?.kind === "redirect") {
      if (hops === MAX_HOPS) return { kind: "refused", reason: "redirect-loop" };
      hops += 1;
      const next = leap(place, found, rules);
      if (next.kind !== "place") return next;
      place = next.place;
    } else if (found !== undefined && !place.moved) {
      return pageOf(found, place.address);
    } else if (place.address.isCanonical) {
      return { kind: "place", place };
    } else {
      place = { ...place, address: canonicalized(place.address), moved: true };
    }
  }
}

type RedirectAnswer = Extract<RuleAnswer, { kind: "redirect" }>;
type PageAnswer = Exclude<RuleAnswer, RedirectAnswer>;
type RedirectFound = {
  readonly kind: "redirect";
  readonly rule: RedirectRule;
  readonly answer: RedirectAnswer;
  readonly bindings: Bindings;
};
type PageFound = {
  readonly kind: "page";
  readonly answer: PageAnswer;
  readonly bindings: Bindings;
};

/** The first rule that applies there; where the site has a file only one with force does. */
function findRule(
  { address, query }: Place,
  { redirects, kept }: EdgeRules,
): RedirectFound | PageFound | undefined {
  const isKept = kept.has(address.canonical);
  const isFile = !address.canonical.endsWith("/");
  for (const rule of redirects) {
    if ((isKept && !rule.force) || (isFile && rule.pagesOnly === true)) continue;
    const bindings = matchPattern(rule.from, address.segments);
    const all = bindings && bindQuery(rule.query, query, bindings);
    if (all !== undefined) return foundWith(rule, all);
  }
  return undefined;
}

function foundWith(rule: RedirectRule, bindings: Bindings): RedirectFound | PageFound {
  const { answer } = rule;
  return answer.kind === "redirect"
    ? { kind: "redirect", rule, answer, bindings }
    : { kind: "page", answer, bindings };
}

/** The bindings with those of the query; undefined where a condition does not hold. */
export function bindQuery(
  conditions: readonly QueryCondition[],
  query: string,
  bindings: Bindings,
): Bindings | undefined {
  const all: Record<string, string> = { ...bindings };
  for (const condition of conditions) {
    const value = queryValue(query, condition.name);
    if (condition.kind === "equals") {
      if (value !== condition.value) return undefined;
    } else {
      // As in a path, a placeholder stands for something.
      if (value === undefined || value === "") return undefined;
      all[condition.placeholder] = value;
    }
  }
  return all;
}

function leap(place: Place, { rule, answer, bindings }: RedirectFound, rules: EdgeRules): Journey {
  const to = atHome(answer.to, rules);
  const path = fillPath(to.path, bindings, place.address);
  const query =
    to.query === undefined
      ? keptQuery(place.query, rule)
      : encodeQuery(fillTemplate(to.query, bindings, encodeURIComponent));
  const fragment = to.fragment === "" ? place.fragment : encodeFragment(to.fragment);
  const combined = combineStatus(place.status, answer.status);
  if (to.origin !== "") {
    const address = to.origin + encodePath(path);
    return { kind: "away", to: address + withMark(query) + fragment, status: combined };
  }
  const read = readDecoded(path);
  if (read.kind !== "address") return read;
  const { address } = read;
  return { kind: "place", place: { address, query, fragment, status: combined, moved: true } };
}

/** A target on one of the site's own hosts is a place of this site like any other. */
function atHome(target: RuleTarget, { hosts }: EdgeRules): RuleTarget {
  return isOwnOrigin(target.origin, hosts) ? { ...target, origin: "" } : target;
}

/** A way that is partly temporary is temporary, or browsers would keep it for good. */
function combineStatus(before: RedirectStatus | undefined, next: RedirectStatus): RedirectStatus {
  return before === undefined || before === 301 || before === 308 ? next : before;
}

function pageOf({ answer, bindings }: PageFound, address: Address): Journey {
  if (answer.kind === "rewrite") {
    const path = fillPath(answer.to.path, bindings, address);
    return { kind: "page", path, status: 200 };
  }
  return answer.page === undefined
    ? { kind: "gone", status: answer.status }
    : { kind: "page", path: answer.page, status: answer.status };
}

function keptQuery(query: string, rule: RedirectRule): string {
  if (rule.query.length === 0) return query;
  return withoutNames(
    query,
    rule.query.flatMap((one) => (one.kind === "bind" ? [one.name] : [])),
  );
}

/** A name at the end brings the slash that it came with, which tells a folder `v1.2/` from a file. */
function fillPath(template: string, bindings: Bindings, { isFolder }: Address): string {
  const path = fillTemplate(template, bindings, (value) => value);
  const last = /:([A-Za-z][A-Za-z0-9_]*)$/.exec(template)?.[1];
  const isBound = last !== undefined && Object.hasOwn(bindings, last);
  return isBound && isFolder && !path.endsWith("/") ? `${path}/` : path;
}

/** "" stays "". */
export function withMark(query: string): string {
  return query === "" ? "" : `?${query}`;
}

function encodeFragment(fragment: string): string {
  return `#${encodeQuery(fragment.slice(1))}`;
}
