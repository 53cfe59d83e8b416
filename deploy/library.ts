import { randomUUID } from "node:crypto";
import { announce } from "./commands/announce.ts";
import { type DeployPorts, deploy } from "./commands/deploy.ts";
import { doctor } from "./commands/doctor.ts";
import { explainChanges } from "./commands/explain.ts";
import { invalidateOnRequest } from "./commands/invalidate.ts";
import type { PlanOptions } from "./commands/plan.ts";
import { previewDeploy } from "./commands/preview.ts";
import { listReleases } from "./commands/releases.ts";
import { rollback } from "./commands/rollback.ts";
import { setup } from "./commands/setup.ts";
import { status } from "./commands/status.ts";
import { unlock } from "./commands/unlock.ts";
import {
  type Config,
  type Environment,
  environmentOf,
  parseConfig,
  pathLimitsOf,
  type SlipwayConfig,
} from "./config.ts";
import type { DoctorResult } from "./core/doctor/check.ts";
import { SlipwayError } from "./core/errors.ts";
import type { GuardRule } from "./core/guard-rules.ts";
import type { Lock } from "./core/lock.ts";
import type { Plan } from "./core/plan.ts";
import type {
  DeployResult,
  InvalidateResult,
  PlanResult,
  ReleasesResult,
  StatusResult,
  UnlockResult,
} from "./core/results.ts";
import { blueprintOf } from "./core/setup/blueprint.ts";
import type { SetupResult } from "./core/setup/setup-result.ts";
import type { SetupPlan } from "./core/setup/steps.ts";
import { invalidationEventOf, type SiteEvent, siteEventOf } from "./core/site-event.ts";
import type { Traffic } from "./core/traffic.ts";
import { createClaimant } from "./local/claimant.ts";
import { CONFIG_FILE, loadConfigFile } from "./local/config-file.ts";
import { digestText } from "./local/digest.ts";
import { edgeDirectory } from "./local/edge-presence.ts";
import { createGitHistory } from "./local/git-history.ts";
import { localProcesses } from "./local/machine.ts";
import { gzipCodec } from "./local/record-codec.ts";
import { systemClock } from "./local/system-clock.ts";
import type { EventPublisher, Reporter } from "./ports.ts";
import { examineAws, examineHere } from "./wiring/doctor-ports.ts";
import { type Connection, withRecordedDistribution } from "./wiring/recorded-distribution.ts";
import { siteFilesOf } from "./wiring/site.ts";
import { connect, connectInfrastructure, inAws } from "./wiring/target.ts";

/**
 * Slipway for programs: what the command line does, as functions that return the values it renders.
 * None of them prints, asks, reads the environment or ends the process; the command line is their
 * first user. What cannot be done throws an error that `isSlipwayError` knows.
 */

export type SlipwayOptions = {
  /** The project's folder. */
  readonly root: string;
  /** The environment's name in the config. Default: local. */
  readonly environment?: string | undefined;
  /** What slipway.config.ts would say. Default: what it says, in the project's folder. */
  readonly config?: SlipwayConfig | undefined;
  /** Hears what goes on. Default: nobody does. */
  readonly reporter?: Reporter | undefined;
  /**
   * Told of releases, rollbacks and invalidations once they are done; whatever it does, they are done.
   * `makePublisher` is given the site's id. Default: nobody is told.
   */
  readonly makePublisher?: ((site: string) => EventPublisher | undefined) | undefined;
  /** Where a CI system names its job, `process.env`: the lock then says where the deploy runs. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
};

/** How a plan is made. */
export type PlanRequest = {
  /** List the bucket, and mend what is not as the last release left it. */
  readonly verify?: boolean | undefined;
  /** Send every file again, whatever is known. */
  readonly force?: boolean | undefined;
  /** Guards to lift, by name. */
  readonly allowed?: readonly GuardRule[] | undefined;
};

/** How a plan is carried out. */
export type ReleaseRequest = {
  /** Asked before the first write, and again when the bucket moved and there is another plan. Default: yes. */
  readonly confirm?: ((plan: Plan) => boolean | Promise<boolean>) | undefined;
  /** Wait until the edge shows the release: its invalidations are completed, and all earlier ones. */
  readonly wait?: boolean | undefined;
  /** How long to wait for another deploy to end, in milliseconds. Default: not at all. */
  readonly waitForLock?: number | undefined;
  /** Aborting it finishes what is under way and begins nothing new. */
  readonly signal?: AbortSignal | undefined;
};

export type DeployRequest = PlanRequest &
  ReleaseRequest & {
    /** Applies this plan and no other; how a plan is made does not matter then. */
    readonly plan?: Plan | undefined;
  };

export type RollbackRequest = ReleaseRequest & {
  /** The release, or the beginning of its id. Default: the one before the live one. */
  readonly to?: string | undefined;
  /** Guards to lift, by name; those about what was live before are not asked. */
  readonly allowed?: readonly GuardRule[] | undefined;
};

export type InvalidateRequest = {
  /** Everything, instead of single paths. */
  readonly all?: boolean | undefined;
  /** Instead of paths: what changed since this release, or since the one whose id begins so. */
  readonly changedSince?: string | undefined;
  /** Decide, and ask the CDN nothing. */
  readonly dryRun?: boolean | undefined;
  /** Wait until the CDN has completed it. */
  readonly wait?: boolean | undefined;
};

export type SetupRequest = {
  /** Asked before the first write, with every step. Default: yes. */
  readonly confirm?: ((plan: SetupPlan) => boolean | Promise<boolean>) | undefined;
  /** Wait until the CDN has everything everywhere. */
  readonly wait?: boolean | undefined;
  /** Aborting it finishes the step that is under way and begins no other. */
  readonly signal?: AbortSignal | undefined;
};

export type DoctorRequest = {
  /** Addresses of the resolvers to ask for names. Default: public ones. */
  readonly resolvers?: readonly string[] | undefined;
};

export type Slipway = {
  /** The config, checked and completed. */
  readonly config: Config;
  /** The environment that everything below works with. */
  readonly environment: Environment;
  /** Where people find the site, as far as the config says. */
  readonly url: string | undefined;
  /** What a deploy would do. Writes nothing. A plan with violations is one that a deploy refuses. */
  plan(request?: PlanRequest): Promise<PlanResult>;
  /** Brings the built site to the environment. A guard's refusal is a result; a failure throws. */
  deploy(request?: DeployRequest): Promise<DeployResult>;
  /** Makes an earlier release live again. */
  rollback(request?: RollbackRequest): Promise<DeployResult>;
  status(): Promise<StatusResult>;
  /** The newest releases first, 20 if there is no limit. */
  releases(limit?: number): Promise<ReleasesResult>;
  /** Makes the CDN forget URL paths: `/`, `/blog/*`. */
  invalidate(paths: readonly string[], request?: InvalidateRequest): Promise<InvalidateResult>;
  /** Breaks the deploy lock if `confirm` says so of whoever holds it. */
  unlock(confirm: (lock: Lock) => boolean | Promise<boolean>): Promise<UnlockResult>;
  /**
   * Brings the bucket and the CDN to what the config wants. What a person must decide is a result;
   * SLIPWAY_ORIGIN_SECRET in `env` is what the CDN tells the API.
   */
  setup(request?: SetupRequest): Promise<SetupResult>;
  /** Looks at the live whole. Writes nothing; what is wrong is a result. */
  doctor(request?: DoctorRequest): Promise<DoctorResult>;
  /** What was asked of the cloud so far. */
  traffic(): Promise<Traffic>;
};

const LATEST_RELEASES = 20;

/** Reads and checks the config. Nothing is asked of the cloud before one of its functions is called. */
export async function createSlipway(options: SlipwayOptions): Promise<Slipway> {
  const { root, reporter = SILENT, env = {} } = options;
  const config = parseConfig(options.config ?? (await loadConfigFile(root)), CONFIG_FILE);
  const environment = environmentOf(config, options.environment ?? "local");
  const files = siteFilesOf(root, config, environment);
  const records = { codec: gzipCodec, clock: systemClock, processes: localProcesses };
  const pathLimits = pathLimitsOf(config);
  const url = environment.kind === "aws" ? environment.url : undefined;
  let connected: Promise<Connection> | undefined;
  // A connection that failed is tried again: the local edge may have been started meanwhile.
  const target = async () => {
    connected ??= connectKnown(environment, edgeDirectory(root));
    try {
      return await connected;
    } catch (error) {
      connected = undefined;
      throw error;
    }
  };

  const publisher = options.makePublisher?.(config.site.id);
  const tell = async (event: SiteEvent | undefined) =>
    await announce(event, { publisher, reporter, clock: systemClock });
  const name = options.environment ?? "local";

  const planOptions = ({ verify, force, allowed }: PlanRequest): PlanOptions => ({
    site: config.site.id,
    url,
    hasEdge: true,
    grace: config.keep,
    guards: { allowed: new Set(allowed), limits: config.guards },
    pathLimits,
    force: force === true,
    verify: verify === true,
  });
  const planPorts = async () => {
    const { store, state } = await target();
    const history = createGitHistory(root);
    return { ...records, store, state, files, reporter, digest: digestText, history };
  };
  const releasePorts = async ({ confirm, signal }: ReleaseRequest) => {
    const { cdn, edge, versions } = await target();
    return {
      ...(await planPorts()),
      cdn,
      edge,
      versions,
      claimant: createClaimant(env),
      interruption: interruptionOf(signal),
      confirm: async (plan: Plan) => (await confirm?.(plan)) ?? true,
    };
  };

  return {
    config,
    environment,
    url,
    async plan(request = {}) {
      const ports = await planPorts();
      const preview = await previewDeploy(planOptions(request), ports);
      return { ...preview, causes: await explainChanges(preview.plan, ports), url };
    },
    async deploy(request = {}) {
      const how = { ...planOptions(request), ...waitingOf(request), saved: request.plan };
      const result = await deploy(how, await releasePorts(request));
      await tell(siteEventOf(result, name));
      return result;
    },
    async rollback(request = {}) {
      const { to, allowed } = request;
      const how = { ...planOptions({ allowed }), ...waitingOf(request), to };
      const result = await rollback(how, await releasePorts(request));
      await tell(siteEventOf(result, name));
      return result;
    },
    async status() {
      const { state } = await target();
      return await status({ ...records, state });
    },
    async releases(limit = LATEST_RELEASES) {
      const { state, store } = await target();
      return await listReleases(limit, { ...records, state, store });
    },
    async invalidate(paths, { all = false, changedSince, dryRun = false, wait = false } = {}) {
      const { cdn, state, store } = await target();
      const reference = `operator-${randomUUID()}`;
      const result = await invalidateOnRequest(
        { paths, all, changedSince, dryRun, wait, reference, pathLimits },
        { ...records, cdn, state, store, reporter },
      );
      await tell(invalidationEventOf(result, name));
      return result;
    },
    async unlock(confirm) {
      return await unlock({ ...(await planPorts()), confirm: async (lock) => await confirm(lock) });
    },
    async setup({ confirm, wait = false, signal } = {}) {
      const live = inAws(environment);
      const { state, watch } = await target();
      const infrastructure = await connectInfrastructure(live, watch);
      const { bucket, region, account, distribution, api } = live;
      const blueprint = blueprintOf({
        bucket,
        region,
        account,
        distribution,
        api,
        site: config.site.id,
        environment: name,
        secret: env.SLIPWAY_ORIGIN_SECRET || undefined,
      });
      return await setup(
        { blueprint, wait },
        {
          ...records,
          ...infrastructure,
          state,
          reporter,
          interruption: interruptionOf(signal),
          confirm: async (plan) => (await confirm?.(plan)) ?? true,
        },
      );
    },
    async doctor({ resolvers } = {}) {
      const { state, heads, watch } = await target();
      const place = { site: config.site.id, name, resolvers, watch };
      const examination =
        environment.kind === "local" ? examineHere(root) : await examineAws(environment, place);
      return await doctor(examination, { ...records, state, heads, ...examination });
    },
    async traffic() {
      return (await target()).traffic();
    },
  };
}

/** Whether this is a failure that Slipway understands: its `kind` and its `text` explain it. */
export function isSlipwayError(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError;
}

const SILENT: Reporter = { report: () => {} };

function waitingOf({ wait, waitForLock }: ReleaseRequest) {
  return { wait: wait === true, waitForLock: waitForLock ?? 0 };
}

/** Where the config names no distribution, the one that setup made. */
async function connectKnown(environment: Environment, directory: string): Promise<Connection> {
  const connection = await connect(environment, directory);
  const isNamed = environment.kind === "local" || environment.distribution !== undefined;
  return isNamed ? connection : withRecordedDistribution(connection, gzipCodec);
}

function interruptionOf(signal: AbortSignal | undefined): DeployPorts["interruption"] {
  return {
    get requested() {
      return signal?.aborted === true;
    },
  };
}
