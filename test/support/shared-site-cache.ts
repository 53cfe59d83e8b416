import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";

/** Projects that build much the same. */
export type SiteKind = "fixture" | "real";

/**
 * Gives a new project what an earlier one of its kind kept: its pictures, its Markdown and the translated
 * programs. Nothing, where no project has ended yet. Half of a first build's time goes there.
 */
export async function takeSiteCache(kind: SiteKind, root: string): Promise<void> {
  await unlessMissing(cp(sharedCache(kind), cacheOf(root), { recursive: true }));
}

/** Keeps what a project has, for those that come; the first one's stays. The project has no cache after that. */
export async function leaveSiteCache(kind: SiteKind, root: string): Promise<void> {
  // A site kept whole is that project's own.
  await rm(join(cacheOf(root), "built"), { recursive: true, force: true });
  await unlessMissing(rename(cacheOf(root), sharedCache(kind)));
}

const cacheOf = (root: string) => join(root, ".cache");

const sharedCache = (kind: SiteKind) => join(inject("siteCaches"), kind);

/** A folder that is not there yet, and one that is there already, are both as good as done. */
async function unlessMissing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
  }
}
