import { enteredRecord, leadsTo } from "../core/domain/address-plan.ts";
import { addressRemoval } from "../core/domain/address-records.ts";
import { type DomainWanted, type FoundHost, siteNames } from "../core/domain/found.ts";
import type { Place } from "../core/domain/place.ts";
import { isCloudFront } from "../core/domain/proof.ts";
import type { DomainRemoval } from "../core/domain/results.ts";
import { detachNames, readDistributionNames } from "../core/domain/viewer-certificate.ts";
import { addToZone, type EnteredRecord, type ZoneChange } from "../core/domain/zone-change.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Probe, StoredDistribution } from "../estate-ports.ts";
import { changeDistribution } from "./change-distribution.ts";
import { changeZones } from "./domain.ts";
import { type FactPorts, type LocatedHosts, locateHosts } from "./domain-facts.ts";
import { type WaitPorts, waitFor } from "./domain-wait.ts";

export type RemoveOptions = {
  readonly wanted: DomainWanted;
  readonly distribution: string | undefined;
  /** Which names; empty: all of the config's. */
  readonly names: readonly string[];
  /** How long to wait in all, in milliseconds. */
  readonly timeout: number;
};

/** What is about to go away; a person agrees to it or not. */
export type RemovalPlan = {
  readonly names: readonly string[];
  readonly distribution: string;
  readonly write: readonly ZoneChange[];
  readonly leave: readonly EnteredRecord[];
};

export type RemovePorts = Pick<FactPorts, "distributions" | "zones" | "lookup"> &
  WaitPorts & { readonly probe: Probe; confirm(plan: RemovalPlan): Promise<boolean> };

/**
 * Takes names away from the distribution: first what leads to it, then the names. The other way round a
 * stranger could claim the name while DNS still leads to CloudFront. The certificate and its validation
 * records stay.
 */
export async function removeDomain(
  options: RemoveOptions,
  ports: RemovePorts,
): Promise<DomainRemoval> {
  const started = ports.clock.now().getTime();
  const until = started + options.timeout;
  const stored = await findDistribution(options, ports);
  const plan = await planRemoval(options, stored, ports);
  const { names, distribution, leave } = plan;
  const end = (kind: "nothing-to-do" | "declined" | "removed"): DomainRemoval => ({
    kind,
    names,
    distribution,
    leave,
    seconds: (ports.clock.now().getTime() - started) / 1000,
  });
  const isAttached = detachNames(stored.config, names) !== stored.config;
  if (!isAttached && plan.write.length === 0 && leave.length === 0) return end("nothing-to-do");
  if (!(await ports.confirm(plan))) return end("declined");

  const synced = await changeZones(plan.write, until, ports);
  if (synced.kind === "waiting") return { ...end("removed"), ...synced };
  if (plan.write.length > 0)
    ports.reporter.report({ kind: "domain-done", deed: "addresses-removed" });
  const { aliases } = readDistributionNames(stored.config);
  const target = { domainName: stored.domainName, aliases };
  const absent = await waitForAbsence(plan, { until, target }, ports);
  if (absent.kind === "waiting") return { ...end("removed"), ...absent };
  const isChanged = await changeDistribution(
    stored.id,
    (config) => detachNames(config, names),
    ports.distributions,
  );
  if (isChanged) ports.reporter.report({ kind: "domain-done", deed: "names-detached" });
  return { ...end("removed"), leave: [] };
}

async function findDistribution(
  { distribution: id }: RemoveOptions,
  { distributions }: RemovePorts,
): Promise<StoredDistribution> {
  const stored = id === undefined ? undefined : await distributions.find(id);
  if (stored !== undefined) return stored;
  throw new SlipwayError("config", {
    what: "There is no distribution to take names away from",
    why:
      id === undefined ? "none is named in slipway.config.ts" : `the account has none of id ${id}`,
    next: "Check distribution in slipway.config.ts, and that AWS_PROFILE names the right account.",
  });
}

async function planRemoval(
  { wanted, names: chosen }: RemoveOptions,
  stored: StoredDistribution,
  ports: RemovePorts,
): Promise<RemovalPlan> {
  const { aliases } = readDistributionNames(stored.config);
  const known = [...siteNames(wanted), ...aliases];
  const names = chosen.length === 0 ? siteNames(wanted) : chosen.map((name) => name.toLowerCase());
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw notOurs(unknown, known);
  const located = await locateHosts(names, wanted, ports);
  const target = { domainName: stored.domainName, aliases };
  return { names, distribution: stored.id, ...(await whatLeads(located, target, ports)) };
}

type Target = { readonly domainName: string; readonly aliases: readonly string[] };

async function whatLeads({ hosts, places }: LocatedHosts, target: Target, ports: RemovePorts) {
  let write: readonly ZoneChange[] = [];
  const leave: EnteredRecord[] = [];
  for (const found of hosts) {
    const { host } = found;
    const place = places.get(host);
    const removal = addressRemoval(found.records, { host, target: target.domainName });
    if (place?.kind === "zone" && removal.length > 0) {
      write = addToZone(write, place.zone, removal);
    } else if (await stillLeads(found, target, ports.probe)) {
      leave.push(enteredRecord(host, apexOf(found, place), target.domainName));
    }
  }
  return { write, leave };
}

function apexOf({ host, cut }: FoundHost, place: Place | undefined): string {
  if (place?.kind === "elsewhere") return place.apex;
  return place?.kind === "zone" ? place.zone.name : (cut?.name ?? host);
}

/**
 * Whether DNS leads here, by whatever record: an ALIAS, a wildcard or one of several is seen by nobody.
 * A name has one distribution, so when CloudFront answers to one that ours has, ours has answered.
 */
async function stillLeads(
  found: Pick<FoundHost, "host" | "cname">,
  { domainName, aliases }: Target,
  probe: Probe,
): Promise<boolean> {
  if (leadsTo(found, domainName)) return true;
  if (!aliases.includes(found.host)) return false;
  try {
    // Without TLS: a certificate that has ended would hide who answers.
    return isCloudFront((await probe.get(`http://${found.host}/`)).headers);
  } catch (error) {
    if (error instanceof SlipwayError && error.kind === "cloud") return false;
    throw error;
  }
}

/** What a person has to remove must be gone before the name is given up. */
async function waitForAbsence(
  { leave }: RemovalPlan,
  { until, target }: { readonly until: number; readonly target: Target },
  ports: RemovePorts,
) {
  if (leave.length > 0) ports.reporter.report({ kind: "domain-leave", records: leave });
  return await waitFor(
    async () => {
      for (const { name: host } of leave) {
        const cname = await ports.lookup.cname(host);
        if (await stillLeads({ host, cname }, target, ports.probe)) return undefined;
      }
      return "gone";
    },
    { for: "absence", until },
    ports,
  );
}

function notOurs(unknown: readonly string[], known: readonly string[]): SlipwayError {
  return new SlipwayError("usage", {
    what: `${unknown.join(", ")} cannot be removed`,
    why: `the config and the distribution have only ${known.join(", ")}`,
    next: "Name one of those, or none for all of the config's.",
  });
}
