import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudFrontClient } from "../../deploy/aws/clients.ts";
import { createEdgeComparer } from "../../deploy/aws/edge-comparer.ts";
import type { EdgeProgram } from "../../deploy/edge/program.ts";
import { formatProgram } from "../../deploy/edge/program-document.ts";
import { sha256 } from "../support/builders.ts";
import { type CloudFrontServer, startCloudFrontServer } from "../support/cloudfront-server.ts";
import { failureOf } from "../support/failure.ts";

/**
 * The comparison over the AWS SDK, against CloudFront's control plane by hand: moto and the local edge
 * have neither functions nor headers policies. The redirect table is a map here.
 */

const ARN = "arn:aws:cloudfront::123456789012";
const REQUEST = "slipway-example-live-viewer-request";
const RESPONSE = "slipway-example-live-viewer-response";
const STORE = `${ARN}:key-value-store/slipway-example-live`;

const PROGRAM: EdgeProgram = {
  viewerRequest: "function handler(event) { return event.request; }",
  viewerResponse: "function handler(event) { return event.response; }",
  store: new Map([
    ["/a/", "/b/"],
    ["/c/", "/d/"],
  ]),
  headersPolicy: {
    set: [{ name: "x-content-type-options", value: "nosniff", override: true }],
    remove: ["x-powered-by"],
  },
};
const TEXT = formatProgram(PROGRAM);

let server: CloudFrontServer;
let table: Map<string, string>;

beforeEach(async () => {
  server = await startCloudFrontServer();
  table = new Map(PROGRAM.store);
  server.distributions.set("E1", { config: distributionConfig(), etag: 1, status: "Deployed" });
  server.policies.set("policy-1", policyConfig("nosniff"));
  serveFunction(REQUEST, PROGRAM.viewerRequest, STORE);
  serveFunction(RESPONSE, PROGRAM.viewerResponse);
  const { intercept } = server;
  server.intercept = (request, count) =>
    request === "GET /response-headers-policy/policy-1/config"
      ? { status: 200, etag: "E-1", body: server.policies.get("policy-1") ?? "" }
      : intercept(request, count);
});

afterEach(() => server.close());

function serveFunction(name: string, code: string, store?: string): void {
  const stores = store
    ? `<Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>${store}</KeyValueStoreARN></KeyValueStoreAssociation></Items>`
    : "<Quantity>0</Quantity>";
  const config = `<FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime><KeyValueStoreAssociations>${stores}</KeyValueStoreAssociations></FunctionConfig>`;
  server.functions.set(name, { config, code, etag: 1, live: { code, config } });
}

function distributionConfig(request = REQUEST): string {
  const association = (event: string, name: string) =>
    `<FunctionAssociation><FunctionARN>${ARN}:function/${name}</FunctionARN><EventType>${event}</EventType></FunctionAssociation>`;
  return `<DistributionConfig><CallerReference>r</CallerReference><DefaultCacheBehavior><TargetOriginId>s3</TargetOriginId><FunctionAssociations><Quantity>2</Quantity><Items>${association("viewer-request", request)}${association("viewer-response", RESPONSE)}</Items></FunctionAssociations><ResponseHeadersPolicyId>policy-1</ResponseHeadersPolicyId></DefaultCacheBehavior><Comment></Comment><Enabled>true</Enabled></DistributionConfig>`;
}

function policyConfig(value: "nosniff" | "none"): string {
  const options =
    value === "nosniff" ? "<ContentTypeOptions><Override>true</Override></ContentTypeOptions>" : "";
  return `<ResponseHeadersPolicyConfig><Name>slipway-example-live</Name><SecurityHeadersConfig>${options}</SecurityHeadersConfig><RemoveHeadersConfig><Quantity>1</Quantity><Items><ResponseHeadersPolicyRemoveHeader><Header>x-powered-by</Header></ResponseHeadersPolicyRemoveHeader></Items></RemoveHeadersConfig></ResponseHeadersPolicyConfig>`;
}

function compare(program: EdgeProgram = PROGRAM) {
  const client = createCloudFrontClient({
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    cdnEndpoint: server.url,
  });
  const openStore = async (arn: string) => {
    expect(arn).toBe(STORE);
    return { entries: async () => table, update: () => Promise.reject(new Error("it writes")) };
  };
  const text = program === PROGRAM ? TEXT : formatProgram(program);
  return createEdgeComparer({ client, openStore }).compare("E1", { digest: sha256(text), text });
}

const SAME = {
  kind: "compared",
  viewerRequest: true,
  viewerResponse: true,
  headersPolicy: "same",
  table: { entries: 2, missing: 0, changed: 0, extra: 0 },
};

describe("what runs at the distribution", () => {
  it("is the program, and comparing wrote nothing", async () => {
    expect(await compare()).toEqual(SAME);
    expect(server.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
  });

  it("differs in the function that somebody edited", async () => {
    serveFunction(RESPONSE, "function handler(event) { return 1; }");
    expect(await compare()).toEqual({ ...SAME, viewerResponse: false });
  });

  it("is the published code, not the draft", async () => {
    const found = server.functions.get(REQUEST);
    if (found) found.code = "a draft";
    expect(await compare()).toEqual(SAME);
  });

  it("differs in the headers policy that lost a header", async () => {
    server.policies.set("policy-1", policyConfig("none"));
    expect(await compare()).toEqual({ ...SAME, headersPolicy: "different" });
  });

  it("has a headers policy of somebody else", async () => {
    const theirs = policyConfig("nosniff").replace("slipway-example-live", "theirs");
    server.policies.set("policy-1", theirs);
    expect(await compare()).toEqual({ ...SAME, headersPolicy: "foreign" });
  });

  it("differs in the table, entry by entry", async () => {
    table = new Map([
      ["/c/", "/elsewhere/"],
      ["/x/", "/y/"],
      ["/z/", "/y/"],
    ]);
    const different = { entries: 2, missing: 1, changed: 1, extra: 2 };
    expect(await compare()).toEqual({ ...SAME, table: different });
  });

  it("has no table where none is needed", async () => {
    serveFunction(REQUEST, PROGRAM.viewerRequest);
    expect(await compare({ ...PROGRAM, store: new Map() })).toEqual({ ...SAME, table: undefined });
  });

  it("lacks every entry where the function may read no table", async () => {
    serveFunction(REQUEST, PROGRAM.viewerRequest);
    const lacking = { entries: 2, missing: 2, changed: 0, extra: 0 };
    expect(await compare()).toEqual({ ...SAME, table: lacking });
  });

  it("is nobody's of ours without our functions", async () => {
    server.distributions.set("E1", { config: distributionConfig("theirs"), etag: 1, status: "" });
    expect(await compare()).toMatchObject({ kind: "unmanaged" });
  });

  it("cannot be compared without the right, which the failure names", async () => {
    server.intercept = (request) =>
      request === `GET /function/${REQUEST}`
        ? {
            status: 403,
            body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>",
          }
        : request.startsWith("GET /response-headers-policy/")
          ? { status: 200, body: policyConfig("nosniff") }
          : undefined;
    const failure = await failureOf(compare());
    expect(failure.text.next).toContain("cloudfront:GetFunction");
  });
});
