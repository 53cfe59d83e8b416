import { type Cache, openCache } from "./cache.ts";
import { pipelineVersion } from "./pipeline-version.ts";

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
