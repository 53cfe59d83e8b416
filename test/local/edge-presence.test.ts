import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  announceEdge,
  type EdgePresence,
  findEdge,
  withdrawEdge,
} from "../../deploy/local/edge-presence.ts";
import { tempFolder } from "../support/temp-folder.ts";

const presence: EdgePresence = {
  pid: process.pid,
  viewerUrl: "http://127.0.0.1:8788",
  apiUrl: "http://127.0.0.1:8789",
  region: "us-east-1",
  bucket: "slipway-local",
  distribution: "E0SLIPWAYLOCAL",
  accessKeyId: "AKIATEST",
  secretAccessKey: "secret",
};

it("an edge that announced itself is found, and no longer once it withdrew", async () => {
  const folder = await tempFolder();
  expect(findEdge(folder)).toBeUndefined();
  await announceEdge(folder, presence);
  expect(findEdge(folder)).toEqual(presence);
  await withdrawEdge(folder);
  expect(findEdge(folder)).toBeUndefined();
  await withdrawEdge(folder);
  expect(await readdir(folder)).toEqual([]);
});

it("nobody else may read the file, for it holds the keys", async () => {
  const folder = await tempFolder();
  await announceEdge(folder, presence);
  const [name = "", ...others] = await readdir(folder);
  expect(others).toEqual([]);
  expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
});

it("the edge of a process that is gone is none", async () => {
  const folder = await tempFolder();
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  await announceEdge(folder, { ...presence, pid: child.pid ?? 0 });
  expect(findEdge(folder)).toBeUndefined();
});

it.each(["", "{", "{}", '{"pid":"1"}', "null"])("a damaged file, %j, is no edge", async (text) => {
  expect(findEdge(await tempFolder({ "running.json": text }))).toBeUndefined();
});
