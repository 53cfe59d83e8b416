import type { Certificate, CertificateStatus } from "../../deploy/core/domain/certificate.ts";
import {
  absolute,
  type CaaRecord,
  type DnsRecord,
  isWithin,
  type RecordChange,
  withoutDot,
  withParents,
  type Zone,
} from "../../deploy/core/domain/dns.ts";
import { readDistributionNames } from "../../deploy/core/domain/viewer-certificate.ts";
import type { EnteredRecord } from "../../deploy/core/domain/zone-change.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import type { StoredDistribution } from "../../deploy/estate-ports.ts";
import { bareDistributionConfig, createMemoryDistributions } from "./memory-estate.ts";

/** Thrown in the place of an answer, as if the process had died there. */
export class Died extends Error {}

type MemoryZone = Zone & { readonly nameServers: readonly string[]; records: DnsRecord[] };
type MemoryCertificate = Certificate & { readonly token: string; readonly since: number };

/** How long things take in this world, in milliseconds. */
const NAMING_MS = 4_000;
const ISSUING_MS = 60_000;
const DEPLOYING_MS = 180_000;
const SYNCING_MS = 20_000;

const NOON = Date.parse("2026-11-22T12:00:00Z");
const YEAR_MS = 198 * 86_400_000;

export const SERVERS = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"];
export const OTHER_SERVERS = ["ada.ns.example-dns.net", "bob.ns.example-dns.net"];

/**
 * ACM, Route 53, CloudFront, the world's DNS and its visitors, with a clock that only sleeping moves.
 * Certificates are issued once the world sees their records; distributions deploy by and by.
 */
export function createDomainWorld({ config = siteConfig() } = {}) {
  const distributions = createMemoryDistributions();
  const distribution = distributions.add(config);
  const zones: MemoryZone[] = [];
  const certificates = new Map<string, MemoryCertificate>();
  const delegations = new Map<string, readonly string[] | "broken">();
  const caa = new Map<string, readonly CaaRecord[]>();
  const foreign = new Map<string, { readonly type: string; readonly value: string }>();
  const changes = new Map<string, number>();
  const events: ProgressEvent[] = [];
  const updatedAt = new Map<string, number>();
  const calls: string[] = [];
  let now = NOON;

  const world = {
    distribution,
    distributions,
    zones,
    certificates,
    delegations,
    caa,
    foreign,
    events,
    calls,
    account: "111122223333",
    /** Dies at this call, before it has its effect or after. */
    diesAt: Number.POSITIVE_INFINITY,
    diesAfterEffect: false,
    /** What becomes of a requested certificate. */
    fate: { status: "issued" as CertificateStatus, failure: undefined as string | undefined },
    /** Whether the next deploy has published the redirect. */
    publishesRedirect: true,
    /** Somebody who enters and removes records at another DNS host as soon as they are told to. */
    hasHelper: true,
    interruption: { requested: false },
    answers: { replacement: false, confirmation: true },
    stored: (): StoredDistribution => {
      const found = distributions.stored.get(distribution.id);
      if (found === undefined) throw new Error("the distribution is gone");
      return found;
    },
    addZone(
      name: string,
      { id = `Z${zones.length + 1}`, isPrivate = false, servers = SERVERS } = {},
    ) {
      const zone = { id, name: absolute(name), isPrivate, nameServers: servers, records: [] };
      zones.push(zone);
      return zone as MemoryZone;
    },
    addCertificate(given: Partial<Certificate> & { readonly names: readonly string[] }) {
      const arn =
        given.arn ?? `arn:aws:acm:us-east-1:111122223333:certificate/${certificates.size + 1}`;
      const certificate: MemoryCertificate = {
        status: "issued",
        failure: undefined,
        validation: recordsFor(given.names),
        requestedAt: new Date(now),
        notAfter: new Date(now + YEAR_MS),
        inUseBy: [],
        keyAlgorithm: "RSA_2048",
        token: "",
        since: now,
        ...given,
        arn,
      };
      certificates.set(arn, certificate);
      return certificate;
    },
    ports,
  };
  return world;

  /** Below a broken delegation no resolver has an answer. */
  function resolve<Answer>(name: string, answer: () => Answer): Answer {
    if (withParents(name).some((parent) => delegations.get(parent) === "broken")) {
      throw unreachable(name, "ESERVFAIL");
    }
    return answer();
  }

  /** The record of a name as the world sees it, in whatever zone it is asked for. */
  function seen(name: string): readonly DnsRecord[] {
    const apex = withParents(name).find((parent) => delegations.has(parent));
    const servers = apex === undefined ? undefined : delegations.get(apex);
    if (apex === undefined || servers === undefined || servers === "broken") return [];
    const zone = zones.find(
      (one) =>
        !one.isPrivate &&
        withoutDot(one.name) === apex &&
        one.nameServers.some((server) => servers.includes(server)),
    );
    if (zone !== undefined) return zone.records.filter((one) => one.name === absolute(name));
    const entry = foreign.get(withoutDot(name));
    if (entry === undefined) return [];
    const content = { kind: "values", ttl: 300, values: [entry.value] } as const;
    return [{ name: absolute(name), type: entry.type, content }];
  }

  function cnameOf(name: string): string | undefined {
    const record = seen(name).find(({ type }) => type === "CNAME");
    return record?.content.kind === "values"
      ? withoutDot(record.content.values[0] ?? "")
      : undefined;
  }

  function leadsTo(name: string): string | undefined {
    for (const { type, content } of seen(name)) {
      if (content.kind === "alias") return withoutDot(content.target);
      if (content.kind === "values" && (type === "CNAME" || type === "ALIAS"))
        return withoutDot(content.values[0] ?? "");
    }
    return undefined;
  }

  function settle(): void {
    for (const [arn, certificate] of certificates) {
      if (certificate.status === "pending") certificates.set(arn, aged(certificate));
    }
    for (const [id, stored] of distributions.stored) {
      const isDone = now - (updatedAt.get(id) ?? NOON) >= DEPLOYING_MS;
      if (isDone) distributions.stored.set(id, { ...stored, status: "deployed" });
    }
  }

  function aged(certificate: MemoryCertificate): MemoryCertificate {
    const age = now - certificate.since;
    if (age < NAMING_MS) return certificate;
    const validation = recordsFor(certificate.names);
    const isProven = validation.every(({ name, value }) => cnameOf(name) === withoutDot(value));
    const { status, failure } = world.fate;
    if (status !== "issued") return { ...certificate, validation, status, failure };
    if (!isProven || age < ISSUING_MS) return { ...certificate, validation };
    return { ...certificate, validation, status, notAfter: new Date(now + YEAR_MS) };
  }

  /** Every call is counted, settles the world, and may be the one at which the process dies. */
  function call<Answer>(name: string, effect: () => Answer): Promise<Answer> {
    calls.push(name);
    settle();
    const dies = calls.length === world.diesAt;
    if (dies && !world.diesAfterEffect) return Promise.reject(new Died(name));
    try {
      const answer = effect();
      return dies ? Promise.reject(new Died(name)) : Promise.resolve(answer);
    } catch (error) {
      return Promise.reject(dies ? new Died(name) : error);
    }
  }

  function zoneOf(id: string): MemoryZone {
    const zone = zones.find((one) => one.id === id);
    if (zone === undefined) throw new Error(`there is no zone ${id}`);
    return zone;
  }

  function visit(url: string) {
    const { protocol, hostname } = new URL(url);
    const stored = world.stored();
    const { aliases, certificate } = readDistributionNames(stored.config);
    if (leadsTo(hostname) !== stored.domainName) throw unreachable(url, "no record leads anywhere");
    if (!aliases.includes(hostname))
      throw unreachable(url, "the distribution does not know the name");
    if (certificate === undefined || certificates.get(certificate)?.status !== "issued")
      throw unreachable(url, "no certificate");
    const headers = { "x-amz-cf-id": "abc" };
    const [canonical = ""] = canonicalFirst(aliases);
    const redirect = {
      status: 301,
      headers: { ...headers, location: `https://${canonical}/` },
      body: "",
    };
    if (protocol === "http:") return redirect;
    if (hostname !== canonical && world.publishesRedirect) return redirect;
    return { status: 200, headers, body: "<h1>Home</h1>" };
  }

  function ports() {
    return {
      account: {
        identity: () =>
          call("identity", () => ({
            id: world.account,
            arn: `arn:aws:iam::${world.account}:user/test`,
          })),
      },
      distributions: {
        find: (id: string) => call("find-distribution", () => distributions.stored.get(id)),
        list: async () => {
          await call("list-distributions", () => undefined);
          return await distributions.list();
        },
        create: distributions.create,
        update: async (stored: StoredDistribution, changed: string) => {
          // In memory the update is made at once; its promise is only for form.
          let answer: ReturnType<typeof distributions.update> | undefined;
          await call("update-distribution", () => {
            answer = distributions.update(stored, changed);
            updatedAt.set(stored.id, now);
          });
          if (answer === undefined) throw new Error("no update was made");
          return await answer;
        },
      },
      certificates: {
        listFor: (_names: readonly string[]) =>
          call("list-certificates", () => [...certificates.values()]),
        find: (arn: string) => call("find-certificate", () => certificates.get(arn)),
        request: ({ names, attempt }: { names: readonly string[]; attempt: number }) =>
          call("request-certificate", () => {
            const token = [...names.toSorted(), attempt].join(" ");
            const earlier = [...certificates.values()].find((one) => one.token === token);
            if (earlier !== undefined) return earlier.arn;
            const fresh = {
              names,
              status: "pending",
              validation: [],
              notAfter: undefined,
            } as const;
            const made = world.addCertificate(fresh);
            certificates.set(made.arn, { ...made, token });
            return made.arn;
          }),
      },
      regional: undefined,
      zones: {
        list: () =>
          call("list-zones", () =>
            zones.map(({ id, name, isPrivate }) => ({ id, name, isPrivate })),
          ),
        nameServers: (id: string) => call("name-servers", () => zoneOf(id).nameServers),
        records: (id: string, names: readonly string[]) =>
          call("records", () =>
            zoneOf(id).records.filter(({ name }) => names.map(absolute).includes(name)),
          ),
        change: (id: string, batch: readonly RecordChange[]) =>
          call("change-records", () => {
            applyBatch(zoneOf(id), batch);
            const change = `C${changes.size + 1}`;
            changes.set(change, now);
            return change;
          }),
        isInSync: (id: string) =>
          call("is-in-sync", () => now - (changes.get(id) ?? now) >= SYNCING_MS),
      },
      lookup: {
        delegation: (name: string) =>
          call("delegation", () => {
            const isBroken = withParents(name).some((one) => delegations.get(one) === "broken");
            if (isBroken) return { kind: "broken" } as const;
            const servers = delegations.get(withoutDot(name));
            if (servers === undefined || servers === "broken") return { kind: "none" } as const;
            return { kind: "served", servers } as const;
          }),
        caa: (name: string) =>
          call("caa", () =>
            resolve(name, () => {
              const parent = withParents(name).find((one) => caa.has(one));
              return parent === undefined ? [] : (caa.get(parent) ?? []);
            }),
          ),
        cname: (name: string) => call("cname", () => resolve(name, () => cnameOf(name))),
        addresses: (name: string) =>
          call("addresses", () => resolve(name, () => ({ a: [], aaaa: [] }))),
      },
      probe: { get: (url: string) => call("visit", () => visit(url)) },
      clock: {
        now: () => new Date(now),
        sleep: async (milliseconds: number) => {
          now += milliseconds;
        },
      },
      reporter: {
        report(event: ProgressEvent) {
          events.push(event);
          if (!world.hasHelper) return;
          if (event.kind === "domain-enter") event.records.forEach(enter);
          if (event.kind === "domain-leave")
            for (const { name } of event.records) foreign.delete(name);
        },
      },
      interruption: world.interruption,
      confirm: () => Promise.resolve(world.answers.confirmation),
      confirmReplacement: () => Promise.resolve(world.answers.replacement),
    };
  }

  function enter({ name, type, value }: EnteredRecord): void {
    foreign.set(name, { type, value });
  }
}

export type DomainWorld = ReturnType<typeof createDomainWorld>;

/** A distribution of a set-up site, with fields that we know nothing of. */
export function siteConfig(extra = ""): string {
  const fields = [
    "<IsIPV6Enabled>true</IsIPV6Enabled>",
    "<FutureThing><Mode>on</Mode></FutureThing>",
    extra,
  ];
  return bareDistributionConfig({ extra: fields.join("") });
}

/** In this world the canonical name begins with www. */
function canonicalFirst(aliases: readonly string[]): readonly string[] {
  return [...aliases].sort((a, b) => Number(b.startsWith("www.")) - Number(a.startsWith("www.")));
}

/** The apex and its wildcard have one record. */
export function recordsFor(names: readonly string[]) {
  return names.map((name) => {
    const host = name.replace(/^\*\./, "");
    return { name: `_v.${host}.`, value: `_p-${host.replaceAll(".", "-")}.acm-validations.aws.` };
  });
}

function unreachable(url: string, why: string): SlipwayError {
  return new SlipwayError("cloud", { what: `${url} does not answer`, why, next: "Try again." });
}

/** All or nothing, with the refusals that Route 53 has. */
function applyBatch(zone: MemoryZone, batch: readonly RecordChange[]): void {
  const records = batch.reduce(applyChange, zone.records);
  const stranger = records.find(({ name }) => !isWithin(name, zone.name));
  if (stranger !== undefined) throw new Error(`${stranger.name} is not in ${zone.name}`);
  const crowded = records.find(({ name, type }) =>
    records.some((one) => type === "CNAME" && one.name === name && one.type !== type),
  );
  if (crowded !== undefined) throw new Error(`${crowded.name} has a CNAME beside others`);
  zone.records = records;
}

function applyChange(records: DnsRecord[], { action, record }: RecordChange): DnsRecord[] {
  const isSame = (one: DnsRecord) => one.name === record.name && one.type === record.type;
  const found = records.find(isSame);
  if (action === "CREATE" && found !== undefined) throw new Error(`${record.name} exists`);
  if (action === "DELETE" && JSON.stringify(found) !== JSON.stringify(record)) {
    throw new Error(`${record.name} is not as it was`);
  }
  const others = records.filter((one) => !isSame(one));
  return action === "DELETE" ? others : [...others, record];
}
