import {
  type CertificateChoice,
  chooseCertificate,
  validationRecordsOf,
} from "../core/domain/certificate.ts";
import { absolute, hostOf, isWithin, withoutDot, withParents } from "../core/domain/dns.ts";
import {
  certificateNames,
  type DomainFound,
  type DomainWanted,
  type FoundHost,
} from "../core/domain/found.ts";
import type { AccountZones, Place, ZoneCut } from "../core/domain/place.ts";
import { placesOf } from "../core/domain/plan.ts";
import { readDistributionNames } from "../core/domain/viewer-certificate.ts";
import { validationTargets } from "../core/domain/zone-change.ts";
import { SlipwayError } from "../core/errors.ts";
import type {
  Account,
  Certificates,
  Distributions,
  DnsZones,
  NameLookup,
} from "../estate-ports.ts";
import type { Clock } from "../ports.ts";

export type FactPorts = {
  readonly account: Account;
  readonly distributions: Distributions;
  readonly certificates: Certificates;
  /** Those of the site's own region, where that is another one. */
  readonly regional: Pick<Certificates, "listFor"> | undefined;
  readonly zones: DnsZones;
  readonly lookup: NameLookup;
  readonly clock: Clock;
};

type Search = { readonly wanted: DomainWanted; readonly distribution: string | undefined };

/** Everything that the plan looks at. Reads only. */
export async function findDomain(
  { wanted, distribution: id }: Search,
  ports: FactPorts,
): Promise<DomainFound> {
  const [{ id: account }, distribution, all] = await Promise.all([
    ports.account.identity(),
    id === undefined ? undefined : ports.distributions.find(id),
    ports.distributions.list(),
  ]);
  const current =
    distribution === undefined ? undefined : readDistributionNames(distribution.config);
  const names = certificateNames(wanted, current?.aliases ?? []);
  const hosts = [...new Set(names.map(hostOf))];
  const located = await locateHosts(hosts, wanted, ports);
  const [certificates, misplaced] = await Promise.all([
    ports.certificates.listFor(names),
    listMisplaced(names, ports),
  ]);
  const now = ports.clock.now();
  const choice = chooseCertificate(names, { certificates, attached: current?.certificate, now });
  return {
    account,
    distribution,
    others: all.filter((other) => other.id !== id),
    zones: located.zones,
    hosts: located.hosts,
    certificates,
    misplaced,
    proven: await findProven(choice, [...located.places.values()], ports),
    now,
  };
}

export type LocatedHosts = {
  readonly zones: AccountZones;
  readonly hosts: readonly FoundHost[];
  readonly places: ReadonlyMap<string, Place>;
};

/** Where each host's records are kept, and what they are. */
export async function locateHosts(
  hosts: readonly string[],
  wanted: DomainWanted,
  ports: Pick<FactPorts, "zones" | "lookup">,
): Promise<LocatedHosts> {
  const [zones, seen] = await Promise.all([
    findZones(hosts, ports.zones),
    Promise.all(hosts.map((host) => lookAt(host, ports.lookup))),
  ]);
  const places = placesOf(wanted, { hosts: seen, zones });
  const found: FoundHost[] = [];
  for (const host of seen) {
    const place = places.get(host.host);
    const records =
      place?.kind === "zone" ? await ports.zones.records(place.zone.id, [host.host]) : [];
    found.push({ ...host, records });
  }
  return { zones, hosts: found, places };
}

async function findZones(hosts: readonly string[], zones: DnsZones): Promise<AccountZones> {
  const all = await zones.list();
  const near = all.filter(
    ({ isPrivate, name }) => !isPrivate && hosts.some((host) => isWithin(host, name)),
  );
  const served = near.map(async (zone) => ({
    ...zone,
    nameServers: await zones.nameServers(zone.id),
  }));
  return { all, served: await Promise.all(served) };
}

async function lookAt(host: string, lookup: NameLookup): Promise<FoundHost> {
  const [own = host, ...parents] = withParents(host).filter((name) => name.includes("."));
  const unseen = { host, cname: undefined, caa: [], addresses: [], records: [] };
  const above = await findCut(parents, lookup);
  if (isBroken(above)) return { ...unseen, cut: above };
  // Behind a CNAME the servers would be those of its target; a name with servers of its own has none.
  const cname = parents.length === 0 ? undefined : await lookup.cname(own);
  const cut = cname === undefined ? ((await findCut([own], lookup)) ?? above) : above;
  if (cut === undefined || isBroken(cut)) return { ...unseen, cut };
  const [caa, { a, aaaa }] = await Promise.all([lookup.caa(host), lookup.addresses(host)]);
  return { host, cut, cname, caa, addresses: [...a, ...aaaa], records: [] };
}

/**
 * The nearest delegated one of these names, which go up. A query below a broken delegation fails too,
 * so the topmost name that fails is the broken one.
 */
async function findCut(names: readonly string[], lookup: NameLookup): Promise<ZoneCut | undefined> {
  let broken: ZoneCut | undefined;
  for (const name of names) {
    const delegation = await lookup.delegation(name);
    if (delegation.kind === "served") return broken ?? { name, servers: delegation.servers };
    if (delegation.kind === "broken") broken = { name, servers: [] };
  }
  return broken;
}

function isBroken(cut: ZoneCut | undefined): boolean {
  return cut?.servers.length === 0;
}

/** Only for a remark: who may not look there gets none. */
async function listMisplaced(names: readonly string[], { regional }: FactPorts) {
  try {
    return (await regional?.listFor(names)) ?? [];
  } catch (error) {
    if (error instanceof SlipwayError && error.kind === "cloud") return [];
    throw error;
  }
}

/** The validation records that are in DNS with their value: in the zone, or as the world sees them. */
export async function findProven(
  choice: CertificateChoice,
  places: readonly Place[],
  { zones, lookup }: Pick<FactPorts, "zones" | "lookup">,
): Promise<ReadonlySet<string>> {
  if (choice.kind === "request") return new Set();
  const records = validationRecordsOf(choice.certificate);
  const { write, enter } = validationTargets(records, places);
  const stored = write.map(async ({ zone, changes }) => {
    const names = changes.map(({ record }) => record.name);
    return (await zones.records(zone, names)).filter(({ type }) => type === "CNAME");
  });
  const seen = enter.map(async ({ name }) => ({ name, value: await lookup.cname(name) }));
  const there = new Set([
    ...(await Promise.all(stored)).flat().flatMap(({ name, content }) => {
      const values = content.kind === "values" ? content.values : [];
      return values.map((value) => pairOf(name, value));
    }),
    ...(await Promise.all(seen)).map(({ name, value }) => pairOf(name, value ?? "")),
  ]);
  const proven = records.filter(({ name, value }) => there.has(pairOf(name, value)));
  return new Set(proven.map(({ name }) => absolute(name)));
}

function pairOf(name: string, value: string): string {
  return `${absolute(name)} ${withoutDot(value)}`;
}
