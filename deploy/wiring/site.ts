import type { Config, Environment } from "../config.ts";
import { createSiteFiles } from "../local/site-files.ts";
import type { SiteFiles } from "../ports.ts";

/** The built site as this environment wants it. */
export function siteFilesOf(root: string, config: Config, environment: Environment): SiteFiles {
  const { site, edge } = config;
  return createSiteFiles({
    root,
    folder: site.output,
    rules: environment.headers,
    edge: { config: edge, hosts: hostsOf(environment) },
  });
}

/** On the local edge every name is the right one. */
function hostsOf(environment: Environment) {
  if (environment.kind === "local" || environment.domain === undefined) return undefined;
  const { canonical, also } = environment.domain;
  return { canonical, others: also };
}
