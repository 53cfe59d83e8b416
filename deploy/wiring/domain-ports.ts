import type { FactPorts } from "../commands/domain-facts.ts";
import type { WaitPorts } from "../commands/domain-wait.ts";
import { readEstateRecord } from "../commands/read-estate.ts";
import { SlipwayError } from "../core/errors.ts";
import { accountBlockers } from "../core/setup/blockers.ts";
import type { Probe } from "../estate-ports.ts";
import { edgeDirectory } from "../local/edge-presence.ts";
import { createNameLookup, PUBLIC_RESOLVERS } from "../local/name-lookup.ts";
import { createProbe } from "../local/probe.ts";
import { gzipCodec } from "../local/record-codec.ts";
import { systemClock } from "../local/system-clock.ts";
import { type AwsEnvironment, connect, connectInfrastructure } from "./target.ts";
import type { Wiring } from "./wiring.ts";

export type DomainAdapters = FactPorts &
  Omit<WaitPorts, "interruption"> & { readonly probe: Probe };

const CERTIFICATE_REGION = "us-east-1";

/** Makes the adapters of `slipway domain`. Sends nothing. */
export async function connectDomain(
  environment: AwsEnvironment,
  { resolvers: named }: { readonly resolvers: readonly string[] },
  { reporter }: Pick<Wiring, "reporter">,
): Promise<DomainAdapters> {
  const [estate, clients, { createCertificates }, { createDnsZones }] = await Promise.all([
    connectInfrastructure(environment),
    import("../aws/domain/clients.ts"),
    import("../aws/domain/certificates.ts"),
    import("../aws/domain/dns-zones.ts"),
  ]);
  const { region, cdnEndpoint } = environment;
  const target = cdnEndpoint === undefined ? {} : { endpoint: cdnEndpoint };
  const certificatesIn = (place: string) =>
    createCertificates(clients.createAcmClient(target, place));
  const resolvers = named.length === 0 ? PUBLIC_RESOLVERS : named;
  return {
    account: estate.account,
    distributions: estate.distributions,
    certificates: certificatesIn(CERTIFICATE_REGION),
    regional: region === CERTIFICATE_REGION ? undefined : certificatesIn(region),
    zones: createDnsZones(clients.createRoute53Client(target)),
    lookup: createNameLookup(resolvers),
    probe: createProbe({ resolvers }),
    clock: systemClock,
    reporter,
  };
}

/**
 * The distribution that the config names, or else the one that `setup` wrote into the bucket. Throws a
 * SlipwayError "refused" for the keys of another account than the config expects.
 */
export async function distributionOf(
  environment: AwsEnvironment,
  root: string,
): Promise<string | undefined> {
  if (environment.distribution !== undefined) return environment.distribution;
  // A bucket that a stranger's keys may not read would say so, and not whose keys they are.
  const { account } = await connectInfrastructure(environment);
  const [blocker] = accountBlockers(environment, await account.identity());
  if (blocker !== undefined) throw new SlipwayError("refused", blocker);
  const { state } = await connect(environment, edgeDirectory(root));
  return (await readEstateRecord({ state, codec: gzipCodec }))?.distribution.id;
}
