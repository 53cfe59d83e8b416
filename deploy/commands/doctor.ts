import {
  andThen,
  type Check,
  type DoctorResult,
  type Looked,
  resultOf,
  seen,
  skipped,
} from "../core/doctor/check.ts";
import { judgeBucket } from "../core/doctor/judge-bucket.ts";
import { distributionIn, judgeDistribution } from "../core/doctor/judge-distribution.ts";
import { judgeLive } from "../core/doctor/judge-live.ts";
import { judgeNames } from "../core/doctor/judge-names.ts";
import { judgeProgram } from "../core/doctor/judge-program.ts";
import { judgeRelease } from "../core/doctor/judge-release.ts";
import type { Blueprint } from "../core/setup/blueprint.ts";
import type { FoundPlace } from "../core/setup/estate.ts";
import type { Probe } from "../estate-ports.ts";
import {
  compareProgram,
  type InfrastructurePorts,
  lookAtInfrastructure,
} from "./doctor-infrastructure.ts";
import { lookAtSite } from "./doctor-live.ts";
import { lookAtNames, type NameLookPorts } from "./doctor-names.ts";
import { lookAtRelease, type ReleaseLookPorts } from "./doctor-release.ts";

export type DoctorOptions = {
  /** The site's own names, the canonical one first; empty when it has none. */
  readonly names: readonly string[];
  /** Where visitors find the site, if the config says it. */
  readonly url: string | undefined;
};

/** What there is of an environment in an AWS account. */
export type CloudPorts = Omit<InfrastructurePorts & NameLookPorts, keyof ReleaseLookPorts> & {
  readonly blueprint: Blueprint;
};

export type DoctorPorts = ReleaseLookPorts & {
  readonly probe: Probe;
  /** Absent where the environment is this machine. */
  readonly cloud: CloudPorts | undefined;
};

/** Looks at the live whole and judges each part of it. Writes nothing; what it may not see is bad. */
export async function doctor(options: DoctorOptions, ports: DoctorPorts): Promise<DoctorResult> {
  const checks =
    ports.cloud === undefined
      ? await examineSite(options, ports)
      : await examineCloud(options, ports, ports.cloud);
  return resultOf(checks, "the environment is on this machine, where there is none");
}

async function examineSite(options: DoctorOptions, ports: DoctorPorts): Promise<readonly Check[]> {
  const release = await lookAtRelease(ports);
  const url: Looked<string> =
    options.url === undefined ? skipped("nobody serves the site") : seen(options.url);
  const live = await lookAtSite({ ...options, ...release, url }, ports);
  return [...judgeRelease(release), ...judgeLive(live)];
}

async function examineCloud(
  options: DoctorOptions,
  ports: DoctorPorts,
  cloud: CloudPorts,
): Promise<readonly Check[]> {
  const { names } = options;
  const { blueprint } = cloud;
  const [release, infrastructure] = await Promise.all([
    lookAtRelease(ports),
    lookAtInfrastructure(blueprint, { ...ports, ...cloud }),
  ]);
  const { place } = infrastructure;
  const [compared, named, live] = await Promise.all([
    compareProgram(place, release, cloud),
    lookAtNames(names, place, { ...ports, ...cloud }),
    lookAtSite({ ...release, names, url: addressOf(options, place) }, ports),
  ]);
  return [
    ...judgeBucket(blueprint, infrastructure),
    ...judgeDistribution(blueprint, infrastructure),
    ...judgeProgram(compared),
    ...judgeNames(names, named),
    ...judgeRelease(release),
    ...judgeLive(live),
  ];
}

/** Where visitors find the site: as the config says, else under its own name, else under CloudFront's. */
function addressOf(
  { names: [canonical], url }: DoctorOptions,
  place: Looked<FoundPlace>,
): Looked<string> {
  if (url !== undefined) return seen(url.replace(/\/+$/, ""));
  if (canonical !== undefined) return seen(`https://${canonical}`);
  return andThen(distributionIn(place), ({ domainName }) => seen(`https://${domainName}`));
}
