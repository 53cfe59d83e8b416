import { MAX_KEY_BYTES } from "../core/keys.ts";
import { keyOf, type RefusalReason, readAddress, readDecoded } from "./address.ts";
import { follow, withMark } from "./follow.ts";
import { canonicalQuery } from "./query.ts";
import type { EdgeRules, GoneStatus, Hosts, RedirectStatus } from "./rules.ts";
import { encodePath } from "./uri.ts";

/**
 * What the site's rules make of one request, before the cache is asked. The viewer-request function on
 * CloudFront gives the same answer; ADR 12 says how the two are kept alike.
 */
export type EdgeDecision =
  /**
   * `uri` is the rewritten path the cache is keyed by, `key` the object behind it. The status is what
   * the rule says; a function cannot set it, so viewers get it by way of the object's metadata.
   */
  | {
      readonly kind: "serve";
      readonly uri: string;
      readonly key: string;
      readonly status: 200 | GoneStatus;
    }
  | { readonly kind: "redirect"; readonly to: string; readonly status: RedirectStatus }
  /** Told by the edge in a line of its own. */
  | { readonly kind: "gone"; readonly status: GoneStatus }
  /** Slipway's own records; `uri` is one that no site has, so viewers see what they see of any missing page. */
  | { readonly kind: "hidden"; readonly uri: string }
  | { readonly kind: "refuse"; readonly status: 400 | 508; readonly reason: RefusalReason };

export type EdgeRequest = {
  /** The Host header, perhaps with a port. */
  readonly host: string | undefined;
  /** The path as the viewer sent it, percent-encoded, without the query. */
  readonly uri: string;
  /** What follows the first `?`, or "". */
  readonly query: string;
};

/** No key of a site begins with `.slipway`, so none is found there. */
export const HIDDEN_URI = "/.slipway-hidden";

/**
 * Decides for any strings whatever and never throws. Odd paths are refused, Slipway's records hidden;
 * then the first rule that applies answers, then the one address of each page. A redirect leads to
 * where none follows: on this site it begins with exactly one slash, or with `https://` and the
 * canonical host if another of the site's hosts was asked.
 */
export function decide(request: EdgeRequest, rules: EdgeRules): EdgeDecision {
  const read = readAddress(request.uri);
  if (read.kind === "refused") return refuse(read.reason);
  if (read.kind === "hidden") return { kind: "hidden", uri: HIDDEN_URI };
  const origin = findHome(request.host, rules.hosts);
  const query = canonicalQuery(request.query);
  const moved = origin !== "";
  const { address } = read;
  const journey = follow({ address, query, fragment: "", status: undefined, moved }, rules);
  switch (journey.kind) {
    case "place": {
      const { place } = journey;
      if (!place.moved) return serve(place.address.canonical, 200);
      const path = encodePath(place.address.canonical);
      const to = origin + path + withMark(place.query) + place.fragment;
      return { kind: "redirect", to, status: place.status ?? 301 };
    }
    case "page":
      return servePage(journey.path, journey.status);
    case "gone":
      return journey;
    case "away":
      return { kind: "redirect", to: journey.to, status: journey.status };
    case "hidden":
      return { kind: "hidden", uri: HIDDEN_URI };
    case "refused":
      return refuse(journey.reason);
  }
}

/** The origin that a request for another of the site's names is sent to, else "". */
function findHome(host: string | undefined, hosts: Hosts | undefined): string {
  const name = hostName(host);
  return hosts?.others.includes(name) ? `https://${hosts.canonical}` : "";
}

/** In lower case, without the port. */
export function hostName(host: string | undefined): string {
  return (host ?? "").split(":")[0]?.toLowerCase() ?? "";
}

function servePage(path: string, status: 200 | GoneStatus): EdgeDecision {
  const read = readDecoded(path);
  switch (read.kind) {
    case "address":
      return serve(read.address.canonical, status);
    case "hidden":
      return { kind: "hidden", uri: HIDDEN_URI };
    case "refused":
      return refuse(read.reason);
  }
}

function serve(canonical: string, status: 200 | GoneStatus): EdgeDecision {
  const key = keyOf(canonical);
  if (utf8Length(key) > MAX_KEY_BYTES) return refuse("too-long");
  return { kind: "serve", uri: `/${encodePath(key)}`, key, status };
}

function refuse(reason: RefusalReason): EdgeDecision {
  return { kind: "refuse", status: reason === "redirect-loop" ? 508 : 400, reason };
}

function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(/%../g, "x").length;
}
