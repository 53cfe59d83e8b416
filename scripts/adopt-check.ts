import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import authors from "../site/_data/authors.ts";
import site from "../site/_data/site.ts";
import { type GuideStep, readGuide } from "./lib/guide-steps.ts";

/**
 * Does what docs/adopt.md tells, step by step, in a copy of this project, and builds. Ends with exit code
 * 1 when a step fails, and says which, or when anything of the company before is left in the output.
 */
const GUIDE = "docs/adopt.md";
const COPIED = ["package.json", "tsconfig.json", "slipway.config.ts", "site", "deploy"];

const root = resolve(import.meta.dirname, "..");
const run = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), "adopt-"));
try {
  const steps = readGuide(await readFile(join(root, GUIDE), "utf8"));
  for (const name of COPIED) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  for (const step of steps) await perform(step);
  await assertNothingOfUs(join(folder, "_site"));
  const home = await readFile(join(folder, "_site/index.html"), "utf8");
  const title = /<title>([^<]*)<\/title>/.exec(home)?.[1];
  console.log(`${steps.length} steps of ${GUIDE} done. The home page is called "${title}".`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Neither the company nor anybody in it is named in any file, pictures included. */
async function assertNothingOfUs(output: string): Promise<void> {
  const people = Object.values(authors).map(({ name }) => name);
  const ours = [site.name, new URL(site.url).hostname, site.email, ...people];
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const left = ours.find((name) => bytes.includes(name));
    if (left !== undefined)
      throw new Error(`${path.slice(folder.length + 1)} still says "${left}"`);
  }
}

async function perform(step: GuideStep): Promise<void> {
  switch (step.kind) {
    case "write": {
      const path = join(folder, step.path);
      await mkdir(dirname(path), { recursive: true });
      return writeFile(path, step.content);
    }
    case "run":
      try {
        await run("bash", ["-euo", "pipefail", "-c", step.commands], { cwd: folder });
      } catch (error) {
        const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
        throw new Error(`${GUIDE}:${step.line}: this fails:\n${step.commands}\n${stdout}${stderr}`);
      }
  }
}
