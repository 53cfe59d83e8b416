import { isDeepStrictEqual } from "node:util";
import {
  type CloudFrontClient,
  DescribeFunctionCommand,
  type DistributionConfig,
  GetDistributionConfigCommand,
  GetResponseHeadersPolicyConfigCommand,
  type ResponseHeadersPolicyConfig,
  UpdateResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import { SlipwayError } from "../core/errors.ts";
import type { HeadersPolicy } from "../edge/headers-policy.ts";
import type { EdgeProgram } from "../edge/program.ts";
import { parseProgram } from "../edge/program-document.ts";
import type { EdgeRuntime } from "../ports.ts";
import { toFailure } from "./failure.ts";
import { headersPolicyConfig } from "./headers-policy-config.ts";
import type { RedirectStore } from "./redirect-store.ts";
import { publishFunction } from "./viewer-functions.ts";

export type EdgeRuntimeOptions = {
  readonly client: CloudFrontClient;
  readonly distribution: string;
  /** Opens the key value store with this ARN. */
  readonly openStore: (arn: string) => Promise<RedirectStore>;
};

/** What Slipway made bears this prefix; nothing else is ever written. */
export const OURS = "slipway-";

/** The parts of a distribution that run a program. */
export type Place = {
  readonly viewerRequest: string;
  readonly viewerResponse: string;
  readonly headersPolicy: string;
};

/** The distribution's functions, redirect table and headers policy over the AWS SDK. */
export function createEdgeRuntime(options: EdgeRuntimeOptions): EdgeRuntime {
  return {
    async publish({ text }) {
      const place = await findPlace(options);
      if (typeof place === "string") return { kind: "unmanaged", why: place };
      return { kind: "published", changed: await publishAt(place, parseProgram(text), options) };
    },
  };
}

async function readConfig({ client, distribution }: PlaceOptions) {
  try {
    const answer = await client.send(new GetDistributionConfigCommand({ Id: distribution }));
    return answer.DistributionConfig;
  } catch (error) {
    const resource = `the distribution ${distribution}`;
    throw toFailure(error, { action: "cloudfront:GetDistributionConfig", resource });
  }
}

type PlaceOptions = Pick<EdgeRuntimeOptions, "client" | "distribution">;

/** Where a program goes, or why it cannot go anywhere. */
export async function findPlace(options: PlaceOptions): Promise<Place | string> {
  return placeOf(await readConfig(options));
}

function placeOf(config: DistributionConfig | undefined): Place | string {
  const behavior = config?.DefaultCacheBehavior;
  const nameOf = (event: string) =>
    behavior?.FunctionAssociations?.Items?.find(({ EventType }) => EventType === event)
      ?.FunctionARN?.split("/")
      .at(-1);
  const viewerRequest = nameOf("viewer-request");
  const viewerResponse = nameOf("viewer-response");
  const headersPolicy = behavior?.ResponseHeadersPolicyId;
  if (!viewerRequest?.startsWith(OURS)) return "its viewer-request function is not Slipway's";
  if (!viewerResponse?.startsWith(OURS)) return "its viewer-response function is not Slipway's";
  if (headersPolicy === undefined || headersPolicy === "") return "it has no headers policy";
  return { viewerRequest, viewerResponse, headersPolicy };
}

/**
 * Redirects are put into the table before the function looks for them, and taken out after it has
 * stopped to: so no visitor meets a rule without its target.
 */
async function publishAt(
  place: Place,
  program: EdgeProgram,
  options: EdgeRuntimeOptions,
): Promise<boolean> {
  const { client } = options;
  const table = await openTable(place.viewerRequest, program, options);
  const found = (await table?.entries()) ?? new Map<string, string>();
  const put = [...program.store].filter(([key, value]) => found.get(key) !== value);
  const remove = [...found.keys()].filter((key) => !program.store.has(key));
  await table?.update({ put, remove: [] });
  const changes = [
    await publishHeaders(place.headersPolicy, program, client),
    await publishFunction(client, place.viewerResponse, program.viewerResponse),
    await publishFunction(client, place.viewerRequest, program.viewerRequest),
  ];
  await table?.update({ put: [], remove });
  return changes.includes(true) || put.length + remove.length > 0;
}

async function openTable(
  name: string,
  program: EdgeProgram,
  { client, openStore }: EdgeRuntimeOptions,
): Promise<RedirectStore | undefined> {
  const arn = await storeOf(name, client);
  if (arn !== undefined) return await openStore(arn);
  if (program.store.size === 0) return undefined;
  throw new SlipwayError("config", {
    what: `The site's ${program.store.size} redirects do not fit into the function ${name}`,
    why: "it has no key value store to keep them in",
    next: "Associate a KeyValueStore with that function, then deploy again.",
  });
}

/** The ARN of the key value store that a function reads; undefined when it reads none. */
export async function storeOf(name: string, client: CloudFrontClient): Promise<string | undefined> {
  try {
    const command = new DescribeFunctionCommand({ Name: name, Stage: "LIVE" });
    const { FunctionSummary: summary } = await client.send(command);
    return summary?.FunctionConfig?.KeyValueStoreAssociations?.Items?.[0]?.KeyValueStoreARN;
  } catch (error) {
    const resource = `the function ${name}`;
    throw toFailure(error, { action: "cloudfront:DescribeFunction", resource });
  }
}

async function publishHeaders(
  id: string,
  { headersPolicy }: EdgeProgram,
  client: CloudFrontClient,
): Promise<boolean> {
  const resource = `the response headers policy ${id}`;
  try {
    const read = new GetResponseHeadersPolicyConfigCommand({ Id: id });
    const { ETag, ResponseHeadersPolicyConfig: found } = await client.send(read);
    if (found === undefined || !found.Name?.startsWith(OURS)) return false;
    if (hasHeaders(found, headersPolicy)) return false;
    const wanted = headersPolicyConfig(headersPolicy, found);
    await client.send(
      new UpdateResponseHeadersPolicyCommand({
        Id: id,
        IfMatch: ETag,
        ResponseHeadersPolicyConfig: wanted,
      }),
    );
    return true;
  } catch (error) {
    throw toFailure(error, { action: "cloudfront:UpdateResponseHeadersPolicy", resource });
  }
}

/** Whether a stored policy says what is wanted. */
export function hasHeaders(found: ResponseHeadersPolicyConfig, wanted: HeadersPolicy): boolean {
  return isDeepStrictEqual(normalized(headersPolicyConfig(wanted, found)), normalized(found));
}

/** An empty list comes back as nothing at all. */
function normalized(config: object): unknown {
  return JSON.parse(
    JSON.stringify(config, (_, value: unknown) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      if ("Quantity" in value && value.Quantity === 0) return undefined;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  );
}
