import type { BusGlance } from "../../../core/messages.ts";
import type { AcceptedCodings } from "../../../edge/compression.ts";
import type { Clock } from "../../../ports.ts";
import type { Invalidation } from "../cloudfront/invalidations.ts";
import type { LiveDistribution } from "../live-distribution.ts";
import type { TrafficLog } from "./traffic-log.ts";

/** All that the operator's view looks at. It reads and never writes. */
export type OperatorSources = {
  /** The distribution that a Host header means; the site's own without one. */
  readonly live: (host?: string) => LiveDistribution;
  readonly traffic: Pick<TrafficLog, "snapshot">;
  /** Newest first. */
  readonly invalidations: () => readonly WatchedInvalidation[];
  readonly records: RecordReader;
  readonly memory: EdgeMemory;
  /** The last look at the message bus; answers at once. Undefined where nobody looks at one. */
  readonly bus?: (() => BusGlance) | undefined;
  readonly clock: Pick<Clock, "now">;
};

/** What a dry run looks at. */
export type DryRunSources = Pick<OperatorSources, "live" | "memory" | "clock">;

export type WatchedInvalidation = Pick<
  Invalidation,
  "id" | "createdAt" | "status" | "paths" | "callerReference"
>;

/** Slipway's own records in the bucket, as they are stored. */
export interface RecordReader {
  /** Sorted as S3 lists them; `etag` is another one whenever the bytes are. */
  list(prefix: string): readonly { readonly key: string; readonly etag: string }[];
  /** Undefined when there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
}

/** What the edge remembers, looked at without moving or refreshing anything. */
export interface EdgeMemory {
  peek(place: CachePlace): Remembered | undefined;
}

/** What tells two entries apart (CF-DG "Understand the cache key"). */
export type CachePlace = {
  /** The id of the distribution. */
  readonly distribution: string;
  readonly uri: string;
  /** "" where the query is no part of the key. */
  readonly query: string;
  readonly accepted: AcceptedCodings;
};

export type Remembered = {
  /** 200, or the origin's error that is remembered. */
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  readonly expiresAt: number;
  /** Until then it is served although it has expired, while the origin is asked. */
  readonly revalidatingUntil: number;
  /** Of an object; undefined for a remembered error. */
  readonly object:
    | {
        /** As the origin sent it, so without the mark of a compressed variant. */
        readonly originEtag: string | undefined;
        /** As viewers get them before policy and function, names in lower case. */
        readonly headers: Readonly<Record<string, string>>;
      }
    | undefined;
};
