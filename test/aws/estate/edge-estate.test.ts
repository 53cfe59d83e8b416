import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEdgeEstate } from "../../../deploy/aws/estate/edge-estate.ts";
import { edgeNames } from "../../../deploy/core/setup/blueprint.ts";
import type { EdgeAction } from "../../../deploy/core/setup/steps.ts";
import type { EdgeEstate } from "../../../deploy/estate-ports.ts";
import { type CloudFrontServer, startCloudFrontServer } from "../../support/cloudfront-server.ts";
import { failureOf } from "../../support/failure.ts";

/** A hand-written CloudFront: moto has no functions, key value stores and policies. */
let server: CloudFrontServer;
let client: CloudFrontClient;
let edge: EdgeEstate;

const NAMES = edgeNames("example", "production");
const STORE = "arn:aws:cloudfront::123456789012:key-value-store/slipway-example-production";
const FUNCTION: EdgeAction = {
  kind: "function",
  event: "viewer-request",
  name: NAMES.viewerRequest,
  store: STORE,
};

beforeEach(async () => {
  server = await startCloudFrontServer();
  client = new CloudFrontClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  edge = createEdgeEstate(client);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const writes = () => server.requests.filter((one) => !one.startsWith("GET"));

describe("CloudFront's parts", () => {
  it("of an empty account are AWS's own policies, looked up by name", async () => {
    expect(await edge.find(NAMES)).toEqual({
      accesses: [],
      store: undefined,
      headersPolicy: undefined,
      viewerRequest: undefined,
      viewerResponse: undefined,
      managed: new Map([
        ["CachingOptimized", "managed-CachingOptimized"],
        ["CachingDisabled", "managed-CachingDisabled"],
        ["AllViewerExceptHostHeader", "managed-AllViewerExceptHostHeader"],
      ]),
    });
  });

  it.each([
    { kind: "access", name: NAMES.access },
    { kind: "store", name: NAMES.store },
    { kind: "headers-policy", name: NAMES.headersPolicy },
    FUNCTION,
  ] satisfies EdgeAction[])("made twice are there once: $kind", async (action) => {
    await edge.carryOut(action);
    const once = await edge.find(NAMES);
    await edge.carryOut(action);
    expect(await edge.find(NAMES)).toEqual(once);
  });

  it("made one after the other are found whole", async () => {
    await edge.carryOut({ kind: "access", name: NAMES.access });
    await edge.carryOut({ kind: "store", name: NAMES.store });
    await edge.carryOut({ kind: "headers-policy", name: NAMES.headersPolicy });
    await edge.carryOut(FUNCTION);
    expect(await edge.find(NAMES)).toMatchObject({
      accesses: [{ id: "OAC1", name: NAMES.access, signs: true }],
      store: { arn: STORE, state: "ready" },
      headersPolicy: "policy-1",
      viewerRequest: { isLive: true, store: STORE },
      viewerResponse: undefined,
    });
  });

  it("that do not sign are mended, not made again", async () => {
    await edge.carryOut({ kind: "access", name: NAMES.access });
    const config = server.accesses.get("OAC1") ?? "";
    server.accesses.set("OAC1", config.replace(">always<", ">never<"));
    expect((await edge.find(NAMES)).accesses).toMatchObject([{ signs: false }]);
    await edge.carryOut({ kind: "access", name: NAMES.access });
    expect((await edge.find(NAMES)).accesses).toMatchObject([{ id: "OAC1", signs: true }]);
  });
});

describe("a function", () => {
  it("that was made but never published is published", async () => {
    server.intercept = (request) => (request.endsWith("/publish") ? DENIED : undefined);
    const failure = await failureOf(edge.carryOut(FUNCTION));
    expect(failure.text.next).toMatch(/cloudfront:PublishFunction/);
    server.intercept = () => undefined;
    expect((await edge.find(NAMES)).viewerRequest).toMatchObject({ isLive: false });
    await edge.carryOut(FUNCTION);
    expect((await edge.find(NAMES)).viewerRequest).toMatchObject({ isLive: true });
    expect(writes().filter((one) => one === "POST /function")).toHaveLength(1);
  });

  it("that is live gets its store and keeps the code that is live, not a draft", async () => {
    await edge.carryOut({ ...FUNCTION, store: undefined });
    const found = server.functions.get(NAMES.viewerRequest);
    if (found?.live === undefined) throw new Error("it was not published");
    found.live.code = "the site's rules";
    found.code = "half of a deploy";
    await edge.carryOut(FUNCTION);
    expect(found.live.code).toBe("the site's rules");
    expect(found.live.config).toContain(STORE);
  });

  it("that is new shows a folder's page, and passes all else", async () => {
    await edge.carryOut(FUNCTION);
    const { code = "" } = server.functions.get(NAMES.viewerRequest) ?? {};
    const handler = new Function(`${code}; return handler;`)();
    const uriOf = (uri: string) => handler({ request: { uri } }).uri;
    expect(uriOf("/about/")).toBe("/about/index.html");
    expect(uriOf("/logo.svg")).toBe("/logo.svg");
  });
});

const DENIED = {
  status: 403,
  body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
};
