import type { Blocker } from "./blocker.ts";
import { absolute, isWithin, type ServedZone, withoutDot, withParents, type Zone } from "./dns.ts";
import { similarName } from "./similar-name.ts";

/** The nearest name at or above a host that has servers of its own, as the world sees it. */
export type ZoneCut = {
  readonly name: string;
  /** Empty: the servers that the parent names do not answer for it. */
  readonly servers: readonly string[];
};

/** The hosted zones of the account. */
export type AccountZones = {
  /** Public ones that could hold one of the names. */
  readonly served: readonly ServedZone[];
  readonly all: readonly Zone[];
};

/** Where the records of a host are kept. */
export type Place =
  | { readonly kind: "zone"; readonly zone: ServedZone; readonly notes: readonly string[] }
  | {
      readonly kind: "elsewhere";
      readonly apex: string;
      readonly servers: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: "nowhere"; readonly blocker: Blocker };

export type PlaceFacts = {
  readonly zones: AccountZones;
  readonly cut: ZoneCut | undefined;
  /** The operator says that another DNS host has the names, whatever zones the account has. */
  readonly elsewhere: boolean;
};

/**
 * Finds the zone that the world really asks for a host. Of several zones of one name it is the one
 * whose servers the delegation names; a zone that nobody asks would take records that nobody sees.
 */
export function placeOf(host: string, facts: PlaceFacts): Place {
  const { zones, elsewhere } = facts;
  const cut = registeredCut(facts.cut);
  const own = zones.served.filter(({ name }) => isWithin(host, name));
  if (cut === undefined) return { kind: "nowhere", blocker: unknownDomain(host, own, zones.all) };
  if (elsewhere) return { kind: "elsewhere", apex: cut.name, servers: cut.servers, notes: [] };
  const zone = own.find((candidate) => isAsked(candidate, cut));
  if (zone !== undefined) return { kind: "zone", zone, notes: zoneNotes(zone, cut, zones) };
  const [first] = own.toSorted((a, b) => b.name.length - a.name.length);
  if (first !== undefined) return { kind: "nowhere", blocker: notDelegated(host, first, cut) };
  const meant = similarName(withoutDot(cut.name), publicNames(zones.all));
  if (meant !== undefined) return { kind: "nowhere", blocker: typo(host, meant) };
  const notes = privateNotes(host, zones.all);
  return { kind: "elsewhere", apex: cut.name, servers: cut.servers, notes };
}

/** Second levels below which people register: a cut there says that the host's own domain is not. */
const REGISTRY_LABELS: ReadonlySet<string> = new Set(
  "ac co com edu gov go govt gob gv ltd me mil ne net nom or org plc sch".split(" "),
);

function registeredCut(cut: ZoneCut | undefined): ZoneCut | undefined {
  if (cut === undefined) return undefined;
  const [first = "", last = "", ...more] = withoutDot(cut.name).split(".");
  const isRegistry = last.length === 2 && more.length === 0 && REGISTRY_LABELS.has(first);
  return last === "" || isRegistry ? undefined : cut;
}

function isAsked(zone: ServedZone, cut: ZoneCut): boolean {
  const servers = new Set(zone.nameServers);
  return (
    absolute(zone.name) === absolute(cut.name) && cut.servers.some((name) => servers.has(name))
  );
}

function zoneNotes(zone: ServedZone, cut: ZoneCut, zones: AccountZones): readonly string[] {
  const foreign = cut.servers.filter((server) => !zone.nameServers.includes(server));
  const twins = zones.served.filter(({ name, id }) => name === zone.name && id !== zone.id);
  const name = withoutDot(zone.name);
  return [
    ...(foreign.length === 0
      ? []
      : [`${name} is also delegated to ${foreign.join(", ")}, which do not know these records`]),
    ...twins.map(({ id }) => `another zone of the name ${name} (${id}) is not asked by anybody`),
    ...privateNotes(name, zones.all),
  ];
}

function privateNotes(host: string, all: readonly Zone[]): readonly string[] {
  return all
    .filter(({ name, isPrivate }) => isPrivate && isWithin(host, name))
    .map(({ name, id }) => `the private zone ${withoutDot(name)} (${id}) is left alone`);
}

function publicNames(all: readonly Zone[]): readonly string[] {
  return all.filter(({ isPrivate }) => !isPrivate).map(({ name }) => withoutDot(name));
}

function unknownDomain(host: string, own: readonly ServedZone[], all: readonly Zone[]): Blocker {
  const parents = withParents(host).filter((name) => name.includes("."));
  const known = publicNames(all);
  const meant =
    own.length > 0 ? undefined : parents.flatMap((name) => similarName(name, known) ?? []);
  if (meant?.[0] !== undefined) return typo(host, meant[0]);
  const servers = own[0]?.nameServers.join(", ");
  return {
    rule: "domain-unknown",
    what: `No public name server knows the domain of ${host}`,
    why: "neither the name nor one above it is delegated to anybody",
    next:
      servers === undefined
        ? "Check the spelling in slipway.config.ts; if it is right, register the domain first."
        : `Register the domain, and name these servers at the registrar: ${servers}.`,
  };
}

function typo(host: string, meant: string): Blocker {
  return {
    rule: "domain-typo",
    what: `${host} looks like a typo`,
    why: `the account has the zone ${meant}, and none for this name`,
    next: "Mend domain in slipway.config.ts; if the name is right, run it with --dns-elsewhere.",
  };
}

function notDelegated(host: string, zone: ServedZone, cut: ZoneCut): Blocker {
  const name = withoutDot(zone.name);
  const wanted = zone.nameServers.join(", ");
  const isOther = absolute(zone.name) !== absolute(cut.name);
  const why =
    cut.servers.length === 0
      ? `the servers that the registrar names for ${withoutDot(cut.name)} do not answer for it`
      : `the world asks ${cut.servers.join(", ")}${isOther ? ` (the zone ${withoutDot(cut.name)})` : ""}, the zone ${zone.id} is on ${wanted}`;
  return {
    rule: "zone-not-delegated",
    what: `The zone ${name} for ${host} is not delegated to this account`,
    why,
    next: isOther
      ? `Add NS records for ${name} in ${withoutDot(cut.name)}: ${wanted}. Or run it with --dns-elsewhere and enter the records there.`
      : `Name these servers at the registrar: ${wanted}. Or run it with --dns-elsewhere if another DNS host has the domain.`,
  };
}
