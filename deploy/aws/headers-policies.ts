import { isDeepStrictEqual } from "node:util";
import {
  type CloudFrontClient,
  GetResponseHeadersPolicyConfigCommand,
  type ResponseHeadersPolicyConfig,
  UpdateResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import type { HeadersPolicy } from "../edge/headers-policy.ts";
import { toFailure } from "./failure.ts";
import { headersPolicyConfig } from "./headers-policy-config.ts";

/** A policy as it is there, and the ETag that a change of it must name. */
export type FoundHeadersPolicy = {
  readonly id: string;
  readonly etag: string | undefined;
  readonly config: ResponseHeadersPolicyConfig | undefined;
};

/** Throws a SlipwayError of kind "cloud". */
export async function readHeadersPolicy(
  client: CloudFrontClient,
  id: string,
): Promise<FoundHeadersPolicy> {
  try {
    const answer = await client.send(new GetResponseHeadersPolicyConfigCommand({ Id: id }));
    return { id, etag: answer.ETag, config: answer.ResponseHeadersPolicyConfig };
  } catch (error) {
    const action = "cloudfront:GetResponseHeadersPolicyConfig";
    throw toFailure(error, { action, resource: resourceOf(id) });
  }
}

/** Makes the policy what is wanted; gives whether that was news. Throws a SlipwayError of kind "cloud". */
export async function publishHeadersPolicy(
  client: CloudFrontClient,
  { id, etag, config }: FoundHeadersPolicy,
  wanted: HeadersPolicy,
): Promise<boolean> {
  if (config === undefined) return false;
  if (hasHeaders(config, wanted)) return false;
  const next = headersPolicyConfig(wanted, config);
  const update = { Id: id, IfMatch: etag, ResponseHeadersPolicyConfig: next };
  try {
    await client.send(new UpdateResponseHeadersPolicyCommand(update));
    return true;
  } catch (error) {
    const action = "cloudfront:UpdateResponseHeadersPolicy";
    throw toFailure(error, { action, resource: resourceOf(id) });
  }
}

/** Whether a stored policy says what is wanted. */
export function hasHeaders(found: ResponseHeadersPolicyConfig, wanted: HeadersPolicy): boolean {
  return isDeepStrictEqual(normalized(headersPolicyConfig(wanted, found)), normalized(found));
}

function resourceOf(id: string): string {
  return `the response headers policy ${id}`;
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
