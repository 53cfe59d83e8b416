import type { CachePolicy } from "../live-distribution.ts";
import type { CacheKey } from "./cache-entry.ts";
import type { AskOrigin } from "./origin-answer.ts";

/** One look into the cache, and what may be asked of which origin if that is not enough. */
export type Question = {
  readonly key: CacheKey;
  readonly policy: CachePolicy;
  readonly compress: boolean;
  /** In seconds, for a status of the origin. */
  readonly errorCachingMinTtl: (status: number) => number;
  /** The origin's header of cache tags, in lower case. */
  readonly tagHeader: string | undefined;
  readonly ask: AskOrigin;
};
