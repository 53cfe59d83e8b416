import { daysLeft, validationRecordsOf } from "../core/domain/certificate.ts";
import { absolute } from "../core/domain/dns.ts";
import { planDomain, withProofs } from "../core/domain/plan.ts";
import type { DomainStatus } from "../core/domain/results.ts";
import { readDistributionNames } from "../core/domain/viewer-certificate.ts";
import { renewalWarnings } from "../core/domain/warnings.ts";
import { validationTargets } from "../core/domain/zone-change.ts";
import type { Probe } from "../estate-ports.ts";
import type { DomainOptions } from "./domain.ts";
import { type FactPorts, findDomain } from "./domain-facts.ts";
import { proveNames } from "./domain-proof.ts";

/** How far each step is, how long the certificate lasts, and what the names answer. Reads only. */
export async function domainStatus(
  options: Pick<DomainOptions, "wanted" | "distribution">,
  ports: FactPorts & { readonly probe: Probe },
): Promise<DomainStatus> {
  const found = await findDomain(options, ports);
  const plan = planDomain(options.wanted, found);
  const { certificate: choice } = plan;
  const certificate = choice.kind === "request" ? undefined : choice.certificate;
  const missing =
    certificate === undefined
      ? []
      : validationRecordsOf(certificate).filter(({ name }) => !found.proven.has(absolute(name)));
  const { enter } = validationTargets(
    missing,
    plan.places.map(({ place }) => place),
  );
  const proofs = await proveNames(plan, ports.probe);
  const proven = withProofs(plan, proofs);
  const attached =
    found.distribution && readDistributionNames(found.distribution.config).certificate;
  return {
    plan: proven,
    certificate,
    daysLeft: certificate === undefined ? undefined : daysLeft(certificate, found.now),
    warnings:
      certificate?.status === "issued" ? renewalWarnings(certificate, { ...found, attached }) : [],
    enter: [...enter, ...proven.addresses.enter],
    proofs,
  };
}
