import { accessSync, constants, mkdirSync } from "node:fs";
import { type Cache, openCache, ROOT } from "./cache.ts";
import { pipelineVersion } from "./pipeline-version.ts";
import { SiteError } from "./problem.ts";

/** The caches of one run, for what the code in `site/lib` makes. */
export type Caches = {
  open(name: string): Cache;
  /** After a whole build: removes what the last builds have not used. */
  prune(): void;
};

/** `notice` is told when nothing can be kept. */
export function openCaches(notice: (text: string) => void): Caches {
  const version = pipelineVersion();
  const opened: Cache[] = [];
  return {
    open(name) {
      const cache = openCache(name, version, { notice });
      opened.push(cache);
      return cache;
    },
    prune() {
      for (const cache of opened) cache.prune();
    },
  };
}

/** Throws a SiteError where nothing can be kept: pictures are finished there, and published from there. */
export function assertKeepingPlace(): void {
  try {
    mkdirSync(ROOT, { recursive: true });
    accessSync(ROOT, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `is no folder that can be written to (${code})`;
    const fix = "Make it one: finished pictures lie in it until the site is published.";
    throw new SiteError([{ file: ROOT, message, fix }]);
  }
}
