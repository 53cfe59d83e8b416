import type { Certificate } from "./certificate.ts";
import type { CaaRecord, DnsRecord } from "./dns.ts";
import type { AccountZones, ZoneCut } from "./place.ts";

/** What the config and the command line want. */
export type DomainWanted = {
  readonly canonical: string;
  /** Sent to the canonical name by the edge rules. */
  readonly also: readonly string[];
  /** Twelve digits; undefined: any account will do. */
  readonly account: string | undefined;
  /** Another DNS host has the names. */
  readonly elsewhere: boolean;
  /** Records that point at something else may be replaced. */
  readonly replace: boolean;
};

export type FoundDistribution = {
  readonly id: string;
  readonly domainName: string;
  readonly status: "deployed" | "in-progress";
  readonly config: string;
};

/** What is found of one host. */
export type FoundHost = {
  readonly host: string;
  readonly cut: ZoneCut | undefined;
  readonly caa: readonly CaaRecord[];
  /** Where it leads today, as the world sees it. */
  readonly cname: string | undefined;
  readonly addresses: readonly string[];
  /** At this name in its zone; empty where another DNS host has it. */
  readonly records: readonly DnsRecord[];
};

/** The world before a run. */
export type DomainFound = {
  readonly account: string;
  readonly distribution: FoundDistribution | undefined;
  /** The account's other distributions. */
  readonly others: readonly { readonly id: string; readonly aliases: readonly string[] }[];
  readonly zones: AccountZones;
  readonly hosts: readonly FoundHost[];
  readonly certificates: readonly Certificate[];
  /** Certificates of these names in the site's own region, which CloudFront cannot use. */
  readonly misplaced: readonly Certificate[];
  /** Names of the validation records that are in DNS with their right value. */
  readonly proven: ReadonlySet<string>;
  readonly now: Date;
};

/** The site's own names, the canonical one first. */
export function siteNames({ canonical, also }: DomainWanted): readonly string[] {
  return [...new Set([canonical, ...also])];
}

/** All that the certificate must cover: CloudFront refuses one that leaves out any alias it has. */
export function certificateNames(
  wanted: DomainWanted,
  aliases: readonly string[],
): readonly string[] {
  return [...new Set([...siteNames(wanted), ...aliases])];
}
