import {
  type CloudFrontClient,
  DescribeFunctionCommand,
  DescribeKeyValueStoreCommand,
  ListCachePoliciesCommand,
  ListOriginAccessControlsCommand,
  ListOriginRequestPoliciesCommand,
  ListResponseHeadersPoliciesCommand,
} from "@aws-sdk/client-cloudfront";
import type { FoundAccess, FoundFunction, FoundStore } from "../../core/setup/estate.ts";
import type { EdgeEstate } from "../../estate-ports.ts";
import { codeOf, toFailure } from "../failure.ts";
import { makeEdgePart } from "./edge-parts.ts";
import { allPages } from "./pages.ts";

/** CloudFront's parts over the AWS SDK. Every failure is a SlipwayError of kind "cloud". */
export function createEdgeEstate(client: CloudFrontClient): EdgeEstate {
  return {
    async find(names) {
      const [accesses, store, headersPolicy, viewerRequest, viewerResponse, managed] =
        await Promise.all([
          listAccesses(client),
          findStore(client, names.store),
          findHeadersPolicy(client, names.headersPolicy),
          findFunction(client, names.viewerRequest),
          findFunction(client, names.viewerResponse),
          listManagedPolicies(client),
        ]);
      return { accesses, store, headersPolicy, viewerRequest, viewerResponse, managed };
    },
    carryOut: (action) => makeEdgePart(action, client),
  };
}

async function listAccesses(client: CloudFrontClient): Promise<readonly FoundAccess[]> {
  return await attempt("ListOriginAccessControls", "the origin access controls", async () => {
    const items = await allPages(async (Marker) => {
      const answer = await client.send(new ListOriginAccessControlsCommand({ Marker }));
      const { Items, NextMarker } = answer.OriginAccessControlList ?? {};
      return { items: Items, next: NextMarker };
    });
    return items.map((item) => ({
      id: item.Id ?? "",
      name: item.Name ?? "",
      signs:
        item.OriginAccessControlOriginType === "s3" &&
        item.SigningBehavior === "always" &&
        item.SigningProtocol === "sigv4",
    }));
  });
}

async function findStore(client: CloudFrontClient, name: string): Promise<FoundStore | undefined> {
  return await attempt("DescribeKeyValueStore", `the key value store ${name}`, async () => {
    try {
      const answer = await client.send(new DescribeKeyValueStoreCommand({ Name: name }));
      return storeFrom(answer.KeyValueStore ?? {});
    } catch (error) {
      if (codeOf(error) === "EntityNotFound") return undefined;
      throw error;
    }
  });
}

/** BC cloudfront KeyValueStore `Status`: PROVISIONING, READY, and words for what went wrong. */
function storeFrom({ ARN, Status }: { ARN?: string | undefined; Status?: string | undefined }) {
  const state =
    Status === "READY" ? "ready" : Status === "PROVISIONING" ? "provisioning" : "failed";
  return { arn: ARN ?? "", state } as const;
}

async function findHeadersPolicy(
  client: CloudFrontClient,
  name: string,
): Promise<string | undefined> {
  return await attempt("ListResponseHeadersPolicies", "the headers policies", async () => {
    const items = await allPages(async (Marker) => {
      const command = new ListResponseHeadersPoliciesCommand({ Type: "custom", Marker });
      const { Items, NextMarker } = (await client.send(command)).ResponseHeadersPolicyList ?? {};
      return { items: Items, next: NextMarker };
    });
    return items.find(
      ({ ResponseHeadersPolicy: policy }) => policy?.ResponseHeadersPolicyConfig?.Name === name,
    )?.ResponseHeadersPolicy?.Id;
  });
}

async function findFunction(
  client: CloudFrontClient,
  name: string,
): Promise<FoundFunction | undefined> {
  const live = await describeFunction(client, name, "LIVE");
  if (live !== undefined) return { ...live, isLive: true };
  const draft = await describeFunction(client, name, "DEVELOPMENT");
  return draft && { ...draft, isLive: false };
}

async function describeFunction(
  client: CloudFrontClient,
  name: string,
  stage: "LIVE" | "DEVELOPMENT",
): Promise<Omit<FoundFunction, "isLive"> | undefined> {
  return await attempt("DescribeFunction", `the function ${name}`, async () => {
    try {
      const command = new DescribeFunctionCommand({ Name: name, Stage: stage });
      const { FunctionSummary: summary } = await client.send(command);
      const [store] = summary?.FunctionConfig?.KeyValueStoreAssociations?.Items ?? [];
      const arn = summary?.FunctionMetadata?.FunctionARN ?? "";
      return { arn, store: store?.KeyValueStoreARN };
    } catch (error) {
      if (codeOf(error) === "NoSuchFunctionExists") return undefined;
      throw error;
    }
  });
}

/** AWS advises to look its own policies up by name (TK when-to-use-cloudfront). */
async function listManagedPolicies(client: CloudFrontClient): Promise<ReadonlyMap<string, string>> {
  const [cache, request] = await Promise.all([
    attempt("ListCachePolicies", "the managed cache policies", () =>
      allPages(async (Marker) => {
        const command = new ListCachePoliciesCommand({ Type: "managed", Marker });
        const { Items, NextMarker } = (await client.send(command)).CachePolicyList ?? {};
        return { items: Items, next: NextMarker };
      }),
    ),
    attempt("ListOriginRequestPolicies", "the managed origin request policies", () =>
      allPages(async (Marker) => {
        const command = new ListOriginRequestPoliciesCommand({ Type: "managed", Marker });
        const { Items, NextMarker } = (await client.send(command)).OriginRequestPolicyList ?? {};
        return { items: Items, next: NextMarker };
      }),
    ),
  ]);
  const named = [
    ...cache.map(({ CachePolicy: policy }) => ({
      id: policy?.Id,
      name: policy?.CachePolicyConfig?.Name,
    })),
    ...request.map(({ OriginRequestPolicy: policy }) => ({
      id: policy?.Id,
      name: policy?.OriginRequestPolicyConfig?.Name,
    })),
  ];
  return new Map(named.map(({ id = "", name = "" }) => [name.replace(/^Managed-/, ""), id]));
}

async function attempt<Answer>(
  action: string,
  resource: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw toFailure(error, { action: `cloudfront:${action}`, resource });
  }
}
