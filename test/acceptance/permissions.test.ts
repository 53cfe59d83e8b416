import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { OPERATION_GRANTS, READ_VERSIONS } from "../../deploy/core/iam/actions.ts";
import { arnsOf, type EstateNames } from "../../deploy/core/iam/resources.ts";
import { rolePolicy } from "../../deploy/core/iam/role-policy.ts";
import { operationsOf, type Role } from "../../deploy/core/iam/roles.ts";
import { createSlipway, type Slipway } from "../../deploy/library.ts";
import type { AnsweredRequest } from "../../deploy/local/edge/aws-listener.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { announceEdge } from "../../deploy/local/edge-presence.ts";
import { simulate } from "../support/iam-simulator.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/**
 * What each command really sends to the local edge, held against the policy of the role that runs it.
 * The traffic meter names the operations; the edge says which bucket and key each request was for.
 */

const BUCKET = "slipway-local";
const LARGE = 70 * 1024 * 1024;

const NAMES: EstateNames = {
  bucket: BUCKET,
  region: "eu-west-1",
  account: "111122223333",
  functions: ["slipway-tiny-local-viewer-request", "slipway-tiny-local-viewer-response"],
  distribution: "E0SLIPWAYLOCAL",
  domains: [],
};

let project: TempProject;
let edge: LocalEdge;
let slipway: Slipway;
let role: Role;
const answered: AnsweredRequest[] = [];

beforeAll(async () => {
  project = await createTinyProject({ "index.html": "<h1>One</h1>", "a.css": "a{}" });
  const directory = project.path(join(".slipway", "edge"));
  edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: BUCKET,
    distributionId: "E0SLIPWAYLOCAL",
    invalidationDelayMs: 10,
    onApiRequest: (request) => answered.push(request),
  });
  const { viewerUrl, apiUrl, region, bucket, distributionId: distribution } = edge;
  const presence = { pid: process.pid, viewerUrl, apiUrl, region, bucket, distribution };
  await announceEdge(directory, { ...presence, ...edge.credentials });
});

afterAll(async () => {
  await edge?.close();
  await project?.dispose();
});

beforeEach(async () => {
  slipway = await createSlipway({ root: project.root });
  role = "deployer";
  answered.length = 0;
});

/** Each command ends here: everything that it sent is allowed, and none of it is forbidden. */
afterEach(async () => {
  const sent = await slipway.traffic();
  expect(sent).not.toEqual([]);
  const allowed = new Set<string>(operationsOf(role, { named: false }));
  const operations = sent.map(({ service, operation }) => `${service} ${operation}`);
  expect(operations.filter((operation) => !allowed.has(operation))).toEqual([]);
  const policy = rolePolicy(role, NAMES);
  for (const operation of operations as (keyof typeof OPERATION_GRANTS)[]) {
    for (const { action, on } of OPERATION_GRANTS[operation]) {
      const resources = on === "objects" ? objects() : arnsOf(on, NAMES);
      expect(resources).not.toEqual([]);
      for (const resource of resources) {
        expect([action, resource, simulate(policy, { action, resource })]).toEqual([
          action,
          resource,
          "allow",
        ]);
      }
    }
  }
});

function objects(): readonly string[] {
  return answered.flatMap(({ bucket, key }) =>
    bucket === undefined || key === undefined ? [] : [`arn:aws:s3:::${bucket}/${key}`],
  );
}

const operations = async () => (await slipway.traffic()).map(({ operation }) => operation);

it("plan", async () => {
  await slipway.plan({ verify: true });
});

it("deploy, with a file in parts", async () => {
  await project.write("_site/large.bin", "x".repeat(LARGE));
  expect(await slipway.deploy({ wait: true })).toMatchObject({ kind: "released" });
  expect(await operations()).toContain("UploadPart");
});

it("deploy, with a page that changes and files that go", async () => {
  await project.write("_site/index.html", "<h1>Two</h1>");
  await project.remove("_site/large.bin");
  expect(await slipway.deploy({ wait: true })).toMatchObject({ kind: "released" });
  expect(await operations()).toEqual(
    expect.arrayContaining(["CreateInvalidation", "DeleteObject", "DeleteObjects", "PutObject"]),
  );
});

it("deploy, with headers that change", async () => {
  const { config } = slipway;
  const headers = [{ match: "*.css", set: { cacheControl: "no-cache" } }];
  const local = { kind: "local" as const, headers };
  const changed = { ...config, environments: { local } } as never;
  slipway = await createSlipway({ root: project.root, config: changed });
  expect(await slipway.deploy()).toMatchObject({ kind: "released" });
  expect(await operations()).toContain("CopyObject");
});

it("deploy --verify, with nothing to do", async () => {
  await slipway.deploy({ verify: true });
  expect(await operations()).toContain("ListObjectsV2");
});

it("status", async () => {
  expect(await slipway.status()).toMatchObject({ kind: "live" });
});

it("releases", async () => {
  expect((await slipway.releases()).releases.length).toBeGreaterThan(1);
});

it("invalidate", async () => {
  await slipway.invalidate(["/"], { wait: true });
  expect(await operations()).toContain("GetInvalidation");
});

it("unlock", async () => {
  expect(await slipway.unlock(() => true)).toEqual({ kind: "not-locked" });
});

it("rollback, which reads earlier versions", async () => {
  role = "operator";
  const { releases } = await slipway.releases();
  const to = releases.at(-1)?.id;
  expect(await slipway.rollback({ to, wait: true })).toMatchObject({ kind: "released" });
  expect(await operations()).toContain("CopyObject");
  const resource = objects()[0] ?? "";
  for (const { action } of READ_VERSIONS) {
    expect(simulate(rolePolicy("operator", NAMES), { action, resource })).toBe("allow");
    expect(simulate(rolePolicy("deployer", NAMES), { action, resource })).toBe("deny");
  }
});
