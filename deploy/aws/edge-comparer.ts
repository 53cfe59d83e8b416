import { type CloudFrontClient, GetFunctionCommand } from "@aws-sdk/client-cloudfront";
import type { EdgeDifferences } from "../core/doctor/judge-program.ts";
import type { HeadersPolicy } from "../edge/headers-policy.ts";
import type { EdgeProgram } from "../edge/program.ts";
import { parseProgram } from "../edge/program-document.ts";
import type { EdgeComparer } from "../estate-ports.ts";
import { type EdgeRuntimeOptions, findPlace, OURS } from "./edge-runtime.ts";
import { toFailure } from "./failure.ts";
import { hasHeaders, readHeadersPolicy } from "./headers-policies.ts";
import { describeFunction, storeOf } from "./viewer-functions.ts";

export type EdgeComparerOptions = Pick<EdgeRuntimeOptions, "client" | "openStore">;

/** Holds what runs at a distribution against a program, over the AWS SDK. Writes nothing. */
export function createEdgeComparer(options: EdgeComparerOptions): EdgeComparer {
  const { client } = options;
  return {
    async compare(distribution, { text }) {
      const place = await findPlace({ client, distribution });
      if (typeof place === "string") return { kind: "unmanaged", why: place };
      const program = parseProgram(text);
      const [request, response, headersPolicy, table] = await Promise.all([
        liveCode(client, place.viewerRequest),
        liveCode(client, place.viewerResponse),
        compareHeaders(client, place.headersPolicy, program.headersPolicy),
        compareTable(place.viewerRequest, program, options),
      ]);
      return {
        kind: "compared",
        viewerRequest: request === program.viewerRequest,
        viewerResponse: response === program.viewerResponse,
        headersPolicy,
        table,
      };
    },
  };
}

async function liveCode(client: CloudFrontClient, name: string): Promise<string> {
  try {
    const command = new GetFunctionCommand({ Name: name, Stage: "LIVE" });
    return new TextDecoder().decode((await client.send(command)).FunctionCode);
  } catch (error) {
    throw toFailure(error, {
      action: "cloudfront:GetFunction",
      resource: `the function ${name}`,
    });
  }
}

async function compareHeaders(
  client: CloudFrontClient,
  id: string,
  wanted: HeadersPolicy,
): Promise<EdgeDifferences["headersPolicy"]> {
  const { config } = await readHeadersPolicy(client, id);
  if (config === undefined || !config.Name?.startsWith(OURS)) return "foreign";
  return hasHeaders(config, wanted) ? "same" : "different";
}

async function compareTable(
  functionName: string,
  { store: wanted }: EdgeProgram,
  { client, openStore }: EdgeComparerOptions,
): Promise<EdgeDifferences["table"]> {
  const arn = storeOf(await describeFunction(client, functionName, "LIVE"));
  if (arn === undefined && wanted.size === 0) return undefined;
  const found = arn === undefined ? NOTHING : await (await openStore(arn, READ_ON)).entries();
  const keys = [...wanted.keys()];
  return {
    entries: wanted.size,
    missing: keys.filter((key) => !found.has(key)).length,
    changed: keys.filter((key) => found.has(key) && found.get(key) !== wanted.get(key)).length,
    extra: [...found.keys()].filter((key) => !wanted.has(key)).length,
  };
}

const READ_ON = async () => {};
const NOTHING: ReadonlyMap<string, string> = new Map();
