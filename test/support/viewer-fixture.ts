import { NO_RULES } from "../../deploy/edge/rules.ts";
import type { Behavior, LiveDistribution } from "../../deploy/local/edge/live-distribution.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { EdgeCache } from "../../deploy/local/edge/viewer/edge-cache.ts";
import {
  createViewer,
  type TlsCertificate,
  type ViewerEvent,
} from "../../deploy/local/edge/viewer/viewer.ts";
import type { FunctionReport } from "../../deploy/local/edge/viewer/viewer-functions.ts";
import { type PlainResponse, send } from "./http-client.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryOrigin } from "./memory-origin.ts";
import { siteRulesFunction } from "./site-rules-function.ts";
import { staticDistribution } from "./static-distribution.ts";

export type ViewerFixture = {
  readonly url: string;
  /** Of the server with the certificate, if there is one. */
  readonly httpsPort: number | undefined;
  readonly origin: MemoryOrigin;
  readonly cache: EdgeCache;
  readonly clock: ManualClock;
  readonly events: readonly ViewerEvent[];
  readonly faults: readonly unknown[];
  readonly reports: readonly FunctionReport[];
  /** What the next request goes by. */
  live: LiveDistribution;
  /** Adds a behavior before the others. */
  addBehavior(change: Partial<Behavior>): void;
  /** Changes the default behavior. */
  changeDefault(change: Partial<Behavior>): void;
  get(path: string, headers?: Record<string, string>): Promise<PlainResponse>;
  close(graceMs?: number): Promise<void>;
};

/** A viewer on a free port before a bucket in memory, at a time that stands still. */
export async function startViewer({
  maxBytes = 64 * 1024 * 1024,
  tls,
}: {
  readonly maxBytes?: number;
  readonly tls?: TlsCertificate;
} = {}): Promise<ViewerFixture> {
  const origin = new MemoryOrigin();
  const cache = new EdgeCache({ maxBytes });
  const clock = new ManualClock();
  const events: ViewerEvent[] = [];
  const faults: unknown[] = [];
  const reports: FunctionReport[] = [];
  let httpsPort: number | undefined;
  const viewer = createViewer({
    live: () => fixture.live,
    cache,
    clock,
    onRequest: (event) => events.push(event),
    onFunction: (report) => reports.push(report),
    onFault: (error) => faults.push(error),
    httpsPort: () => httpsPort,
    random: () => 0.5,
  });
  const url = await listenOnLoopback(viewer.server, 0);
  const tlsServer = tls && viewer.createTlsServer(tls);
  if (tlsServer !== undefined)
    httpsPort = Number(new URL(await listenOnLoopback(tlsServer, 0)).port);
  const fixture: ViewerFixture = {
    url,
    httpsPort,
    origin,
    cache,
    clock,
    events,
    faults,
    reports,
    live: staticDistribution({
      id: "E1",
      domainName: "localhost",
      bucket: origin,
      viewerRequest: siteRulesFunction(NO_RULES),
    }),
    addBehavior(change) {
      const behavior = { ...defaultOf(fixture.live), ...change };
      fixture.live = { ...fixture.live, behaviors: [behavior, ...fixture.live.behaviors] };
    },
    changeDefault(change) {
      const behavior = { ...defaultOf(fixture.live), ...change };
      fixture.live = {
        ...fixture.live,
        behaviors: [...fixture.live.behaviors.slice(0, -1), behavior],
      };
    },
    get: (path, headers = {}) => send(url, path, { headers }),
    async close(graceMs = 0) {
      await closeServer(viewer.server, graceMs);
      if (tlsServer !== undefined) await closeServer(tlsServer, graceMs);
      viewer.close();
    },
  };
  return fixture;
}

function defaultOf({ behaviors }: LiveDistribution): Behavior {
  const behavior = behaviors.at(-1);
  if (behavior === undefined) throw new Error("no behavior");
  return behavior;
}
