import type { BusGlance } from "../../core/messages.ts";
import type { Clock } from "../../ports.ts";
import { systemClock } from "../system-clock.ts";
import { type AnsweredRequest, createAwsListener } from "./aws-listener.ts";
import { type ControlPlane, openControlPlane } from "./cloudfront/control-plane.ts";
import { readEdgeCredentials } from "./credentials.ts";
import { initialProgram } from "./initial-program.ts";
import { closeServer, listenOnLoopback } from "./loopback-server.ts";
import { edgeMemory, storedRecords } from "./operator-view/local-sources.ts";
import { createOperatorView } from "./operator-view/operator-view.ts";
import { createTrafficLog } from "./operator-view/traffic-log.ts";
import { newBucket } from "./s3/new-bucket.ts";
import { createS3Service } from "./s3/s3-service.ts";
import { VERSIONING } from "./s3/versions.ts";
import type { Credentials } from "./signature/verify-signature.ts";
import { createOrigin } from "./storage/bucket-origin.ts";
import { openStorage, type Storage } from "./storage/storage.ts";
import { EdgeCache } from "./viewer/edge-cache.ts";
import { createViewer, type TlsCertificate, type ViewerEvent } from "./viewer/viewer.ts";

export type LocalEdgeOptions = {
  /** Everything the edge keeps lies here; one process at a time. */
  readonly directory: string;
  /** 0 takes any free port. */
  readonly viewerPort: number;
  readonly apiPort: number;
  /** Created when it does not exist. */
  readonly bucket: string;
  readonly distributionId: string;
  /** Default us-east-1. */
  readonly region?: string | undefined;
  /** Default: those of the directory, made at the first start. */
  readonly credentials?: Credentials | undefined;
  readonly clock?: Clock | undefined;
  /** From CreateInvalidation to its effect. Default 300. */
  readonly invalidationDelayMs?: number | undefined;
  /** For how long a changed distribution is told as being under way; it changes at once. Default 300. */
  readonly deploymentMs?: number | undefined;
  /** Where requests for `/api/` go, as `http://127.0.0.1:3000`. */
  readonly apiOrigin?: string | undefined;
  /** With a certificate the edge also listens for https; then viewer protocol policies are held to. */
  readonly tls?: (TlsCertificate & { readonly port: number }) | undefined;
  /** The last look at the message bus, for the operator's view; answers at once. */
  readonly bus?: (() => BusGlance) | undefined;
  readonly onApiRequest?: ((request: AnsweredRequest) => void) | undefined;
  readonly onViewerRequest?: ((event: ViewerEvent) => void) | undefined;
  /** Told of failures whose details no client sees. */
  readonly onFault?: ((error: unknown) => void) | undefined;
};

export type LocalEdge = {
  readonly viewerUrl: string;
  /** Undefined without a certificate. */
  readonly secureViewerUrl: string | undefined;
  readonly apiUrl: string;
  readonly credentials: Credentials;
  readonly distributionId: string;
  readonly bucket: string;
  readonly region: string;
  /**
   * Ends both servers, then gives the directory free. What was acknowledged is on the disk.
   * A second call waits for the first.
   */
  close(): Promise<void>;
};

const DEFAULT_REGION = "us-east-1";
const INVALIDATION_DELAY_MS = 300;
const DEPLOYMENT_MS = 300;
const CACHE_BYTES = 256 * 1024 * 1024;

/**
 * Starts AWS on this machine: a bucket, a distribution in front of it, and their APIs, on loopback
 * only. Throws a SlipwayError for a port in use and a directory that cannot be used, and then nothing
 * is left running.
 */
export async function startLocalEdge(options: LocalEdgeOptions): Promise<LocalEdge> {
  const { directory, bucket, distributionId, region = DEFAULT_REGION } = options;
  const undo: (() => Promise<void>)[] = [];
  const unwind = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= unwind();
    return closing;
  };
  try {
    const storage = await openStorage({ directory });
    undo.push(() => storage.close());
    const credentials = options.credentials ?? (await readEdgeCredentials(directory));
    await ensureBucket(storage, bucket, { region, now: clockOf(options).now() });
    const cache = new EdgeCache({ maxBytes: CACHE_BYTES });
    let domainName = "";
    const controlPlane = await openControlPlane({
      ...controlPlaneOptions(options),
      domainName: () => domainName,
      origin: (name) => createOrigin(storage, name),
      invalidate: (distribution, items) => cache.invalidate(distribution, items),
    });
    undo.push(() => controlPlane.close());

    const live = (host?: string) => controlPlane.live(host);
    const traffic = createTrafficLog(clockOf(options));
    const operatorView = await createOperatorView({
      live,
      traffic,
      invalidations: () => controlPlane.invalidations.of(distributionId).list(),
      records: storedRecords(storage, bucket),
      memory: edgeMemory(cache),
      bus: options.bus,
      clock: clockOf(options),
      onFault: options.onFault,
    });
    let secureViewerUrl: string | undefined;
    let httpsPort: number | undefined;
    const viewer = createViewer({
      live,
      httpsPort: () => httpsPort,
      cache,
      clock: clockOf(options),
      intercept: operatorView.handle,
      onRequest(event) {
        traffic.record(event);
        options.onViewerRequest?.(event);
      },
      onFault: options.onFault,
    });
    const viewerUrl = await listenOnLoopback(viewer.server, options.viewerPort);
    undo.push(async () => viewer.close());
    undo.push(() => closeServer(viewer.server));

    if (options.tls !== undefined) {
      const secure = viewer.createTlsServer(options.tls);
      secureViewerUrl = await listenOnLoopback(secure, options.tls.port);
      httpsPort = Number(new URL(secureViewerUrl).port || 443);
      undo.push(() => closeServer(secure));
    }

    domainName = new URL(viewerUrl).host;
    const api = createApi({ options, storage, credentials, region, controlPlane });
    const apiUrl = await listenOnLoopback(api, options.apiPort);
    undo.push(() => closeServer(api));
    return {
      viewerUrl,
      secureViewerUrl,
      apiUrl,
      credentials,
      distributionId,
      bucket,
      region,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function clockOf(options: LocalEdgeOptions): Clock {
  return options.clock ?? systemClock;
}

async function ensureBucket(
  storage: Storage,
  bucket: string,
  { region, now }: { readonly region: string; readonly now: Date },
): Promise<void> {
  await storage.commit({
    touches: "everything",
    decide: (buckets) => {
      const created = newBucket({ name: bucket, at: now.getTime(), region });
      // As `setup` makes a bucket: a rollback needs the versions that were live before.
      const versioned = {
        kind: "bucket-configured",
        bucket,
        setting: VERSIONING,
        value: "Enabled",
      } as const;
      return { commits: buckets.has(bucket) ? [] : [...created, versioned], result: undefined };
    },
  });
}

function controlPlaneOptions(options: LocalEdgeOptions) {
  const { directory, bucket, distributionId, region = DEFAULT_REGION, apiOrigin } = options;
  return {
    directory,
    id: distributionId,
    bucket,
    region,
    apiOrigin: apiOrigin === undefined ? undefined : new URL(apiOrigin),
    program: initialProgram(),
    clock: clockOf(options),
    invalidationDelayMs: options.invalidationDelayMs ?? INVALIDATION_DELAY_MS,
    deploymentMs: options.deploymentMs ?? DEPLOYMENT_MS,
    onFault: options.onFault,
  };
}

function createApi(parts: {
  readonly options: LocalEdgeOptions;
  readonly storage: Storage;
  readonly credentials: Credentials;
  readonly region: string;
  readonly controlPlane: ControlPlane;
}) {
  const { options, storage, credentials, region, controlPlane } = parts;
  const clock = clockOf(options);
  const { onApiRequest } = options;
  return createAwsListener({
    services: [createS3Service({ storage, clock, region }), ...controlPlane.services],
    credentials,
    region,
    clock,
    ...(onApiRequest === undefined ? {} : { onRequest: onApiRequest }),
  });
}
