import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  GetFunctionCommand,
  ListKeyValueStoresCommand,
  ListOriginAccessControlsCommand,
  ListResponseHeadersPoliciesCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CloudFrontFixture, startCloudFront } from "../support/cloudfront-fixture.ts";

let api: CloudFrontFixture;
beforeEach(async () => {
  api = await startCloudFront();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await api.close();
});

async function counts() {
  const [stores, policies, controls] = await Promise.all([
    api.client.send(new ListKeyValueStoresCommand({})),
    api.client.send(new ListResponseHeadersPoliciesCommand({ Type: "custom" })),
    api.client.send(new ListOriginAccessControlsCommand({})),
  ]);
  return [
    stores.KeyValueStoreList?.Quantity,
    policies.ResponseHeadersPolicyList?.Quantity,
    controls.OriginAccessControlList?.Quantity,
  ];
}

/** What a crash before the record was written would leave. */
const lose = (folder: string) =>
  rm(join(api.folder, "cloudfront", folder), { recursive: true, force: true });

it("a first start that broke off is finished by the next one, and nothing is made twice", async () => {
  for (const lost of [
    ["distributions"],
    ["distributions", "response-headers-policies"],
    ["distributions", "response-headers-policies", "origin-access-controls", "functions"],
    [
      "distributions",
      "response-headers-policies",
      "origin-access-controls",
      "functions",
      "key-value-stores",
    ],
  ]) {
    for (const folder of lost) await lose(folder);
    api = await api.restart();
    expect(await counts()).toEqual([1, 1, 1]);
    expect(api.live().behaviors[0]).toMatchObject({
      viewerRequest: { name: "slipway-viewer-request" },
      viewerResponse: { name: "slipway-viewer-response" },
    });
  }
});

it("a start leaves alone what was made before", async () => {
  const code = async () => {
    const command = new GetFunctionCommand({ Name: "slipway-viewer-request", Stage: "LIVE" });
    return await api.client.send(command);
  };
  const before = await code();
  api = await api.restart();
  expect((await code()).ETag).toBe(before.ETag);
});
