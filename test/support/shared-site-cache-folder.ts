import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** What builds of the site have kept in this run, a folder a kind of site. */
    readonly siteCaches: string;
  }
}

/** Runs once before all test files: the folder is there for them, and removed after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-site-caches-"));
  project.provide("siteCaches", folder);
  return () => rm(folder, { recursive: true, force: true });
}
