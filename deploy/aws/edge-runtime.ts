import {
  type CloudFrontClient,
  type DistributionConfig,
  GetDistributionConfigCommand,
} from "@aws-sdk/client-cloudfront";
import { SlipwayError } from "../core/errors.ts";
import { isTableKey } from "../edge/function/store-entries.ts";
import type { EdgeProgram } from "../edge/program.ts";
import { parseProgram } from "../edge/program-document.ts";
import type { EdgeRuntime } from "../ports.ts";
import { againIfMoved } from "./again-if-moved.ts";
import { toFailure } from "./failure.ts";
import {
  type FoundHeadersPolicy,
  publishHeadersPolicy,
  readHeadersPolicy,
} from "./headers-policies.ts";
import type { RedirectStore } from "./redirect-store.ts";
import { describeFunction, publishFunction, storeOf } from "./viewer-functions.ts";

export type EdgeRuntimeOptions = {
  readonly client: CloudFrontClient;
  readonly distribution: string;
  /** Opens the key value store with this ARN. */
  readonly openStore: (arn: string, proceed: Proceed) => Promise<RedirectStore>;
};

/** Asked before each write, and before each request to a store. */
type Proceed = () => Promise<void>;

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
    async publish({ text }, proceed = async () => {}) {
      const place = await findPlace(options);
      if (typeof place === "string") return { kind: "unmanaged", why: place };
      const policy = await readHeadersPolicy(options.client, place.headersPolicy);
      if (!policy.config?.Name?.startsWith(OURS)) {
        return { kind: "unmanaged", why: "its headers policy is not Slipway's" };
      }
      const changed = await publishAt({ ...place, policy }, parseProgram(text), {
        ...options,
        proceed,
      });
      return { kind: "published", changed };
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
 * Redirects are put into the table before the function looks for them, and taken out after it was told
 * to stop. Edges take the two at slightly different moments (aws-facts 2.9), so for seconds one of them
 * may miss a rule that this release takes away or moves into the code.
 */
async function publishAt(
  { viewerRequest, viewerResponse, policy }: Place & { readonly policy: FoundHeadersPolicy },
  program: EdgeProgram,
  options: EdgeRuntimeOptions & { readonly proceed: Proceed },
): Promise<boolean> {
  const { client, proceed } = options;
  const { headersPolicy: headers, store: entries } = program;
  const table = await openTable(viewerRequest, program, options);
  const filled = table && (await againIfMoved(() => fillTable(table, entries)));
  await proceed();
  const isNewPolicy = await againIfMoved(
    () => publishHeadersPolicy(client, policy, headers),
    async () => publishHeadersPolicy(client, await readHeadersPolicy(client, policy.id), headers),
  );
  await proceed();
  const isNewResponse = await publishFunction(client, viewerResponse, program.viewerResponse);
  await proceed();
  const isNewRequest = await publishFunction(client, viewerRequest, program.viewerRequest);
  const hasChanged = isNewPolicy || isNewResponse || isNewRequest;
  if (table === undefined || filled === undefined) return hasChanged;
  const { put, unwanted } = filled;
  await againIfMoved(
    () => table.update({ put: [], remove: unwanted }),
    async () => table.update({ put: [], remove: findUnwanted(await table.entries(), entries) }),
  );
  return hasChanged || put + unwanted.length > 0;
}

type Entries = ReadonlyMap<string, string>;

/** Puts in what is missing; tells how much that was, and what else is there. */
async function fillTable(table: RedirectStore, wanted: Entries) {
  const found = await table.entries();
  const put = [...wanted].filter(([key, value]) => found.get(key) !== value);
  await table.update({ put, remove: [] });
  return { put: put.length, unwanted: findUnwanted(found, wanted) };
}

/** Entries that no program of ours could have written are somebody else's. */
function findUnwanted(found: Entries, wanted: Entries): readonly string[] {
  return [...found.keys()].filter((key) => isTableKey(key) && !wanted.has(key));
}

/** The table that the function reads once it is published. */
async function openTable(
  name: string,
  program: EdgeProgram,
  { client, openStore, proceed }: EdgeRuntimeOptions & { readonly proceed: Proceed },
): Promise<RedirectStore | undefined> {
  const arn = storeOf(await describeFunction(client, name, "DEVELOPMENT"));
  if (arn !== undefined) return await openStore(arn, proceed);
  if (program.store.size === 0) return undefined;
  throw new SlipwayError("config", {
    what: `The site's ${program.store.size} redirects do not fit into the function ${name}`,
    why: "it has no key value store to keep them in",
    next: "Associate a KeyValueStore with that function, then deploy again.",
  });
}
