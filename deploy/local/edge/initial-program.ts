import type { EdgeProgram } from "../../edge/program.ts";

/** What runs on a new local edge before the first deploy brings a site's own program. */
export const INITIAL_PROGRAM: EdgeProgram = {
  viewerRequest: "function handler(event) {\n  return event.request;\n}\n",
  viewerResponse: "function handler(event) {\n  return event.response;\n}\n",
  store: new Map(),
  headersPolicy: { set: [], remove: [] },
};
