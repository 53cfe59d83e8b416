import { createServer } from "node:http";
import { formatManifest, type Manifest } from "../../deploy/core/manifest.ts";
import {
  formatRelease,
  MANIFEST_KEY,
  type Release,
  releaseKey,
} from "../../deploy/core/release.ts";
import type { Behavior, LiveDistribution } from "../../deploy/local/edge/live-distribution.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { createOperatorView } from "../../deploy/local/edge/operator-view/operator-view.ts";
import type {
  CachePlace,
  Remembered,
  WatchedInvalidation,
} from "../../deploy/local/edge/operator-view/sources.ts";
import {
  createTrafficLog,
  type TrafficLog,
} from "../../deploy/local/edge/operator-view/traffic-log.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import { manifestOf, sha256 } from "../support/builders.ts";
import { type PlainResponse, send } from "../support/http-client.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { MemoryOrigin } from "../support/memory-origin.ts";

/** The operator's view on a free port, before sources that a test writes; what it does not handle is "viewer". */
export type ViewFixture = {
  readonly url: string;
  readonly origin: MemoryOrigin;
  readonly clock: ManualClock;
  readonly traffic: TrafficLog;
  /** Slipway's records by key, packed. */
  readonly records: Map<string, Uint8Array>;
  /** Records read, in order. */
  readonly read: string[];
  readonly remembered: Map<string, Remembered>;
  readonly invalidations: WatchedInvalidation[];
  readonly faults: unknown[];
  /** When set, no record can be read. */
  recordFailure: Error | undefined;
  live: LiveDistribution;
  get(path: string, options?: Parameters<typeof send>[2]): Promise<PlainResponse>;
  close(graceMs?: number): Promise<void>;
};

export async function startView(): Promise<ViewFixture> {
  const origin = new MemoryOrigin();
  const clock = new ManualClock();
  const traffic = createTrafficLog(clock);
  const records = new Map<string, Uint8Array>();
  const read: string[] = [];
  const remembered = new Map<string, Remembered>();
  const invalidations: WatchedInvalidation[] = [];
  const faults: unknown[] = [];
  const fixture = {
    live: distribution(bucketBehavior(origin)),
    recordFailure: undefined as Error | undefined,
  };
  const view = await createOperatorView({
    live: () => fixture.live,
    traffic,
    invalidations: () => invalidations,
    records: {
      list: (prefix) =>
        [...records]
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, bytes]) => ({ key, etag: sha256(Buffer.from(bytes).toString("base64")) }))
          .sort((a, b) => (a.key < b.key ? -1 : 1)),
      async read(key) {
        read.push(key);
        if (fixture.recordFailure !== undefined) throw fixture.recordFailure;
        return records.get(key);
      },
    },
    memory: { peek: (place) => remembered.get(placeName(place)) },
    clock,
    onFault: (error) => faults.push(error),
  });
  const server = createServer((request, response) => {
    if (!view.handle(request, response)) response.end("viewer");
  });
  const url = await listenOnLoopback(server, 0);
  return Object.assign(fixture, {
    url,
    origin,
    clock,
    traffic,
    records,
    read,
    remembered,
    invalidations,
    faults,
    get: (path: string, options = {}) => send(url, path, options),
    close: (graceMs = 0) => closeServer(server, graceMs),
  });
}

export function placeName({ distribution, uri, query, accepted }: CachePlace): string {
  return `${distribution} ${uri}?${query} ${accepted}`;
}

/** Stores the record of a release, and the manifest as it leaves it. */
export function storeRelease(
  { records }: Pick<ViewFixture, "records">,
  id: string,
  { files = manifestOf([]).files, ...fields }: Partial<Release> & Partial<Pick<Manifest, "files">>,
): void {
  const manifest = { ...manifestOf([]), release: id, files };
  const release: Release = {
    version: 1,
    id,
    time: "2026-03-01T11:00:00.000Z",
    site: "test-site",
    plan: sha256(id),
    totals: { created: 1, replaced: 0, removed: 0, unchanged: 0, kept: 0, bytes: 10 },
    pages: 1,
    provenance: { commit: "abcdef0123456789", author: "Mira" },
    manifest,
    ...fields,
  };
  records.set(releaseKey(id), gzipCodec.encode(formatRelease(release)));
  records.set(MANIFEST_KEY, gzipCodec.encode(formatManifest(manifest)));
}

/** A behavior as `setup` makes one, but for what the test says; the last one takes everything. */
export function bucketBehavior(bucket: MemoryOrigin, fields: Partial<Behavior> = {}): Behavior {
  return {
    pathPattern: "*",
    origin: { kind: "bucket", bucket, path: "" },
    viewerProtocolPolicy: "allow-all",
    allowedMethods: new Set(["GET", "HEAD", "OPTIONS"]),
    compress: true,
    cachePolicy: {
      min: 1,
      default: 86_400,
      max: 31_536_000,
      gzip: true,
      brotli: true,
      query: false,
    },
    originRequest: "nothing",
    viewerRequest: undefined,
    viewerResponse: undefined,
    headersPolicy: undefined,
    ...fields,
  };
}

export function distribution(...behaviors: readonly Behavior[]): LiveDistribution {
  return {
    id: "E0TEST",
    domainName: "localhost:8788",
    enabled: true,
    defaultRootObject: "index.html",
    behaviors,
    errorResponses: new Map([
      [404, { cachingMinTtl: 10, page: { path: "/404.html", status: 404 } }],
    ]),
    cacheTagHeader: undefined,
  };
}
