import { addressChange, recordText } from "./address-records.ts";
import type { Blocker } from "./blocker.ts";
import { allowsAmazon } from "./caa.ts";
import { LONGEST_FIRST_NAME } from "./certificate.ts";
import { hostOf } from "./dns.ts";
import type { DomainFound, DomainWanted, FoundHost } from "./found.ts";
import { certificateNames, siteNames } from "./found.ts";
import type { Place } from "./place.ts";
import { type DistributionNames, readDistributionNames } from "./viewer-certificate.ts";

/** Aliases of one distribution (CF-DG "Quotas"). */
const MOST_ALIASES = 100;

/** What must be mended before anything is created, but for what only a new certificate asks for. */
export function checkDomain(
  wanted: DomainWanted,
  found: DomainFound,
  places: ReadonlyMap<string, Place>,
): readonly Blocker[] {
  return [
    ...checkNames(wanted),
    ...checkAccount(wanted, found),
    ...checkDistribution(wanted, found),
    ...checkHolders(wanted, found),
    ...[...places.values()].flatMap((place) => (place.kind === "nowhere" ? [place.blocker] : [])),
    ...checkRecords(wanted, found, places),
  ];
}

function checkNames(wanted: DomainWanted): readonly Blocker[] {
  const names = [wanted.canonical, ...wanted.also];
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const tooLong = names.every((name) => name.length > LONGEST_FIRST_NAME);
  return [
    ...repeated.map(
      (name): Blocker => ({
        rule: "name-repeated",
        what: `${name} is named twice`,
        why: "a name is either the canonical one or sent to it",
        next: "Take one of them away from domain in slipway.config.ts.",
      }),
    ),
    ...(tooLong
      ? [
          {
            rule: "name-too-long",
            what: "No name is short enough for a certificate",
            why: `one of its names must have at most ${LONGEST_FIRST_NAME} characters`,
            next: "Add a shorter name of the domain to also in slipway.config.ts.",
          } as const,
        ]
      : []),
  ];
}

function checkAccount({ account }: DomainWanted, found: DomainFound): readonly Blocker[] {
  if (account === undefined || account === found.account) return [];
  return [
    {
      rule: "wrong-account",
      what: `These are the keys of account ${found.account}`,
      why: `slipway.config.ts says that it must be ${account}`,
      next: "Choose the right profile (AWS_PROFILE), or mend account in slipway.config.ts.",
    },
  ];
}

function checkDistribution(
  wanted: DomainWanted,
  { distribution }: DomainFound,
): readonly Blocker[] {
  if (distribution === undefined) {
    return [
      {
        rule: "distribution-missing",
        what: "There is no distribution to give the names to",
        why: "the account has none of the id in slipway.config.ts, or none is named there",
        next: "Run slipway setup first.",
      },
    ];
  }
  const names = readDistributionNames(distribution.config);
  const aliases = new Set([...names.aliases, ...siteNames(wanted)]);
  return [
    ...(names.isEnabled ? [] : [disabled(distribution.id)]),
    ...kindOf(distribution.id, names),
    ...(aliases.size > MOST_ALIASES ? [tooMany(distribution.id, aliases.size)] : []),
  ];
}

function disabled(id: string): Blocker {
  return {
    rule: "distribution-disabled",
    what: `The distribution ${id} is disabled`,
    why: "it answers nobody, under whatever name",
    next: "Enable it in CloudFront, then run slipway domain again.",
  };
}

function kindOf(id: string, names: DistributionNames): readonly Blocker[] {
  if (!names.isForTenants && !names.isStaging) return [];
  return [
    {
      rule: "distribution-kind",
      what: `The distribution ${id} takes no names`,
      why: names.isForTenants
        ? "it serves tenants only, which have the names"
        : "it is the staging copy of another one",
      next: "Name the site's own distribution in slipway.config.ts.",
    },
  ];
}

function tooMany(id: string, amount: number): Blocker {
  return {
    rule: "too-many-aliases",
    what: `The distribution ${id} would have ${amount} names`,
    why: `CloudFront takes at most ${MOST_ALIASES}`,
    next: "Remove names that are no longer used, or ask AWS for a higher quota.",
  };
}

/** A wildcard elsewhere in the account does not hinder: the exact name wins (CF-DG "CNAMEs"). */
function checkHolders(wanted: DomainWanted, { others }: DomainFound): readonly Blocker[] {
  return siteNames(wanted).flatMap((name) => {
    const holder = others.find(({ aliases }) => aliases.includes(name));
    if (holder === undefined) return [];
    return [
      {
        rule: "alias-taken",
        what: `${name} belongs to another distribution`,
        why: `${holder.id} of this account has it as an alias, and a name has one distribution`,
        next: `Take it away from ${holder.id}, or move it: aws cloudfront associate-alias.`,
      } as const,
    ];
  });
}

/** Names that Amazon may not issue a certificate for; ACM fails with CAA_ERROR for them. */
export function checkCaa(wanted: DomainWanted, found: DomainFound): readonly Blocker[] {
  const aliases = found.distribution
    ? readDistributionNames(found.distribution.config).aliases
    : [];
  return certificateNames(wanted, aliases).flatMap((name) => {
    const { caa = [] } = found.hosts.find(({ host }) => host === hostOf(name)) ?? {};
    if (allowsAmazon(caa, name)) return [];
    const tag = name.startsWith("*.") && caa.some((one) => one.tag === "issuewild");
    return [
      {
        rule: "caa",
        what: `Amazon may not issue a certificate for ${name}`,
        why: `its CAA records name only ${caa.map(({ tag, value }) => `${tag} "${value}"`).join(", ")}`,
        next: `Add the CAA record 0 ${tag ? "issuewild" : "issue"} "amazon.com" beside them.`,
      } as const,
    ];
  });
}

function checkRecords(
  wanted: DomainWanted,
  found: DomainFound,
  places: ReadonlyMap<string, Place>,
): readonly Blocker[] {
  const { distribution } = found;
  if (distribution === undefined) return [];
  const { hasIpv6: ipv6 } = readDistributionNames(distribution.config);
  return siteNames(wanted).flatMap((host) => {
    const { records = [] }: Partial<FoundHost> = found.hosts.find((one) => one.host === host) ?? {};
    if (places.get(host)?.kind !== "zone") return [];
    const wish = { host, target: distribution.domainName, ipv6 };
    const { replaced, routed } = addressChange(records, wish);
    return [
      ...routed.slice(0, 1).map(
        (record): Blocker => ({
          rule: "record-routed",
          what: `${host} has records with a routing policy`,
          why: `${recordText(record)}: only you can say what is to become of them`,
          next: "Remove them in Route 53, then run slipway domain again.",
        }),
      ),
      ...(wanted.replace || replaced.length === 0
        ? []
        : [
            {
              rule: "record-in-the-way",
              what: `${host} leads elsewhere today`,
              why: replaced.map(recordText).join(", "),
              next: "Run it with --replace-records if that is to end.",
            } as const,
          ]),
    ];
  });
}
