import { recordText } from "../core/domain/address-records.ts";
import type { Blocker } from "../core/domain/blocker.ts";
import { withoutDot } from "../core/domain/dns.ts";
import type { DomainPlan, DomainStep } from "../core/domain/plan.ts";
import {
  type DomainProof,
  type DomainRemoval,
  type DomainResult,
  type DomainStatus,
  WAITS,
} from "../core/domain/results.ts";
import type { ZoneChange } from "../core/domain/zone-change.ts";
import type { Paint } from "./paint.ts";
import { renderRecords } from "./render-domain-records.ts";
import { printable, seconds } from "./words.ts";

/** The steps, what stands in their way, and what a person should know. */
export function renderDomainPlan(plan: DomainPlan, paint: Paint): readonly string[] {
  return [
    `${paint.strong(plan.names.join(", "))} for the distribution ${plan.distribution?.id ?? "(none)"}`,
    "",
    ...plan.steps.map((step) => stepLine(step, plan, paint)),
    ...plan.addresses.replaced.map((record) =>
      paint.warn(`  replaces ${printable(recordText(record))}`),
    ),
    ...section(plan.notes.map((note) => paint.faint(`  note: ${printable(note)}`))),
    ...section(plan.blockers.flatMap((blocker) => blockerLines(blocker, paint))),
  ];
}

/** What a run came to, below the plan. */
export function renderDomain(result: DomainResult, paint: Paint): readonly string[] {
  switch (result.kind) {
    case "refused":
    case "declined":
      return ["Nothing was changed."];
    case "live":
      return [
        ...result.proofs.map((proof) => proofLine(proof, paint)),
        `${paint.good("Live:")} https://${result.plan.canonical}/ (${seconds(result.seconds)})`,
      ];
    case "unproven":
      return [
        ...result.proofs.map((proof) => proofLine(proof, paint)),
        paint.warn("All is arranged, and a visit shows something else."),
      ];
    case "waiting":
      return [
        ...result.proofs.map((proof) => proofLine(proof, paint)),
        ...waitingLines(result, "slipway domain"),
      ];
  }
}

/** How far everything is. */
export function renderDomainStatus(status: DomainStatus, paint: Paint): readonly string[] {
  const { certificate, daysLeft } = status;
  const lasts = daysLeft === undefined ? "" : `, ${daysLeft} days left`;
  return [
    ...renderDomainPlan(status.plan, paint),
    ...section(
      certificate === undefined
        ? ["  certificate: none"]
        : [`  certificate: ${certificate.arn}`, `               ${certificate.status}${lasts}`],
    ),
    ...status.warnings.map((warning) => paint.warn(`  warning: ${warning}`)),
    ...section(status.proofs.map((proof) => proofLine(proof, paint))),
    ...section(
      status.enter.length === 0
        ? []
        : ["Records that are missing:", ...renderRecords(status.enter)],
    ),
  ];
}

/** What is about to be taken away. */
export function renderRemovalPlan({
  names,
  distribution,
  write,
}: Pick<DomainRemoval, "names" | "distribution"> & {
  readonly write: readonly ZoneChange[];
}): readonly string[] {
  const records = write.flatMap(({ changes }) => changes.map(({ record }) => record));
  return [
    `${names.join(", ")} from the distribution ${distribution}`,
    "",
    ...records.map((record) => `  remove ${printable(recordText(record))}`),
    `  then take the names away from ${distribution}`,
    "  The certificate and its validation records stay: they cost nothing, and are there again when needed.",
  ];
}

export function renderRemoval(result: DomainRemoval, paint: Paint): readonly string[] {
  switch (result.kind) {
    case "nothing-to-do":
      return [paint.good("Nothing to do: the distribution has none of these names.")];
    case "declined":
      return ["Nothing was changed."];
    case "removed":
      return [`${paint.good("Removed")} ${result.names.join(", ")} in ${seconds(result.seconds)}`];
    case "waiting":
      return waitingLines(result, "slipway domain remove");
  }
}

function waitingLines(
  pause: { readonly for: keyof typeof WAITS; readonly because: "time-out" | "interrupted" },
  command: string,
): readonly string[] {
  const { what, usually } = WAITS[pause.for];
  const why = pause.because === "interrupted" ? "Stopped while waiting" : "Still waiting";
  return [`${why} for ${what} (usually ${usually}).`, `Nothing is lost: run ${command} again.`];
}

const MARKS = { done: "✓", open: "•", unseen: "?" } as const;

function stepLine(step: DomainStep, plan: DomainPlan, paint: Paint): string {
  const mark = MARKS[step.state];
  const text = `  ${mark} ${stepText(step, plan)}`;
  return step.state === "done" ? paint.good(text) : text;
}

function stepText({ kind, state }: DomainStep, plan: DomainPlan): string {
  const isDone = state === "done";
  switch (kind) {
    case "certificate":
      return plan.certificate.kind === "request"
        ? `request a certificate for ${plan.certificate.names.join(", ")} (us-east-1, free)`
        : `certificate ${plan.certificate.certificate.arn}`;
    case "validation":
      return isDone
        ? "validation records in DNS"
        : `put its validation records into ${whereTo(plan)}`;
    case "issue":
      return isDone ? "certificate issued" : waitText("certificate");
    case "attach":
      return isDone
        ? "names and certificate on the distribution"
        : `give names and certificate to ${plan.distribution?.id ?? "it"} (TLS 1.2 or newer)`;
    case "deployed":
      return isDone ? "deployed to all edges" : waitText("distribution");
    case "addresses":
      return addressText(state, plan);
    case "proof":
      return "visit every name by https and http";
  }
}

function waitText(wait: keyof typeof WAITS): string {
  const { what, usually } = WAITS[wait];
  return `wait for ${what} (usually ${usually})`;
}

function whereTo({ places }: DomainPlan): string {
  const names = new Set(
    places.flatMap(({ place }) =>
      place.kind === "zone" ? [`the zone ${withoutDot(place.zone.name)}`] : [],
    ),
  );
  const isElsewhere = places.some(({ place }) => place.kind === "elsewhere");
  const known = [...names, ...(isElsewhere ? ["the DNS host's zone, by you"] : [])];
  return known.length === 0 ? "DNS" : known.join(" and into ");
}

function addressText(state: DomainStep["state"], { addresses }: DomainPlan): string {
  const { write, enter } = addresses;
  if (state === "done") return "the names lead to the distribution";
  const changes = write.flatMap((zone) => zone.changes);
  const texts = [
    ...changes.map(({ action, record }) => `${action.toLowerCase()} ${recordText(record)}`),
    ...enter.map(({ name, type, value }) => `enter ${name} ${type} ${value} elsewhere`),
  ];
  if (texts.length === 0) return "let the names lead to the distribution";
  return texts.map(printable).join("\n    ");
}

function blockerLines({ rule, what, why, next }: Blocker, paint: Paint): readonly string[] {
  return [`${paint.bad(`  ${rule}`)}: ${what}`, `    ${printable(why)}`, `    ${next}`];
}

function proofLine({ url, kind, got, wanted, next }: DomainProof, paint: Paint): string {
  if (kind === "as-wanted") return paint.good(`  ✓ ${url} answers ${printable(got)}`);
  const text = `  ✗ ${url}: ${printable(got)} (wanted: ${wanted})`;
  return `${paint.bad(text)}\n    ${next}`;
}

/** Lines with an empty one before them, if there are any. */
function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
