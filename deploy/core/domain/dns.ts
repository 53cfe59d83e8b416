/** Zones and records as Route 53 keeps them, in our own words. */
export type Zone = {
  readonly id: string;
  /** Lower case, with its dot at the end. */
  readonly name: string;
  readonly isPrivate: boolean;
};

/** A public zone with the servers that answer for it if it is delegated; lower case, no dot at the end. */
export type ServedZone = Zone & { readonly nameServers: readonly string[] };

export type DnsRecord = {
  /** Lower case, with its dot at the end; `*` as itself. */
  readonly name: string;
  readonly type: string;
  readonly content:
    | { readonly kind: "values"; readonly ttl: number; readonly values: readonly string[] }
    | { readonly kind: "alias"; readonly target: string; readonly zone: string }
    /** One of several of this name and type: weighted, by latency, by place, … */
    | { readonly kind: "routed"; readonly setIdentifier: string };
};

export type RecordChange = {
  readonly action: "UPSERT" | "CREATE" | "DELETE";
  readonly record: DnsRecord;
};

/** A CAA record: `issue`, `issuewild` or another tag, and its value. */
export type CaaRecord = { readonly tag: string; readonly value: string };

/** How a domain is delegated, as the world sees it. `broken`: the servers named do not answer for it. */
export type Delegation =
  | { readonly kind: "served"; readonly servers: readonly string[] }
  | { readonly kind: "none" }
  | { readonly kind: "broken" };

/** The zone that CloudFront's own names are in, for alias records (BC route53 AliasTarget). */
export const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";

/** A name with the dot that makes it absolute. */
export function absolute(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith(".") ? lower : `${lower}.`;
}

/** A name without the dot at its end. */
export function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Whether the host is the zone's own name or lies below it. */
export function isWithin(host: string, zone: string): boolean {
  const name = absolute(host);
  const apex = absolute(zone);
  return name === apex || name.endsWith(`.${apex}`);
}

/** The name itself and its parents, the longest first, down to the top-level domain. */
export function withParents(host: string): readonly string[] {
  const labels = withoutDot(host).split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}

/** The host that a name of a certificate is about: a wildcard's parent. */
export function hostOf(name: string): string {
  return name.replace(/^\*\./, "");
}
