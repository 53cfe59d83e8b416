import { type AddressPlan, planAddresses } from "./address-plan.ts";
import type { Blocker } from "./blocker.ts";
import {
  type CertificateChoice,
  chooseCertificate,
  explainFailure,
  validationRecordsOf,
} from "./certificate.ts";
import { checkCaa, checkDomain } from "./checks.ts";
import { absolute } from "./dns.ts";
import { certificateNames, type DomainFound, type DomainWanted, siteNames } from "./found.ts";
import { type Place, placeOf } from "./place.ts";
import type { DomainProof } from "./results.ts";
import { attachNames, readDistributionNames } from "./viewer-certificate.ts";
import type { EnteredRecord } from "./zone-change.ts";

export type StepKind =
  | "certificate"
  | "validation"
  | "issue"
  | "attach"
  | "deployed"
  | "addresses"
  | "proof";

/** `unseen`: nobody but a visit to the site can tell. */
export type DomainStep = {
  readonly kind: StepKind;
  readonly state: "done" | "open" | "unseen";
};

/** Wanted and found, compared. A value: the same facts give the same plan. */
export type DomainPlan = {
  readonly canonical: string;
  readonly names: readonly string[];
  readonly distribution: { readonly id: string; readonly domainName: string } | undefined;
  readonly certificate: CertificateChoice;
  readonly steps: readonly DomainStep[];
  readonly addresses: AddressPlan;
  readonly places: readonly { readonly host: string; readonly place: Place }[];
  readonly notes: readonly string[];
  readonly blockers: readonly Blocker[];
};

export function planDomain(wanted: DomainWanted, found: DomainFound): DomainPlan {
  const { distribution } = found;
  const current =
    distribution === undefined ? undefined : readDistributionNames(distribution.config);
  const places = placesOf(wanted, found);
  const certificate = chooseCertificate(certificateNames(wanted, current?.aliases ?? []), {
    certificates: found.certificates,
    attached: current?.certificate,
    now: found.now,
  });
  const names = siteNames(wanted);
  // With a certificate in hand the distribution's other names need no look at their zones.
  const isIssued = certificate.kind === "use";
  const needed = (all: ReadonlyMap<string, Place>) =>
    new Map([...all].filter(([host]) => !isIssued || names.includes(host)));
  const addresses = planAddresses(
    distribution === undefined ? [] : found.hosts.filter(({ host }) => names.includes(host)),
    places,
    { target: distribution?.domainName ?? "", ipv6: current?.hasIpv6 === true },
  );
  return {
    canonical: wanted.canonical,
    names,
    distribution:
      distribution === undefined
        ? undefined
        : { id: distribution.id, domainName: distribution.domainName },
    certificate,
    steps: stepsOf({ wanted, found, certificate, addresses, isLost: isLost(names, places, found) }),
    addresses,
    places: [...places].map(([host, place]) => ({ host, place })),
    notes: notesOf(wanted, found, { places, certificate }),
    blockers: [
      ...checkDomain(wanted, found, needed(places)),
      ...(isIssued ? [] : checkCaa(wanted, found)),
    ],
  };
}

/** Whether everything that can be seen from outside the site is as it should be. */
export function isArranged({ steps }: DomainPlan): boolean {
  return steps.every(({ kind, state }) => kind === "proof" || state !== "open");
}

/**
 * The plan as a visit completes it: a name that CloudFront answers leads to it, whatever stands in its
 * zone, and when all answer as they should there is nothing left to say.
 */
export function withProofs(plan: DomainPlan, proofs: readonly DomainProof[]): DomainPlan {
  const answered = ({ name }: EnteredRecord) =>
    proofs.some(({ url, kind }) => url === `https://${name}/` && isFromEdge(kind));
  const enter = plan.addresses.enter.filter((record) => !answered(record));
  const isProven = proofs.length > 0 && proofs.every(({ kind }) => kind === "as-wanted");
  const steps = plan.steps.map((step): DomainStep => {
    const isLed = step.kind === "addresses" && step.state === "unseen" && enter.length === 0;
    return isLed || (step.kind === "proof" && isProven) ? { ...step, state: "done" } : step;
  });
  const notes = isProven ? plan.notes.filter((note) => note !== REDIRECT_NOTE) : plan.notes;
  return { ...plan, addresses: { ...plan.addresses, enter }, steps, notes };
}

function isFromEdge(kind: DomainProof["kind"]): boolean {
  return kind === "as-wanted" || kind === "other-answer";
}

/** Each host that the certificate speaks of, and where its records are kept. */
export function placesOf(
  wanted: DomainWanted,
  { hosts, zones }: Pick<DomainFound, "hosts" | "zones">,
): ReadonlyMap<string, Place> {
  const { elsewhere } = wanted;
  return new Map(hosts.map(({ host, cut }) => [host, placeOf(host, { zones, cut, elsewhere })]));
}

type StepFacts = {
  readonly wanted: DomainWanted;
  readonly found: DomainFound;
  readonly certificate: CertificateChoice;
  readonly addresses: AddressPlan;
  readonly isLost: boolean;
};

/** No record can be named: nobody keeps the zone, or there is nothing to lead to. */
function isLost(
  names: readonly string[],
  places: ReadonlyMap<string, Place>,
  { distribution }: DomainFound,
): boolean {
  return distribution === undefined || names.some((name) => places.get(name)?.kind === "nowhere");
}

function stepsOf({
  wanted,
  found,
  certificate,
  addresses,
  ...rest
}: StepFacts): readonly DomainStep[] {
  const { distribution, proven } = found;
  const isAttached =
    distribution !== undefined &&
    certificate.kind === "use" &&
    attachNames(distribution.config, {
      names: siteNames(wanted),
      certificate: certificate.certificate.arn,
    }) === distribution.config;
  const isDeployed = isAttached && distribution.status === "deployed";
  const state = (done: boolean) => (done ? "done" : "open");
  const isOpen = rest.isLost || addresses.write.length > 0;
  return [
    { kind: "certificate", state: state(certificate.kind !== "request") },
    { kind: "validation", state: state(isValidated(certificate, proven)) },
    { kind: "issue", state: state(certificate.kind === "use") },
    { kind: "attach", state: state(isAttached) },
    { kind: "deployed", state: state(isDeployed) },
    { kind: "addresses", state: !isOpen && addresses.enter.length > 0 ? "unseen" : state(!isOpen) },
    { kind: "proof", state: "unseen" },
  ];
}

/** A certificate that is imported has no records; one that was just requested has none yet. */
function isValidated(choice: CertificateChoice, proven: ReadonlySet<string>): boolean {
  if (choice.kind === "request") return false;
  const records = validationRecordsOf(choice.certificate);
  const isComplete = choice.kind === "use" || records.length > 0;
  return isComplete && records.every(({ name }) => proven.has(absolute(name)));
}

function notesOf(
  wanted: DomainWanted,
  found: DomainFound,
  { places, certificate }: { places: ReadonlyMap<string, Place>; certificate: CertificateChoice },
): readonly string[] {
  const placeNotes = [...places.values()].flatMap((place) =>
    place.kind === "nowhere" ? [] : place.notes,
  );
  const unusable = certificate.kind === "request" ? certificate.unusable : [];
  const kept = certificate.kind === "use" ? checkCaa(wanted, found) : [];
  const isBusy = found.distribution?.status === "in-progress";
  return [
    ...new Set([
      ...placeNotes,
      ...unusable.map((one) => `the certificate ${one.arn} cannot be used: ${whyUnusable(one)}`),
      ...found.misplaced
        .filter(() => certificate.kind === "request")
        .map(({ arn }) => `the certificate ${arn} is not in us-east-1, where CloudFront looks`),
      ...kept.map(({ what }) => `ACM will not renew the certificate: ${what}`),
      ...(isBusy ? ["the distribution is still taking in an earlier change"] : []),
      ...(wanted.also.length > 0 ? [REDIRECT_NOTE] : []),
    ]),
  ];
}

const REDIRECT_NOTE = "the next deploy publishes the redirect to the canonical name";

function whyUnusable(certificate: DomainFound["certificates"][number]): string {
  const { status, keyAlgorithm } = certificate;
  if (status === "issued")
    return `CloudFront does not take its key or it has ended (${keyAlgorithm})`;
  if (status === "pending") return `CloudFront does not take its key (${keyAlgorithm})`;
  return status === "failed" || status === "timed-out" ? explainFailure(certificate).why : status;
}
