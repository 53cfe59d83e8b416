import { type DeployOptions, type DeployPorts, deploy } from "../../deploy/commands/deploy.ts";
import type { PlanOptions } from "../../deploy/commands/plan.ts";
import { readBase, readLock } from "../../deploy/commands/state.ts";
import { status } from "../../deploy/commands/status.ts";
import { DEFAULT_GRACE } from "../../deploy/core/grace.ts";
import type { DeployResult } from "../../deploy/core/results.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import type { SiteEdge } from "../../deploy/ports.ts";
import { sha256 } from "./builders.ts";
import { createFixedClock } from "./fixed-clock.ts";
import { createMemoryObjectStore } from "./memory-object-store.ts";
import { createRecordingCdn } from "./recording-cdn.ts";

/** The options of a deploy of the test's site; `changed` names what is special about it. */
export function deployOptions(changed: Partial<PlanOptions> = {}) {
  return {
    site: "test-site",
    grace: DEFAULT_GRACE,
    guards: { allowed: new Set<never>() },
    force: false,
    verify: false,
    hasEdge: false,
    wait: false,
    waitForLock: 0,
    ...changed,
  };
}

/** A site without rules of its own. */
export const PLAIN_EDGE: SiteEdge = {
  program: { digest: sha256("plain"), text: "plain" },
  redirects: () => false,
  notices: [],
};

/** One project with its bucket and CDN in memory, deployed again and again. */
export function createWorld(overrides: Partial<DeployPorts> = {}) {
  const log: string[] = [];
  const store = createMemoryObjectStore(log);
  const clock = createFixedClock();
  let source: readonly SourceFile[] = [];
  const ports: DeployPorts = {
    store,
    state: store.state,
    cdn: createRecordingCdn(log),
    clock,
    codec: gzipCodec,
    digest: sha256,
    edge: undefined,
    files: {
      folder: "_site",
      scan: async () => source,
      edge: async () => PLAIN_EDGE,
      read: async () => undefined,
    },
    reporter: { report: () => {} },
    history: { provenance: async () => ({ commit: "c0ffee", author: "Mira" }) },
    claimant: { holder: "the-test", owner: "Mira" },
    processes: { isGone: () => false },
    interruption: { requested: false },
    confirm: async () => true,
    ...overrides,
  };
  const records = { state: store.state, codec: gzipCodec };
  return {
    store,
    clock,
    ports,
    async deploy(
      files: readonly SourceFile[],
      options: Partial<DeployOptions> = {},
    ): Promise<DeployResult> {
      source = files;
      log.length = 0;
      await clock.sleep(1000);
      return await deploy({ ...deployOptions(), ...options }, ports);
    },
    /** What the last deploy asked of the bucket and the CDN. */
    calls: () => [...log],
    forgetCalls: () => {
      log.length = 0;
    },
    /** What a visitor would find: key → content digest. */
    site: () =>
      Object.fromEntries(
        [...store.objects]
          .filter(([key]) => !key.startsWith(".slipway/"))
          .map(([key, object]) => [key, object.content]),
      ),
    manifest: () => readBase(records),
    lock: () => readLock(records),
    status: () => status({ ...records, clock, processes: ports.processes }),
  };
}

/** What `world.site()` gives when exactly these files are live. */
export function contentsOf(files: readonly SourceFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [file.key, file.fingerprint.content]));
}
