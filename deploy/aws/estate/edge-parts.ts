import {
  type CloudFrontClient,
  CreateKeyValueStoreCommand,
  CreateOriginAccessControlCommand,
  CreateResponseHeadersPolicyCommand,
  GetOriginAccessControlCommand,
  ListOriginAccessControlsCommand,
  UpdateOriginAccessControlCommand,
} from "@aws-sdk/client-cloudfront";
import type { EdgeAction } from "../../core/setup/steps.ts";
import { codeOf, toFailure } from "../failure.ts";
import { ensureFunction } from "./edge-function.ts";
import { allPages } from "./pages.ts";

/** Makes or mends one part. What bears the name already is not made again. */
export async function makeEdgePart(action: EdgeAction, client: CloudFrontClient): Promise<void> {
  switch (action.kind) {
    case "access":
      return await ensureAccess(action.name, client);
    case "store":
      return await create("CreateKeyValueStore", `the key value store ${action.name}`, () =>
        client.send(new CreateKeyValueStoreCommand({ Name: action.name, Comment: COMMENT })),
      );
    case "headers-policy":
      return await create("CreateResponseHeadersPolicy", `the headers policy ${action.name}`, () =>
        client.send(
          new CreateResponseHeadersPolicyCommand({
            ResponseHeadersPolicyConfig: {
              Name: action.name,
              Comment: COMMENT,
              // A policy must say something; the next deploy says the site's own.
              SecurityHeadersConfig: { ContentTypeOptions: { Override: false } },
            },
          }),
        ),
      );
    case "function":
      return await ensureFunction(action, client);
  }
}

const COMMENT = "Made by slipway setup; slipway deploy publishes into it.";

/** How CloudFront says that the name is taken; only we take such names. */
const THERE_ALREADY: ReadonlySet<string> = new Set([
  "EntityAlreadyExists",
  "OriginAccessControlAlreadyExists",
  "ResponseHeadersPolicyAlreadyExists",
]);

async function create(
  action: string,
  resource: string,
  send: () => Promise<unknown>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (THERE_ALREADY.has(codeOf(error))) return;
    throw toFailure(error, { action: `cloudfront:${action}`, resource });
  }
}

async function ensureAccess(name: string, client: CloudFrontClient): Promise<void> {
  const resource = `the origin access control ${name}`;
  const config = {
    Name: name,
    Description: COMMENT,
    SigningProtocol: "sigv4",
    SigningBehavior: "always",
    OriginAccessControlOriginType: "s3",
  } as const;
  const items = await allPages(async (Marker) => {
    const answer = await client.send(new ListOriginAccessControlsCommand({ Marker }));
    const { Items, NextMarker } = answer.OriginAccessControlList ?? {};
    return { items: Items, next: NextMarker };
  });
  const found = items.find((item) => item.Name === name);
  if (found === undefined) {
    return await create("CreateOriginAccessControl", resource, () =>
      client.send(new CreateOriginAccessControlCommand({ OriginAccessControlConfig: config })),
    );
  }
  await create("UpdateOriginAccessControl", resource, async () => {
    const { ETag } = await client.send(new GetOriginAccessControlCommand({ Id: found.Id }));
    const change = { Id: found.Id, IfMatch: ETag, OriginAccessControlConfig: config };
    await client.send(new UpdateOriginAccessControlCommand(change));
  });
}
