import type { AwsAddress, AwsConnection } from "../aws/connect.ts";
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
