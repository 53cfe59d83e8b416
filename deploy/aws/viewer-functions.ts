import {
  type CloudFrontClient,
  DescribeFunctionCommand,
  type DescribeFunctionCommandOutput,
  type FunctionConfig,
  type FunctionStage,
  GetFunctionCommand,
  PublishFunctionCommand,
  UpdateFunctionCommand,
} from "@aws-sdk/client-cloudfront";
import { againIfMoved } from "./again-if-moved.ts";
import { toFailure } from "./failure.ts";

/**
 * Makes `code` what runs under this name; gives whether that was news. The configuration of the
 * DEVELOPMENT stage, the key value store's association above all, is kept and goes live with it. The
 * code goes to that stage first and is then published, so a call that broke off between the two is
 * finished by the next one. Throws a SlipwayError of kind "cloud".
 */
export async function publishFunction(
  client: CloudFrontClient,
  name: string,
  code: string,
): Promise<boolean> {
  if (await isLive(client, name, code)) return false;
  await againIfMoved(async () => {
    const draft = await describeFunction(client, name, "DEVELOPMENT");
    const update = {
      Name: name,
      IfMatch: draft.ETag,
      FunctionConfig: configOf(draft.FunctionSummary?.FunctionConfig),
      FunctionCode: new TextEncoder().encode(code),
    };
    const updated = await attempt("UpdateFunction", name, () =>
      client.send(new UpdateFunctionCommand(update)),
    );
    await attempt("PublishFunction", name, () =>
      client.send(new PublishFunctionCommand({ Name: name, IfMatch: updated.ETag })),
    );
  });
  return true;
}

async function isLive(client: CloudFrontClient, name: string, code: string): Promise<boolean> {
  const live = await attempt("GetFunction", name, () =>
    client.send(new GetFunctionCommand({ Name: name, Stage: "LIVE" })),
  );
  if (new TextDecoder().decode(live.FunctionCode) !== code) return false;
  const [published, draft] = await Promise.all([
    describeFunction(client, name, "LIVE"),
    describeFunction(client, name, "DEVELOPMENT"),
  ]);
  return storeOf(published) === storeOf(draft);
}

/** A stage of a function, and the ETag that a change of it must name. */
export function describeFunction(
  client: CloudFrontClient,
  name: string,
  stage: FunctionStage,
): Promise<DescribeFunctionCommandOutput> {
  return attempt("DescribeFunction", name, () =>
    client.send(new DescribeFunctionCommand({ Name: name, Stage: stage })),
  );
}

/** The ARN of the key value store that a function reads; it has at most one (BC cloudfront). */
export function storeOf({ FunctionSummary }: DescribeFunctionCommandOutput): string | undefined {
  return FunctionSummary?.FunctionConfig?.KeyValueStoreAssociations?.Items?.[0]?.KeyValueStoreARN;
}

async function attempt<Answer>(
  action: string,
  name: string,
  send: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw toFailure(error, {
      action: `cloudfront:${action}`,
      resource: `the function ${name}`,
    });
  }
}

function configOf(found: FunctionConfig | undefined): FunctionConfig {
  return { Comment: "", ...found, Runtime: "cloudfront-js-2.0" };
}
