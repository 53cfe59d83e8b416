import type { AwsAddress, AwsConnection } from "../aws/connect.ts";
import type { EstateConnection } from "../aws/estate/connect-estate.ts";
import type { Watch } from "../aws/traffic.ts";
import type { Environment } from "../config.ts";
import { SlipwayError } from "../core/errors.ts";
import { findEdge } from "../local/edge-presence.ts";

/** Makes the adapters for an environment. The AWS SDK is loaded here and nowhere earlier. */
export async function connect(
  environment: Environment,
  edgeDirectory: string,
): Promise<AwsConnection> {
  const address = addressOf(environment, edgeDirectory);
  const { connectAws } = await import("../aws/connect.ts");
  return connectAws(address);
}

export type AwsEnvironment = Extract<Environment, { readonly kind: "aws" }>;

/** Makes the adapters for the infrastructure of an environment in AWS; `watch` counts what they send. */
export async function connectInfrastructure(
  environment: AwsEnvironment,
  watch?: Watch,
): Promise<EstateConnection> {
  const { connectEstate } = await import("../aws/estate/connect-estate.ts");
  return connectEstate({ ...addressOf(environment, ""), watch });
}

/** An environment that has infrastructure. Throws a SlipwayError for the local one. */
export function inAws(environment: Environment): AwsEnvironment {
  if (environment.kind === "aws") return environment;
  throw notInAws();
}

function notInAws(): SlipwayError {
  return new SlipwayError("usage", {
    what: "The local environment has no infrastructure",
    why: "this command works on environments of kind aws, and none was named",
    next: "Name one with --env NAME; slipway edge runs the local one.",
  });
}

function addressOf(environment: Environment, edgeDirectory: string): AwsAddress {
  switch (environment.kind) {
    case "local":
      return localAddress(edgeDirectory);
    case "aws": {
      const { region, endpoint, cdnEndpoint, bucket, distribution } = environment;
      const aws = {
        region,
        checksums: endpoint === undefined ? ("sha256" as const) : ("none" as const),
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(cdnEndpoint === undefined ? {} : { cdnEndpoint }),
      };
      return { aws, bucket, distribution };
    }
  }
}

function localAddress(edgeDirectory: string): AwsAddress {
  const edge = findEdge(edgeDirectory);
  if (edge === undefined) {
    throw new SlipwayError("cloud", {
      what: "The local edge is not running",
      why: "the environment is of kind local, and no edge of this project answers",
      next: "Start it in another terminal (slipway edge), or name another environment with --env.",
    });
  }
  const { region, apiUrl, accessKeyId, secretAccessKey, bucket, distribution } = edge;
  const credentials = { accessKeyId, secretAccessKey };
  const checksums = "sha256" as const;
  const aws = { region, checksums, endpoint: apiUrl, cdnEndpoint: apiUrl, credentials };
  return { aws, bucket, distribution };
}
