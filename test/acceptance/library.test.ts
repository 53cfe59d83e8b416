import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { createSlipway, isSlipwayError } from "../../deploy/library.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { announceEdge } from "../../deploy/local/edge-presence.ts";
import { send } from "../support/http-client.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** One project and one edge, told in order, all in this process. */

let project: TempProject;
let edge: LocalEdge;

beforeAll(async () => {
  project = await createTinyProject({ "index.html": "<h1>One</h1>", "a.css": "a{}" });
  const directory = project.path(join(".slipway", "edge"));
  edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: "slipway-local",
    distributionId: "E0SLIPWAYLOCAL",
    invalidationDelayMs: 10,
  });
  const { viewerUrl, apiUrl, region, bucket, distributionId: distribution } = edge;
  const presence = { pid: process.pid, viewerUrl, apiUrl, region, bucket, distribution };
  await announceEdge(directory, { ...presence, ...edge.credentials });
});

afterAll(async () => {
  await edge?.close();
  await project?.dispose();
});

const open = () => createSlipway({ root: project.root });
const home = async () => (await send(edge.viewerUrl, "/")).text;

it("plans without writing, and deploys what was planned", async () => {
  const slipway = await open();
  expect(await slipway.status()).toMatchObject({ kind: "never-released" });
  const { plan } = await slipway.plan();
  expect(plan.totals).toMatchObject({ created: 2, removed: 0 });
  expect(await slipway.status()).toMatchObject({ kind: "never-released" });

  const asked: string[] = [];
  const confirm = (it: typeof plan) => asked.push(it.id) > 0;
  const result = await slipway.deploy({ wait: true, confirm });
  expect(result).toMatchObject({ kind: "released", plan: { id: plan.id } });
  expect(asked).toEqual([plan.id]);
  expect(await home()).toContain("One");
  expect(await slipway.deploy()).toMatchObject({ kind: "nothing-to-do" });
});

it("writes nothing when the answer is no", async () => {
  const slipway = await open();
  await project.write("_site/index.html", "<h1>Two</h1>");
  expect(await slipway.deploy({ confirm: () => false })).toMatchObject({ kind: "declined" });
  expect(await home()).toContain("One");
});

it("tells its reporter what goes on", async () => {
  const events: ProgressEvent["kind"][] = [];
  const reporter = { report: (event: ProgressEvent) => events.push(event.kind) };
  const slipway = await createSlipway({ root: project.root, reporter });
  await slipway.deploy({ wait: true });
  expect(events).toContain("write-finished");
  expect(events.at(-1)).toBe("invalidation-finished");
  expect(await home()).toContain("Two");
});

it("begins nothing once its signal is aborted", async () => {
  const slipway = await open();
  await project.write("_site/index.html", "<h1>Three</h1>");
  const result = await slipway.deploy({ signal: AbortSignal.abort() });
  expect(result).toMatchObject({ kind: "partial" });
  expect(await home()).toContain("Two");
  expect(await slipway.deploy({ wait: true })).toMatchObject({ kind: "released" });
});

it("applies a plan and no other", async () => {
  const slipway = await open();
  await project.write("_site/b.txt", "b");
  const { plan } = await slipway.plan();
  await project.write("_site/c.txt", "c");
  await expect(slipway.deploy({ plan })).rejects.toThrow("no longer those of the plan");
  await project.remove("_site/c.txt");
  expect(await slipway.deploy({ plan, wait: true })).toMatchObject({ kind: "released" });
});

it("goes back, lists and invalidates", async () => {
  const slipway = await open();
  const { releases, total } = await slipway.releases(2);
  expect(total).toBe(4);
  expect(releases.map(({ live }) => live)).toEqual([true, false]);
  const back = await slipway.rollback({ to: releases[1]?.id, wait: true });
  expect(back).toMatchObject({ kind: "released", release: { rollbackTo: releases[1]?.id } });
  expect(await home()).toContain("Three");
  expect((await send(edge.viewerUrl, "/b.txt")).status).toBe(404);
  const forgotten = await slipway.invalidate(["/"], { wait: true });
  expect(forgotten).toMatchObject({ invalidations: [{ state: "completed" }] });
});

it("gives a refusal as a result, and lifts the guard that is named", async () => {
  const slipway = await open();
  await project.remove("_site/index.html");
  const refused = await slipway.deploy();
  expect(refused).toMatchObject({
    kind: "refused",
    plan: { violations: [{ rule: "no-index-page" }] },
  });
});

it("explains a failure, and takes a config instead of the file", async () => {
  const config = (output: string) => ({
    site: { id: "tiny", build: ["node"], dev: ["node"], output },
    environments: { local: { kind: "local" as const } },
  });
  const missing = await createSlipway({ root: project.root, config: config("_elsewhere") });
  const error = await missing.plan().catch((thrown: unknown) => thrown);
  expect(isSlipwayError(error) && error.text.what).toContain("_elsewhere");
  const nowhere = createSlipway({ root: project.root, environment: "nowhere" });
  await expect(nowhere).rejects.toThrow("nowhere");
});

it("is there for plain JavaScript on any Node that we support", async () => {
  await project.write(
    "status.mjs",
    `import { createSlipway } from "./deploy/library.js";
const slipway = await createSlipway({ root: import.meta.dirname });
const { kind, release } = await slipway.status();
console.log(kind, release.site);
`,
  );
  const child = spawn(process.execPath, [project.path("status.mjs")]);
  const said: string[] = [];
  child.stdout.on("data", (text: Buffer) => said.push(String(text)));
  const [exitCode] = await once(child, "close");
  expect({ exitCode, said: said.join("") }).toEqual({ exitCode: 0, said: "live tiny\n" });
});
