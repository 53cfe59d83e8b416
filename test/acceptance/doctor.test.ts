import { join } from "node:path";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doctorDocument } from "../../deploy/cli/document-schemas.ts";
import { CHECKS, type CheckId, type DoctorResult } from "../../deploy/core/doctor/check.ts";
import { createSlipway } from "../../deploy/library.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { announceEdge } from "../../deploy/local/edge-presence.ts";
import { runCliHere } from "../support/cli-here.ts";
import { runCli } from "../support/cli-process.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** `slipway doctor` of the local edge: what there is of it is examined, the rest is skipped. */

const BUCKET = "slipway-local";
let project: TempProject;
let edge: LocalEdge;
let s3: S3Client;

beforeAll(async () => {
  project = await createTinyProject({
    "index.html": "<h1>Home</h1>",
    "about/index.html": "<h1>About</h1>",
    "a.css": "a{}",
    "404.html": "<h1>Missing</h1>",
  });
  const directory = project.path(join(".slipway", "edge"));
  edge = await startLocalEdge({
    directory,
    viewerPort: 0,
    apiPort: 0,
    bucket: BUCKET,
    distributionId: "E0SLIPWAYLOCAL",
    invalidationDelayMs: 10,
  });
  const { viewerUrl, apiUrl, region, bucket, distributionId: distribution, credentials } = edge;
  const presence = { pid: process.pid, viewerUrl, apiUrl, region, bucket, distribution };
  await announceEdge(directory, { ...presence, ...credentials });
  s3 = new S3Client({ endpoint: apiUrl, forcePathStyle: true, region, credentials });
});

afterAll(async () => {
  s3?.destroy();
  await edge?.close();
  await project?.dispose();
});

const examine = async () => (await createSlipway({ root: project.root })).doctor();
const of = (result: DoctorResult, id: CheckId) => result.checks.find((check) => check.id === id);

describe("slipway doctor of the local edge", () => {
  it("says that nothing is released yet, and makes no fuss about it", async () => {
    const result = await examine();
    expect(of(result, "release")).toMatchObject({ kind: "warning" });
    expect(of(result, "home-page")).toMatchObject({ kind: "skipped" });
    expect(result.healthy).toBe(true);
  });

  it("is green after a deploy, and skips what is in no account", async () => {
    await (await createSlipway({ root: project.root })).deploy({ wait: true });
    const result = await examine();
    expect(result.checks.filter(({ kind }) => kind === "bad")).toEqual([]);
    for (const id of [
      "release",
      "files",
      "lock",
      "home-page",
      "missing-page",
      "state-hidden",
    ] as const) {
      expect(of(result, id)).toMatchObject({ kind: "good" });
    }
    for (const id of ["bucket", "distribution", "certificate", "https"] as const) {
      expect(of(result, id)).toMatchObject({ kind: "skipped" });
    }
  });

  it("prints every check with the exit code 0", async () => {
    const { exitCode, stdout } = await runCli(project.root, ["doctor"]);
    expect(exitCode).toBe(0);
    for (const id of Object.keys(CHECKS)) {
      expect(stdout).toMatch(new RegExp(`^([✓!]|- skipped.*:.*) ${id}( |,|$)`, "m"));
    }
  });

  it("finds a file that somebody removed and one that somebody changed, and names the mend", async () => {
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a.css" }));
    await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: "index.html", Body: "<h1>Other</h1>" }),
    );
    expect(of(await examine(), "files")).toMatchObject({
      kind: "bad",
      found: expect.stringMatching(/a\.css is missing, index\.html is not what was released/),
      next: expect.stringContaining("slipway deploy --verify"),
    });
  });

  it("ends with 4 then, and says so in one document with --json", async () => {
    const { exitCode, stdout } = await runCliHere(project.root, ["doctor", "--json"]);
    const document = JSON.parse(stdout);
    expect(doctorDocument.safeParse(document).error).toBeUndefined();
    expect({ exitCode, healthy: document.healthy }).toEqual({ exitCode: 4, healthy: false });
    expect(document.checks).toHaveLength(Object.keys(CHECKS).length);
  });

  it("is green again after the mend", async () => {
    await (await createSlipway({ root: project.root })).deploy({ verify: true, wait: true });
    expect((await examine()).healthy).toBe(true);
  });

  it("writes nothing", async () => {
    const slipway = await createSlipway({ root: project.root });
    await slipway.doctor();
    const sent = (await slipway.traffic()).map(({ operation }) => operation);
    expect(sent.filter((operation) => !/^(?:Get|Head|List)/.test(operation))).toEqual([]);
  });
});
