import {
  type CloudFrontClient,
  DescribeFunctionCommand,
  type FunctionConfig,
  GetFunctionCommand,
  PublishFunctionCommand,
  UpdateFunctionCommand,
} from "@aws-sdk/client-cloudfront";
import { toFailure } from "./failure.ts";

/**
 * Makes `code` what runs under this name; gives whether that was news. The configuration, the key value
 * store's association above all, stays as it is. The code goes to the DEVELOPMENT stage first and is
 * then published, so a call that broke off between the two is finished by the next one.
 */
export async function publishFunction(
  client: CloudFrontClient,
  name: string,
  code: string,
): Promise<boolean> {
  const resource = `the function ${name}`;
  const attempt = async <Answer>(action: string, send: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      throw toFailure(error, { action: `cloudfront:${action}`, resource });
    }
  };
  const live = await attempt("GetFunction", () =>
    client.send(new GetFunctionCommand({ Name: name, Stage: "LIVE" })),
  );
  if (textOf(live.FunctionCode) === code) return false;
  const draft = await attempt("DescribeFunction", () =>
    client.send(new DescribeFunctionCommand({ Name: name, Stage: "DEVELOPMENT" })),
  );
  const updated = await attempt("UpdateFunction", () =>
    client.send(
      new UpdateFunctionCommand({
        Name: name,
        IfMatch: draft.ETag,
        FunctionConfig: configOf(draft.FunctionSummary?.FunctionConfig),
        FunctionCode: new TextEncoder().encode(code),
      }),
    ),
  );
  await attempt("PublishFunction", () =>
    client.send(new PublishFunctionCommand({ Name: name, IfMatch: updated.ETag })),
  );
  return true;
}

function configOf(found: FunctionConfig | undefined): FunctionConfig {
  return { Comment: "", ...found, Runtime: "cloudfront-js-2.0" };
}

function textOf(code: Uint8Array | undefined): string {
  return new TextDecoder().decode(code);
}
