import {
  type Certificate,
  explainFailure,
  validationRecordsOf,
} from "../core/domain/certificate.ts";
import { absolute } from "../core/domain/dns.ts";
import type { DomainFound, DomainWanted } from "../core/domain/found.ts";
import { type DomainPlan, isArranged, planDomain, withProofs } from "../core/domain/plan.ts";
import type { DomainPause, DomainProof, DomainResult } from "../core/domain/results.ts";
import { attachNames } from "../core/domain/viewer-certificate.ts";
import {
  type EnteredRecord,
  validationTargets,
  type ZoneChange,
} from "../core/domain/zone-change.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Probe } from "../estate-ports.ts";
import { changeDistribution } from "./change-distribution.ts";
import { type FactPorts, findDomain } from "./domain-facts.ts";
import { proveNames } from "./domain-proof.ts";
import { type WaitPorts, waitFor } from "./domain-wait.ts";

export type DomainOptions = {
  readonly wanted: DomainWanted;
  readonly distribution: string | undefined;
  /** Put on what is created. */
  readonly tags: Readonly<Record<string, string>>;
  /** How long to wait in all, in milliseconds. */
  readonly timeout: number;
};

export type DomainPorts = FactPorts &
  WaitPorts & {
    readonly probe: Probe;
    /** Asked before the first change. */
    confirm(plan: DomainPlan): Promise<boolean>;
    /** Asked when nothing but records of somebody else hinders. */
    confirmReplacement(plan: DomainPlan): Promise<boolean>;
  };

/** What every step of a run shares. */
type Run = {
  readonly options: DomainOptions;
  readonly ports: DomainPorts;
  readonly plan: DomainPlan;
  readonly found: DomainFound;
  readonly until: number;
};

/**
 * Brings the site's names to its distribution: certificate, validation, names, records, proof. Each run
 * computes afresh what is left, so one that broke off is finished by the next; nothing is made twice.
 * The records come last, so that a name that leads elsewhere today does so until the edges know it.
 */
export async function bringDomain(
  options: DomainOptions,
  ports: DomainPorts,
): Promise<DomainResult> {
  const started = ports.clock.now().getTime();
  const found = await findDomain(options, ports);
  const plan = await planWithConsent(options.wanted, found, ports);
  const ending = async (): Promise<Ending> => {
    if (plan.blockers.length > 0) return { kind: "refused" };
    if (!isArranged(plan) && !(await ports.confirm(plan))) return { kind: "declined" };
    const until = started + options.timeout;
    return await carryOut({ options, ports, plan, found, until });
  };
  const end = await ending();
  return { ...end, plan, seconds: (ports.clock.now().getTime() - started) / 1000 };
}

type Ending = DomainResult extends infer Result
  ? Result extends DomainResult
    ? Omit<Result, "plan" | "seconds">
    : never
  : never;

async function planWithConsent(
  wanted: DomainWanted,
  found: DomainFound,
  ports: DomainPorts,
): Promise<DomainPlan> {
  const plan = planDomain(wanted, found);
  const { blockers } = plan;
  const isOnlyRecords = blockers.every(({ rule }) => rule === "record-in-the-way");
  if (blockers.length === 0 || !isOnlyRecords) return plan;
  const agreed = await ports.confirmReplacement(plan);
  return agreed ? planDomain({ ...wanted, replace: true }, found) : plan;
}

async function carryOut(run: Run): Promise<Ending> {
  const { plan } = run;
  const certificate = await obtainCertificate(run);
  if (certificate.kind === "waiting") return { ...certificate, proofs: [] };
  const isDeployed = await attach(run, certificate.value);
  if (isDeployed.kind === "waiting") return { ...isDeployed, enter: [], proofs: [] };
  const written = await writeAddresses(run);
  const { enter } = plan.addresses;
  if (written?.kind === "waiting") return { ...written, enter, proofs: [] };
  return await prove(run);
}

/** Visits the names until they answer. Who has to enter records is told after the first visit. */
async function prove({ plan, ports, until }: Run): Promise<Ending> {
  let proofs: readonly DomainProof[] = [];
  let isTold = false;
  const missing = () => withProofs(plan, proofs).addresses.enter;
  const visit = await waitFor(
    async () => {
      proofs = await proveNames(plan, ports.probe);
      const records = missing();
      if (!isTold && records.length > 0) ports.reporter.report({ kind: "domain-enter", records });
      isTold = true;
      return proofs.some(mayChange) ? undefined : proofs;
    },
    { for: "visit", until },
    ports,
  );
  if (visit.kind === "waiting") return { ...visit, enter: missing(), proofs };
  const isLive = proofs.every(({ kind }) => kind === "as-wanted");
  return { kind: isLive ? "live" : "unproven", proofs };
}

function mayChange({ kind }: DomainProof): boolean {
  return kind === "no-answer" || kind === "other-server";
}

type Obtained =
  | { readonly kind: "seen"; readonly value: string }
  | (DomainPause & { readonly enter: readonly EnteredRecord[] });

/** Gives the ARN of an issued certificate. */
async function obtainCertificate(run: Run): Promise<Obtained> {
  const { plan, ports, until } = run;
  const { certificate: choice } = plan;
  if (choice.kind === "use") {
    await writeValidation(run, choice.certificate);
    return { kind: "seen", value: choice.certificate.arn };
  }
  const arn = choice.kind === "wait" ? choice.certificate.arn : await requestCertificate(run);
  const named = await waitFor(
    async () => {
      const certificate = await lookAtCertificate(arn, ports);
      return certificate !== undefined && isNamed(certificate) ? certificate : undefined;
    },
    { for: "validation-records", until },
    ports,
  );
  if (named.kind === "waiting") return { ...named, enter: [] };
  const enter = await writeValidation(run, named.value);
  const issued = await waitFor(
    async () => {
      const certificate = await lookAtCertificate(arn, ports);
      return certificate?.status === "issued" ? certificate : undefined;
    },
    { for: "certificate", until, since: named.value.requestedAt },
    ports,
  );
  if (issued.kind === "waiting") return { ...issued, enter };
  ports.reporter.report({ kind: "domain-done", deed: "certificate-issued" });
  return { kind: "seen", value: arn };
}

async function requestCertificate({ plan, ports, options }: Run): Promise<string> {
  const { certificate: choice } = plan;
  if (choice.kind !== "request") return choice.certificate.arn;
  const { names, attempt } = choice;
  const arn = await ports.certificates.request({ names, attempt, tags: options.tags });
  ports.reporter.report({ kind: "domain-done", deed: "certificate-requested" });
  return arn;
}

/** ACM names the record of each name some seconds after the request. */
function isNamed({ names, validation, status }: Certificate): boolean {
  return status === "issued" || validation.length >= names.length;
}

/** Undefined: ACM does not know it yet. Throws when it came to nothing. */
async function lookAtCertificate(
  arn: string,
  { certificates }: DomainPorts,
): Promise<Certificate | undefined> {
  const certificate = await certificates.find(arn);
  if (certificate === undefined) return undefined;
  if (certificate.status === "pending" || certificate.status === "issued") return certificate;
  throw new SlipwayError("cloud", {
    what: `The certificate for ${certificate.names.join(", ")} was not issued (${certificate.status})`,
    ...explainFailure(certificate),
  });
}

/** Writes the records that are missing; gives those that a person has to enter, and tells them. */
async function writeValidation(
  { plan, ports, found }: Run,
  certificate: Certificate,
): Promise<readonly EnteredRecord[]> {
  const missing = validationRecordsOf(certificate).filter(
    ({ name }) => !found.proven.has(absolute(name)),
  );
  const places = plan.places.map(({ place }) => place);
  const { write, enter } = validationTargets(missing, places);
  for (const { zone, changes } of write) await ports.zones.change(zone, changes);
  if (write.length > 0) ports.reporter.report({ kind: "domain-done", deed: "validation-written" });
  if (enter.length > 0) ports.reporter.report({ kind: "domain-enter", records: enter });
  return enter;
}

/** Gives names and certificate to the distribution, and waits until all edges have them. */
async function attach(run: Run, certificate: string) {
  const { plan, ports, until } = run;
  const { names, distribution } = plan;
  const id = distribution?.id ?? "";
  const isChanged = await changeDistribution(
    id,
    (config) => attachNames(config, { names, certificate }),
    ports.distributions,
  );
  if (isChanged) ports.reporter.report({ kind: "domain-done", deed: "names-attached" });
  return await waitFor(
    async () => {
      const stored = await ports.distributions.find(id);
      return stored?.status === "deployed" ? stored : undefined;
    },
    { for: "distribution", until },
    ports,
  );
}

async function writeAddresses({ plan, ports, until }: Run): Promise<DomainPause | undefined> {
  const { write } = plan.addresses;
  const synced = await changeZones(write, until, ports);
  if (write.length > 0) ports.reporter.report({ kind: "domain-done", deed: "addresses-written" });
  return synced.kind === "waiting" ? synced : undefined;
}

/** One batch for each zone; then waits until Route 53's servers have them all. */
export async function changeZones(
  zoneChanges: readonly ZoneChange[],
  until: number,
  ports: Pick<FactPorts, "zones"> & WaitPorts,
) {
  const pending: string[] = [];
  for (const { zone, changes } of zoneChanges)
    pending.push(await ports.zones.change(zone, changes));
  return await waitFor(
    async () => {
      while (pending[0] !== undefined) {
        if (!(await ports.zones.isInSync(pending[0]))) return undefined;
        pending.shift();
      }
      return "in sync";
    },
    { for: "records", until },
    ports,
  );
}
