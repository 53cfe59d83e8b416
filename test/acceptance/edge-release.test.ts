import { join } from "node:path";
import {
  CloudFrontClient,
  GetDistributionConfigCommand,
  GetFunctionCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { createSlipway, isSlipwayError } from "../../deploy/library.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { announceEdge } from "../../deploy/local/edge-presence.ts";
import { runCliHere } from "../support/cli-here.ts";
import { runCli } from "../support/cli-process.ts";
import { send } from "../support/http-client.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** The rules of one site over its releases, told in order: every deploy is real, every answer HTTP. */

let project: TempProject;
let edge: LocalEdge;
let cloudFront: CloudFrontClient;
const events: ProgressEvent[] = [];

beforeAll(async () => {
  project = await createTinyProject({
    "index.html": "<h1>Home</h1>",
    "new/index.html": "<h1>New</h1>",
    "404.html": "<h1>Not here</h1>",
    "gone.html": "<h1>Gone</h1>",
    "de/404.html": "<h1>Nicht da</h1>",
    "de/index.html": "<h1>Start</h1>",
    "app.css": "a{}",
    _redirects: "/old /new/\n/sold /gone.html 410\n",
    _headers: "/app.css\n  X-Robots-Tag: noindex\n",
  });
  const directory = project.path(join(".slipway", "edge"));
  edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: "slipway-local",
    distributionId: "E0SLIPWAYLOCAL",
    invalidationDelayMs: 10,
  });
  const { viewerUrl, apiUrl, region, bucket, distributionId: distribution, credentials } = edge;
  const presence = { pid: process.pid, viewerUrl, apiUrl, region, bucket, distribution };
  await announceEdge(directory, { ...presence, ...credentials });
  cloudFront = new CloudFrontClient({ endpoint: apiUrl, region, credentials });
});

afterAll(async () => {
  cloudFront?.destroy();
  await edge?.close();
  await project?.dispose();
});

async function deploy(options: { readonly force?: boolean } = {}) {
  events.length = 0;
  const reporter = { report: (event: ProgressEvent) => events.push(event) };
  return await (await createSlipway({ root: project.root, reporter })).deploy(options);
}

async function answer(path: string) {
  const { status, headers, text } = await send(edge.viewerUrl, path);
  return { status, location: headers.location, text };
}

const moved = (location: string) => ({ status: 301, location, text: "" });
const nothingHere = { status: 404, location: undefined, text: "<h1>Not here</h1>" };

it("puts the rules of the first release in force", async () => {
  expect(await deploy()).toMatchObject({ kind: "released" });
  expect(await answer("/old")).toEqual(moved("/new/"));
  expect(await answer("/new")).toEqual(moved("/new/"));
  expect(await answer("/new/")).toMatchObject({ status: 200, text: "<h1>New</h1>" });
  expect((await send(edge.viewerUrl, "/app.css")).headers["x-robots-tag"]).toBe("noindex");
});

it("tells a page that stands for something gone with its status, wherever it is seen", async () => {
  const gone = { status: 410, location: undefined, text: "<h1>Gone</h1>" };
  expect([await answer("/sold"), await answer("/sold"), await answer("/gone.html")]).toEqual([
    gone,
    gone,
    gone,
  ]);
});

it("shows the 404 page of the nearest folder", async () => {
  expect(await answer("/de/fehlt/")).toEqual({
    status: 404,
    location: undefined,
    text: "<h1>Nicht da</h1>",
  });
  expect(await answer("/en/missing/")).toEqual(nothingHere);
  expect(await answer("/de/")).toMatchObject({ status: 200 });
});

it("makes a release of changed rules alone: no object is written, nothing is invalidated", async () => {
  await project.write("_site/_redirects", "/older /new/\n/sold /gone.html 410\n");
  const result = await deploy();
  expect(result).toMatchObject({ kind: "released", invalidations: [] });
  expect(await answer("/older")).toEqual(moved("/new/"));
  expect(await answer("/old/")).toEqual(nothingHere);
  expect(await deploy()).toMatchObject({ kind: "nothing-to-do" });
});

it("keeps a table that is too large for the code in the key value store", async () => {
  const rules = Array.from({ length: 1_500 }, (_, i) => `/article-${i} /new/?article=${i} 302`);
  await project.write("_site/_redirects", `${rules.join("\n")}\n`);
  await deploy();
  const location = "/new/?article=1499";
  expect(await answer("/article-1499")).toEqual({ status: 302, location, text: "" });
  expect(await answer("/article-1500/")).toEqual(nothingHere);
  expect(await answer("/older/")).toEqual(nothingHere);
});

it("brings the rules back with a rollback", async () => {
  await (await createSlipway({ root: project.root })).rollback();
  expect(await answer("/older")).toEqual(moved("/new/"));
  expect(await answer("/article-1499/")).toEqual(nothingHere);
});

it("prints the code that is live", async () => {
  await deploy();
  for (const event of ["viewer-request", "viewer-response"]) {
    const { stdout, exitCode } = await runCliHere(project.root, [
      "edge",
      "--print-function",
      event,
    ]);
    const Name = `slipway-${event}`;
    const { FunctionCode } = await cloudFront.send(new GetFunctionCommand({ Name, Stage: "LIVE" }));
    expect([exitCode, stdout]).toEqual([0, new TextDecoder().decode(FunctionCode)]);
  }
});

it("writes nothing at all when a rule is wrong, and names the line", async () => {
  await project.write("_site/_redirects", "/a /new/\n/b /new/ 418\n");
  await project.write("_site/index.html", "<h1>Home, edited</h1>");
  const error = await deploy().catch((failure: unknown) => failure);
  expect(isSlipwayError(error) && [error.kind, error.text.why]).toEqual([
    "config",
    expect.stringContaining("_redirects:2"),
  ]);
  expect(await answer("/")).toMatchObject({ text: "<h1>Home</h1>" });
  const { exitCode, stderr } = await runCli(project.root, ["plan"]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("_redirects:2: /b /new/ 418")]);
});

it("leaves a distribution alone whose functions are somebody else's, and says so", async () => {
  await project.write("_site/_redirects", "/b /new/\n");
  const Id = edge.distributionId;
  const { DistributionConfig, ETag } = await cloudFront.send(
    new GetDistributionConfigCommand({ Id }),
  );
  if (DistributionConfig?.DefaultCacheBehavior === undefined) throw new Error("no config");
  DistributionConfig.DefaultCacheBehavior.FunctionAssociations = { Quantity: 0 };
  await cloudFront.send(new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }));
  expect(await deploy()).toMatchObject({ kind: "released" });
  expect(events).toContainEqual({
    kind: "edge-unmanaged",
    why: "its viewer-request function is not Slipway's",
  });
  expect((await answer("/b")).status).toBe(404);
});
