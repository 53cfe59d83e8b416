import type { LiveDistribution } from "../live-distribution.ts";
import { aliasesOf } from "./aliases.ts";
import { type ConfigResource, rootOf } from "./config-resource.ts";
import { readDistributionSettings } from "./distribution-settings.ts";
import { createHostIndex } from "./host-index.ts";
import type { Plane } from "./plane.ts";
import { type Lookup, resolveBehaviors } from "./resolve-distribution.ts";

export interface LiveDistributions {
  /**
   * What viewers meet who ask for this host, which is the own distribution unless another one has the
   * name. The same value until something has changed.
   */
  find(host: string | undefined): LiveDistribution;
  /** Something has changed. */
  forget(): void;
}

type Dependencies = {
  readonly distributions: Plane["distributions"];
  readonly lookup: Lookup;
  /** Of the distribution that the local edge starts with. */
  readonly ownId: string;
  readonly domainName: (id: string) => string;
};

/** Resolves distributions when somebody asks for them. */
export function createLiveDistributions(dependencies: Dependencies): LiveDistributions {
  const { distributions, ownId, domainName } = dependencies;
  const resolved = new Map<string, LiveDistribution>();
  let index: ((host: string) => string | undefined) | undefined;

  function idOf(host: string): string | undefined {
    index ??= createHostIndex(
      distributions.list().map(({ id, config }) => ({
        id,
        names: [domainName(id), ...aliasesOf(rootOf(config))],
      })),
    );
    return index(host);
  }

  return {
    find(host) {
      const id = (host === undefined ? undefined : idOf(host)) ?? ownId;
      const known = resolved.get(id);
      if (known !== undefined && known.domainName === domainName(id)) return known;
      const record = distributions.get(id);
      if (record === undefined) throw new Error(`the distribution ${id} is gone`);
      const live = resolve(record, dependencies);
      resolved.set(id, live);
      return live;
    },
    forget() {
      resolved.clear();
      index = undefined;
    },
  };
}

function resolve(
  { id, config }: ConfigResource,
  { lookup, domainName }: Dependencies,
): LiveDistribution {
  const settings = readDistributionSettings(rootOf(config));
  const { enabled, defaultRootObject, errorResponses, cacheTagHeader } = settings;
  return {
    id,
    domainName: domainName(id),
    enabled,
    defaultRootObject,
    ...resolveBehaviors(settings, lookup),
    errorResponses,
    cacheTagHeader,
  };
}
