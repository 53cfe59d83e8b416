import type { Clock } from "../../../ports.ts";

/** What the log takes of one served request: the viewer's own event has all of it. */
export type TrafficEvent = {
  readonly method: string;
  /** As the viewer sent it, query included. */
  readonly url: string;
  readonly status: number;
  /** The value of X-Cache. */
  readonly cache: string;
  /** Seconds since the origin answered; only hits tell it. */
  readonly age?: number | undefined;
};

/** How requests were answered. `generated`: by a function or by the edge itself, without the cache. */
export type TrafficCounts = {
  readonly hits: number;
  readonly misses: number;
  readonly refreshed: number;
  readonly errors: number;
  readonly generated: number;
};

export type PathTraffic = TrafficCounts & {
  readonly path: string;
  readonly lastStatus: number;
  readonly lastMethod: string;
  /** Of the last hit, in seconds. */
  readonly lastAge: number | undefined;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
};

export type TrafficSnapshot = {
  /** When counting began, in milliseconds since 1970. */
  readonly since: number;
  readonly totals: TrafficCounts;
  /** The most recently asked for first. */
  readonly paths: readonly PathTraffic[];
  /** The sum of the paths that are no longer told apart; a path may be counted there twice. */
  readonly others: TrafficCounts & { readonly paths: number };
  /** Requests in each of the last 60 seconds, the running one last. */
  readonly perSecond: readonly number[];
};

export interface TrafficLog {
  record(event: TrafficEvent): void;
  snapshot(): TrafficSnapshot;
}

const MOST_PATHS = 500;
/** Longer paths are cut: 500 URLs of 8 KB would be memory that nobody reads. */
const LONGEST_PATH = 300;
const SECONDS = 60;

const NOTHING: TrafficCounts = { hits: 0, misses: 0, refreshed: 0, errors: 0, generated: 0 };

/** Counts in memory, of which it takes a bounded amount whatever is asked for. */
export function createTrafficLog(clock: Pick<Clock, "now">): TrafficLog {
  const since = clock.now().getTime();
  /** In the order of their last request, which is the order of insertion. */
  const paths = new Map<string, PathTraffic>();
  const ring = Array.from({ length: SECONDS }, () => ({ second: -1, requests: 0 }));
  let totals = NOTHING;
  let others: TrafficSnapshot["others"] = { ...NOTHING, paths: 0 };

  function forgetOldest(): void {
    for (const [path, counts] of paths) {
      if (paths.size <= MOST_PATHS) return;
      paths.delete(path);
      others = { ...sum(others, counts), paths: others.paths + 1 };
    }
  }

  function countSecond(now: number): void {
    const second = Math.floor(now / 1000);
    const place = second % SECONDS;
    const requests = ring[place]?.second === second ? (ring[place]?.requests ?? 0) : 0;
    ring[place] = { second, requests: requests + 1 };
  }

  return {
    record(event) {
      const now = clock.now().getTime();
      const counted = { ...NOTHING, [kindOf(event.cache)]: 1 };
      const path = pathOf(event.url);
      const known = paths.get(path);
      paths.delete(path);
      paths.set(path, {
        path,
        ...sum(known ?? NOTHING, counted),
        lastStatus: event.status,
        lastMethod: event.method,
        lastAge: event.age ?? known?.lastAge,
        lastAt: now,
      });
      totals = sum(totals, counted);
      countSecond(now);
      forgetOldest();
    },
    snapshot() {
      const second = Math.floor(clock.now().getTime() / 1000);
      const perSecond = ring.map((_, index) => {
        const wanted = second - SECONDS + 1 + index;
        const slot = ring[((wanted % SECONDS) + SECONDS) % SECONDS];
        return slot?.second === wanted ? slot.requests : 0;
      });
      return { since, totals, paths: [...paths.values()].reverse(), others, perSecond };
    },
  };
}

/** All requests that the counts tell of. */
export function countRequests(counts: TrafficCounts): number {
  return counts.hits + counts.misses + counts.refreshed + counts.errors + counts.generated;
}

/** The share of hits among what the cache was asked for, from 0 to 1; undefined before the first. */
export function hitRatio({ hits, misses, refreshed }: TrafficCounts): number | undefined {
  const asked = hits + misses + refreshed;
  return asked === 0 ? undefined : hits / asked;
}

/** The first word of X-Cache (CF-DG "Standard log reference", x-edge-result-type). */
function kindOf(cache: string): keyof TrafficCounts {
  switch (cache.split(" ", 1)[0]) {
    case "Hit":
      return "hits";
    case "Miss":
      return "misses";
    case "RefreshHit":
      return "refreshed";
    case "FunctionGeneratedResponse":
    case "Redirect":
      return "generated";
    default:
      return "errors";
  }
}

/** Without query and host: what a person takes for one thing. */
function pathOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?]*/i, "").split("?", 1)[0] ?? "";
  if (path.length > LONGEST_PATH) return `${path.slice(0, LONGEST_PATH)}…`;
  return path === "" ? "/" : path;
}

function sum(a: TrafficCounts, b: TrafficCounts): TrafficCounts {
  return {
    hits: a.hits + b.hits,
    misses: a.misses + b.misses,
    refreshed: a.refreshed + b.refreshed,
    errors: a.errors + b.errors,
    generated: a.generated + b.generated,
  };
}
