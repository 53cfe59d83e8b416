import type { Change } from "./change.ts";
import type { Redirects } from "./guards.ts";
import { isFingerprinted } from "./headers.ts";
import { type UrlPath, urlPath } from "./keys.ts";
import type { Manifest } from "./manifest.ts";

export type RemovedUrlsInput = {
  readonly base: Manifest | undefined;
  readonly changes: readonly Change[];
  readonly redirects: Redirects;
};

/**
 * The addresses that were live and answer nothing any more, sorted; a page is told by its folder. A
 * name with a content hash was never an address for people, and is not among them.
 */
export function findRemovedUrls({ base, changes, redirects }: RemovedUrlsInput) {
  return changes
    .flatMap((change) =>
      change.kind === "remove" && base?.files.has(change.key) ? [change.key] : [],
    )
    .filter((key) => !isFingerprinted(key))
    .map((key) => urlPath(key).replace(/(^|\/)index\.html$/, "$1") as UrlPath)
    .filter((path) => !redirects(path));
}
