import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import { bareEnvironment, type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";

/** Output that nobody reads, or that has no room: what was asked for is done all the same. */

let project: TempProject;
let edge: EdgeProcess;

beforeAll(async () => {
  project = await createTinyProject();
  edge = await startEdge(project.root);
});

afterAll(async () => {
  await edge?.stop();
  await project?.dispose();
});

function launch(args: readonly string[], stdout: "pipe" | number): ChildProcess {
  const { root: cwd } = project;
  const env = bareEnvironment();
  const stdio = ["ignore", stdout, "pipe"] as const;
  return spawn(process.execPath, [join("deploy", "bin.js"), ...args], {
    cwd,
    env,
    stdio: [...stdio],
  });
}

async function endOf(child: ChildProcess) {
  const said = child.stderr === null ? "" : text(child.stderr);
  const [exitCode] = await once(child, "close");
  return { exitCode, stderr: await said };
}

async function release(): Promise<string> {
  const { stdout } = await runCliHere(project.root, ["status", "--json"]);
  return JSON.parse(stdout).release?.id ?? "none";
}

describe("a reader that goes away before the first line", () => {
  it.each([["--help"], ["plan"], ["plan --json"], ["status"]])(
    "does not trouble slipway %s",
    async (line) => {
      const child = launch(line.split(" "), "pipe");
      child.stdout?.destroy();
      const { exitCode, stderr } = await endOf(child);
      expect(exitCode).toBe(0);
      expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
    },
  );

  it("does not stop a deploy", async () => {
    const before = await release();
    await project.write("_site/index.html", "<h1>Unheard</h1>");
    const child = launch(["deploy"], "pipe");
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await release()).not.toBe(before);
  });
});

describe.skipIf(!existsSync("/dev/full"))("a disk without room for the output", () => {
  it.each([["status --json"], ["deploy"], ["--help"]])(
    "is told by slipway %s, and ends it with 2",
    async (line) => {
      await project.write("_site/index.html", `<h1>${line}</h1>`);
      const { exitCode, stderr } = await endOf(launch(line.split(" "), openSync("/dev/full", "w")));
      expect(stderr).toMatch(
        /^error The output could not be written\n.*no space.*\n {2}next: .+\n$/m,
      );
      expect(exitCode).toBe(2);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
  );
});
