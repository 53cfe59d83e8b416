import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { createGitHistory } from "../../deploy/local/git-history.ts";
import { tempFolder } from "../support/temp-folder.ts";

const run = promisify(execFile);

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const who = ["-c", "user.name=Mira Ō", "-c", "user.email=mira@example.com"];
  const quiet = ["-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"];
  return (await run("git", [...who, ...quiet, ...args], { cwd })).stdout.trim();
}

it("a checkout tells its commit and its author", async () => {
  const root = await tempFolder({ "a.txt": "a" });
  await git(root, "init", "--quiet");
  await git(root, "add", "a.txt");
  await git(root, "commit", "--quiet", "-m", "One");
  const commit = await git(root, "rev-parse", "HEAD");
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  const history = createGitHistory(root);
  expect(await history.provenance()).toMatchObject({ commit, author: "Mira Ō" });
  expect((await history.provenance()).uncommitted).toBeUndefined();
  await writeFile(join(root, "a.txt"), "changed");
  expect(await history.provenance()).toMatchObject({ commit, uncommitted: true });
});

it("a folder that is no checkout tells nothing, and that is no error", async () => {
  expect(await createGitHistory(await tempFolder()).provenance()).toEqual({});
});

it("a checkout without a commit tells nothing", async () => {
  const root = await tempFolder();
  await git(root, "init", "--quiet");
  expect(await createGitHistory(root).provenance()).toEqual({});
});
