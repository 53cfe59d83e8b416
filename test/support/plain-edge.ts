import type { EdgeSettings } from "../../deploy/local/site-edge.ts";

/** No rules in the config, and no names. */
export const NO_EDGE_SETTINGS: EdgeSettings = {
  config: { redirects: [], headers: [] },
  hosts: undefined,
};
