import type { Watch } from "../aws/traffic.ts";
import type { CloudPorts, DoctorOptions, DoctorPorts } from "../commands/doctor.ts";
import { blueprintOf } from "../core/setup/blueprint.ts";
import { edgeDirectory, findEdge } from "../local/edge-presence.ts";
import { createNameLookup, PUBLIC_RESOLVERS } from "../local/name-lookup.ts";
import { createProbe } from "../local/probe.ts";
import { type AwsEnvironment, connectInfrastructure } from "./target.ts";

export type DoctorPlace = {
  readonly site: string;
  /** The environment's name. */
  readonly name: string;
  /** Who is asked for names. */
  readonly resolvers: readonly string[] | undefined;
  /** Counts what is sent. */
  readonly watch: Watch;
};

type Examination = DoctorOptions & Pick<DoctorPorts, "probe" | "cloud">;

/** What the doctor looks through where the environment is this machine: the running edge, and no more. */
export function examineHere(root: string): Examination {
  const url = findEdge(edgeDirectory(root))?.viewerUrl;
  return { names: [], url, probe: createProbe(), cloud: undefined };
}

/** What it looks through where the environment is an AWS account. */
export async function examineAws(
  environment: AwsEnvironment,
  place: DoctorPlace,
): Promise<Examination> {
  const { domain, url } = environment;
  const names = domain === undefined ? [] : [domain.canonical, ...domain.also];
  const cloud = await cloudPorts(environment, place);
  return { names, url, probe: createProbe({ resolvers: resolversOf(place) }), cloud };
}

function resolversOf({ resolvers = [] }: DoctorPlace): readonly string[] {
  return resolvers.length === 0 ? PUBLIC_RESOLVERS : resolvers;
}

async function cloudPorts(environment: AwsEnvironment, place: DoctorPlace): Promise<CloudPorts> {
  const { bucket, region, account, distribution, api, cdnEndpoint } = environment;
  const [estate, { createAcmClient }, { createCertificates }] = await Promise.all([
    connectInfrastructure(environment, place.watch),
    import("../aws/domain/clients.ts"),
    import("../aws/domain/certificates.ts"),
  ]);
  const target = cdnEndpoint === undefined ? {} : { endpoint: cdnEndpoint };
  const acm = createAcmClient(target, "us-east-1");
  place.watch(acm);
  return {
    ...estate,
    certificates: createCertificates(acm),
    lookup: createNameLookup(resolversOf(place)),
    blueprint: blueprintOf({
      site: place.site,
      environment: place.name,
      ...{ bucket, region, account, distribution, api },
    }),
  };
}
