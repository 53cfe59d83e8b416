import { join } from "node:path";
import type { Clock } from "../../../ports.ts";
import type { AwsService } from "../aws-service.ts";
import { createFunctionThread } from "../functions/function-thread.ts";
import type { LiveDistribution } from "../live-distribution.ts";
import type { Origin } from "../origin.ts";
import { explainDiskError } from "../storage/disk-errors.ts";
import { accessControlRoutes } from "./access-control-routes.ts";
import { accessControlKind } from "./access-controls.ts";
import { adaptDistribution } from "./adapt-distribution.ts";
import {
  type AllInvalidations,
  createAllInvalidations,
  type SavedInvalidation,
} from "./all-invalidations.ts";
import type { Route } from "./api.ts";
import { createCollection } from "./collection.ts";
import type { ConfigResource } from "./config-resource.ts";
import { createDefaults, type Defaults } from "./default-resources.ts";
import { distributionRoutes } from "./distribution-routes.ts";
import { domainNameOf } from "./distribution-status.ts";
import { functionRoutes } from "./function-routes.ts";
import { headersPolicyKind } from "./headers-policies.ts";
import { headersPolicyRoutes } from "./headers-policy-routes.ts";
import { invalidationRoutes } from "./invalidation-routes.ts";
import { loadStore, type SavedStore, storeFiles } from "./key-value-store.ts";
import { createLiveDistributions, type LiveDistributions } from "./live-distributions.ts";
import { createLookup, makeFunction } from "./lookup.ts";
import { managedPolicyRoutes } from "./managed-policy-routes.ts";
import type { Plane } from "./plane.ts";
import { openRecordFiles } from "./record-files.ts";
import { namedIn } from "./references.ts";
import type { Lookup } from "./resolve-distribution.ts";
import { createCloudFrontService } from "./service.ts";
import { createStoreDataService } from "./store-data-service.ts";
import { storeRoutes } from "./store-routes.ts";
import { type TagSet, tagRoutes } from "./tag-routes.ts";
import { readEvent } from "./test-function.ts";
import { createTurns } from "./turns.ts";
import type { FunctionRecord } from "./viewer-function-record.ts";

export type ControlPlaneOptions = Defaults & {
  /** Everything it keeps lies here, one file a resource. */
  readonly directory: string;
  readonly clock: Clock;
  /** Where the viewer listens, with its port: the name of the distribution that it starts with. */
  readonly domainName: () => string;
  readonly origin: (bucket: string) => Origin;
  /** Drops what these paths, and items `#tag`, cover in a distribution. */
  readonly invalidate: (distribution: string, items: readonly string[]) => void;
  /** From CreateInvalidation to its effect. */
  readonly invalidationDelayMs: number;
  /** For how long a change is told as being under way; it takes effect at once. */
  readonly deploymentMs: number;
  readonly onFault?: ((error: unknown) => void) | undefined;
};

export type ControlPlane = {
  /** `cloudfront` and `cloudfront-keyvaluestore`. */
  readonly services: readonly AwsService[];
  /**
   * What viewers who send this Host meet at this moment; the same value until something has changed.
   * A name that no distribution has means the one that it starts with, and so does none.
   */
  live(host?: string): LiveDistribution;
  readonly invalidations: AllInvalidations;
  close(): Promise<void>;
};

/**
 * The CloudFront of this machine: its resources, kept on disk, the APIs that change them, and the
 * distribution that comes of them. Makes a distribution with all that belongs to it at the first start.
 * Throws a SlipwayError for a directory that cannot be used.
 */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { clock, onFault, id: ownId } = options;
  let live: LiveDistributions | undefined;
  const plane = await openPlane(options, () => live?.forget());
  await createDefaults(plane, options);
  await adaptDistribution(plane, options);
  const invalidations = createAllInvalidations({
    ...(await openFolder<SavedInvalidation>(join(options.directory, "invalidations"))),
    ownId,
    clock,
    delayMs: options.invalidationDelayMs,
    takeEffect: options.invalidate,
    onFault,
  });
  const lookup = createLookup(plane, options.origin);
  const domainName = (id: string) => (id === ownId ? options.domainName() : domainNameOf(id));
  const { distributions } = plane;
  const found = createLiveDistributions({ distributions, lookup, ownId, domainName });
  live = found;
  const routes = routesOf(plane, { options, lookup, invalidations, domainName });
  return {
    services: [
      createCloudFrontService({ routes, onFault }),
      createStoreDataService(plane, onFault),
    ],
    live: (host) => found.find(host),
    invalidations,
    async close() {
      await Promise.all([invalidations.close(), plane.functionThread.close()]);
    },
  };
}

async function openPlane(
  { directory, clock, deploymentMs, onFault }: ControlPlaneOptions,
  onChange: () => void,
): Promise<Plane> {
  const folder = join(directory, "cloudfront");
  const open = async <R extends { readonly id: string; readonly createdAt: number }>(
    name: string,
  ) => createCollection({ ...(await openFolder<R>(join(folder, name))), onChange });
  const stores = await openFolder<SavedStore>(join(folder, "key-value-stores"));
  return {
    distributions: await open<ConfigResource>("distributions"),
    functions: await open<FunctionRecord>("functions"),
    stores: createCollection({
      files: storeFiles(stores.files),
      saved: stores.saved.map(loadStore),
      onChange,
    }),
    headersPolicies: await open<ConfigResource>("response-headers-policies"),
    accessControls: await open<ConfigResource>("origin-access-controls"),
    tags: await open<TagSet>("tags"),
    clock,
    functionThread: createFunctionThread({ onFault }),
    deploymentMs,
    inTurn: createTurns(),
  };
}

function openFolder<R extends { readonly id: string }>(folder: string) {
  return openRecordFiles<R>(folder).catch((error: unknown) => {
    throw explainDiskError(error, `open ${folder}`);
  });
}

type RouteParts = {
  readonly options: ControlPlaneOptions;
  readonly lookup: Lookup;
  readonly invalidations: AllInvalidations;
  readonly domainName: (id: string) => string;
};

function routesOf(plane: Plane, parts: RouteParts): readonly Route[] {
  const { options, lookup, invalidations, domainName } = parts;
  const { distributions } = plane;
  const accessControls = accessControlKind({
    collection: plane.accessControls,
    isInUse: (id) => namedIn(distributions.list(), "OriginAccessControlId").has(id),
  });
  const headersPolicies = headersPolicyKind({
    collection: plane.headersPolicies,
    isInUse: (id) => namedIn(distributions.list(), "ResponseHeadersPolicyId").has(id),
  });
  const facts = {
    ownId: options.id,
    domainName,
    invalidationsInProgress: (id: string) =>
      invalidations
        .of(id)
        .list()
        .filter(({ status }) => status === "InProgress").length,
  };
  return [
    ...distributionRoutes(plane, lookup, facts),
    ...invalidationRoutes(plane, invalidations),
    ...functionRoutes(plane, (name, stage, text) => {
      const event = readEvent(text);
      return makeFunction(name, stage, event.context.eventType, plane).run(event);
    }),
    ...storeRoutes(plane),
    ...headersPolicyRoutes(headersPolicies, plane),
    ...accessControlRoutes(accessControls, plane),
    ...managedPolicyRoutes(),
    ...tagRoutes(plane),
  ];
}
