import { NO_RULES } from "../../deploy/edge/rules.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { siteRulesFunction } from "../../deploy/local/edge/site-rules-function.ts";
import { staticDistribution } from "../../deploy/local/edge/static-distribution.ts";
import { EdgeCache } from "../../deploy/local/edge/viewer/edge-cache.ts";
import { createViewer, type ViewerEvent } from "../../deploy/local/edge/viewer/viewer.ts";
import { type PlainResponse, send } from "./http-client.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryOrigin } from "./memory-origin.ts";

export type ViewerFixture = {
  readonly url: string;
  readonly origin: MemoryOrigin;
  readonly cache: EdgeCache;
  readonly clock: ManualClock;
  readonly events: readonly ViewerEvent[];
  readonly faults: readonly unknown[];
  get(path: string, headers?: Record<string, string>): Promise<PlainResponse>;
  close(graceMs?: number): Promise<void>;
};

/** A viewer on a free port before a bucket in memory, at a time that stands still. */
export async function startViewer({ maxBytes = 64 * 1024 * 1024 } = {}): Promise<ViewerFixture> {
  const origin = new MemoryOrigin();
  const cache = new EdgeCache({ maxBytes });
  const clock = new ManualClock();
  const events: ViewerEvent[] = [];
  const faults: unknown[] = [];
  const distribution = staticDistribution({
    id: "E1",
    domainName: "localhost",
    bucket: origin,
    viewerRequest: siteRulesFunction(NO_RULES),
  });
  const viewer = createViewer({
    live: () => distribution,
    cache,
    clock,
    onRequest: (event) => events.push(event),
    onFault: (error) => faults.push(error),
  });
  const url = await listenOnLoopback(viewer.server, 0);
  return {
    url,
    origin,
    cache,
    clock,
    events,
    faults,
    get: (path, headers = {}) => send(url, path, { headers }),
    close: (graceMs = 0) => closeServer(viewer.server, graceMs),
  };
}
