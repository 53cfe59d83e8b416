import type { Certificate } from "../core/domain/certificate.ts";
import type { DomainPlan } from "../core/domain/plan.ts";
import type { DomainRemoval, DomainResult, DomainStatus } from "../core/domain/results.ts";

/** What `slipway domain` came to, by its action. */
export type DomainOutcome =
  | { readonly action: "bring"; readonly result: DomainResult }
  | { readonly action: "status"; readonly result: DomainStatus }
  | { readonly action: "remove"; readonly result: DomainRemoval };

/** The same for programs. */
export function domainFieldsOf({ action, result }: DomainOutcome): object {
  switch (action) {
    case "bring": {
      const { plan, ...rest } = result;
      return { action, ...rest, ...planFieldsOf(plan) };
    }
    case "status": {
      const { plan, certificate, ...rest } = result;
      const described =
        certificate === undefined ? {} : { certificate: certificateOf(certificate) };
      return { action, ...rest, ...planFieldsOf(plan), ...described };
    }
    case "remove":
      return { action, ...result };
  }
}

function planFieldsOf(plan: DomainPlan) {
  const { canonical, names, distribution, certificate, steps, places, notes, blockers } = plan;
  return {
    canonical,
    names,
    ...(distribution === undefined ? {} : { distribution }),
    ...(certificate.kind === "request"
      ? {}
      : { certificate: certificateOf(certificate.certificate) }),
    steps,
    replaced: plan.addresses.replaced,
    dns: places.map(({ host, place }) => ({
      host,
      kind: place.kind,
      ...(place.kind === "zone" ? { zone: place.zone.id, zoneName: place.zone.name } : {}),
      ...(place.kind === "elsewhere" ? { zoneName: place.apex, servers: place.servers } : {}),
    })),
    notes,
    blockers,
  };
}

function certificateOf({ arn, names, status, notAfter, keyAlgorithm }: Certificate) {
  return { arn, names, status, notAfter: notAfter?.toISOString(), keyAlgorithm };
}
