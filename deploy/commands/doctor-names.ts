import { type Looked, seen, skipped } from "../core/doctor/check.ts";
import { distributionIn } from "../core/doctor/judge-distribution.ts";
import type { Addresses, NameFacts } from "../core/doctor/judge-names.ts";
import { readDistributionNames } from "../core/domain/viewer-certificate.ts";
import type { FoundPlace } from "../core/setup/estate.ts";
import type { Certificates, NameLookup } from "../estate-ports.ts";
import type { Clock } from "../ports.ts";
import { look, lookOn } from "./look.ts";

export type NameLookPorts = {
  readonly certificates: Certificates;
  readonly lookup: NameLookup;
  readonly clock: Clock;
};

/** What the world knows of the site's own names. */
export async function lookAtNames(
  names: readonly string[],
  place: Looked<FoundPlace>,
  { certificates, lookup, clock }: NameLookPorts,
): Promise<NameFacts> {
  const now = clock.now();
  if (names.length === 0) {
    const none = skipped("the environment has no domain");
    return { now, distribution: none, certificate: none, validation: none, addresses: none };
  }
  const distribution = distributionIn(place);
  const certificate = await lookOn(distribution, async ({ config }) => {
    const { certificate: arn } = readDistributionNames(config);
    return arn === undefined ? seen(undefined) : await look(() => certificates.find(arn));
  });
  const [validation, addresses] = await Promise.all([
    lookOn(certificate, (found) =>
      look(async () => {
        const records = (found?.validation ?? []).map(({ name }) => name);
        return await mapOf(records, (name) => lookup.cname(name));
      }),
    ),
    look(() => mapOf(names, (name): Promise<Addresses> => lookup.addresses(name))),
  ]);
  return { now, distribution, certificate, validation, addresses };
}

async function mapOf<Value>(
  names: readonly string[],
  ask: (name: string) => Promise<Value>,
): Promise<ReadonlyMap<string, Value>> {
  return new Map(
    await Promise.all([...new Set(names)].map(async (name) => [name, await ask(name)] as const)),
  );
}
