import {
  type CloudFrontClient,
  CreateFunctionCommand,
  DescribeFunctionCommand,
  type FunctionConfig,
  GetFunctionCommand,
  PublishFunctionCommand,
  UpdateFunctionCommand,
} from "@aws-sdk/client-cloudfront";
import type { EdgeAction, ViewerEvent } from "../../core/setup/steps.ts";
import { codeOf, toFailure } from "../failure.ts";

/**
 * What runs until the first deploy brings the site's own rules: folders show their page, and all else
 * passes as it came.
 */
const FIRST_CODE: Readonly<Record<ViewerEvent, string>> = {
  "viewer-request": `function handler(event) {
  var request = event.request;
  if (request.uri.charAt(request.uri.length - 1) === '/') request.uri += 'index.html';
  return request;
}
`,
  "viewer-response": `function handler(event) {
  return event.response;
}
`,
};

type FunctionAction = Extract<EdgeAction, { readonly kind: "function" }>;

/**
 * Sees that the function is there, reads the store, and is published. Code that is there stays: a
 * deploy put it there. Each call does what an earlier one left undone.
 */
export async function ensureFunction(
  action: FunctionAction,
  client: CloudFrontClient,
): Promise<void> {
  const { name, event, store } = action;
  const resource = `the function ${name}`;
  const attempt = async <Answer>(right: string, send: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      throw toFailure(error, { action: `cloudfront:${right}`, resource });
    }
  };
  const draft =
    (await attempt("DescribeFunction", () => describe(client, name, "DEVELOPMENT"))) ??
    (await attempt("CreateFunction", async () => {
      const config = configOf({ Comment: COMMENT, Runtime: undefined }, store);
      const FunctionCode = new TextEncoder().encode(FIRST_CODE[event]);
      const command = new CreateFunctionCommand({
        Name: name,
        FunctionConfig: config,
        FunctionCode,
      });
      return { etag: (await client.send(command)).ETag, config };
    }));
  const etag = reads(draft.config, store)
    ? draft.etag
    : await attempt("UpdateFunction", () => associate(client, { name, store, draft }));
  await attempt("PublishFunction", () =>
    client.send(new PublishFunctionCommand({ Name: name, IfMatch: etag })),
  );
}

const COMMENT = "Made by slipway setup; slipway deploy publishes the site's rules into it.";

type Draft = { readonly etag: string | undefined; readonly config: FunctionConfig };

async function describe(
  client: CloudFrontClient,
  name: string,
  stage: "LIVE" | "DEVELOPMENT",
): Promise<Draft | undefined> {
  try {
    const command = new DescribeFunctionCommand({ Name: name, Stage: stage });
    const { ETag: etag, FunctionSummary: summary } = await client.send(command);
    return { etag, config: configOf(summary?.FunctionConfig, undefined) };
  } catch (error) {
    if (codeOf(error) === "NoSuchFunctionExists") return undefined;
    throw error;
  }
}

/** What is live must stay live: a draft may be half of a deploy that broke off. */
async function associate(
  client: CloudFrontClient,
  {
    name,
    store,
    draft,
  }: { readonly name: string; readonly store: string | undefined; draft: Draft },
): Promise<string | undefined> {
  const live = await describe(client, name, "LIVE");
  const stage = live === undefined ? "DEVELOPMENT" : "LIVE";
  const { FunctionCode } = await client.send(new GetFunctionCommand({ Name: name, Stage: stage }));
  const command = new UpdateFunctionCommand({
    Name: name,
    IfMatch: draft.etag,
    FunctionConfig: configOf(draft.config, store),
    FunctionCode,
  });
  return (await client.send(command)).ETag;
}

function reads({ KeyValueStoreAssociations: stores }: FunctionConfig, store: string | undefined) {
  if (store === undefined) return true;
  return (stores?.Items ?? []).length > 0;
}

function configOf(
  found: Partial<FunctionConfig> | undefined,
  store: string | undefined,
): FunctionConfig {
  const stores =
    store === undefined
      ? {}
      : { KeyValueStoreAssociations: { Quantity: 1, Items: [{ KeyValueStoreARN: store }] } };
  return { Comment: "", ...found, Runtime: "cloudfront-js-2.0", ...stores };
}
