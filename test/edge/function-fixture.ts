import type { EdgeDecision, EdgeRequest } from "../../deploy/edge/decide.ts";
import { compileProgram, type EdgeProgram } from "../../deploy/edge/program.ts";
import { parseQueryString } from "../../deploy/edge/query.ts";
import type { EdgeRules } from "../../deploy/edge/rules.ts";
import {
  type BlockingFunction,
  createViewerFunction,
} from "../../deploy/local/edge/functions/create-viewer-function.ts";
import type {
  FunctionEvent,
  FunctionOutcome,
} from "../../deploy/local/edge/functions/viewer-function.ts";

import type { EdgeCase } from "./cases.ts";

/** What the policy of the tests' programs says. */
export const HSTS = "max-age=31536000";
const POLICY = {
  set: [{ name: "strict-transport-security", value: HSTS, override: true }],
  remove: [],
};

/** The program of rules that are known to fit. */
export function compiled(rules: EdgeRules): EdgeProgram {
  const result = compileProgram(rules, POLICY, { storeAllowed: true });
  if (result.kind === "problems") throw new Error(result.problems.join("\n"));
  return result.program;
}

/** The viewer-request function as the local edge runs it. */
export function requestFunction({ viewerRequest, store }: EdgeProgram): BlockingFunction {
  return createViewerFunction({
    name: "viewer-request",
    code: viewerRequest,
    eventType: "viewer-request",
    store: store.size === 0 ? undefined : store,
  });
}

export type EdgeFunctions = {
  readonly viewerRequest: BlockingFunction;
  readonly viewerResponse: BlockingFunction;
};

/** Both functions as the local edge runs them. */
export function edgeFunctions(program: EdgeProgram): EdgeFunctions {
  return {
    viewerRequest: requestFunction(program),
    viewerResponse: createViewerFunction({
      name: "viewer-response",
      code: program.viewerResponse,
      eventType: "viewer-response",
      store: undefined,
    }),
  };
}

/** A row of the table as `decide` takes it. */
export function requestOf({ url, headers }: Pick<EdgeCase, "url" | "headers">): EdgeRequest {
  const [uri = "", ...query] = url.split("?");
  return { host: headers.host, uri, query: query.join("?") };
}

export function requestEvent({ host, uri, query }: EdgeRequest, method = "GET"): FunctionEvent {
  return {
    version: "1.0",
    context: {
      distributionDomainName: "d111111abcdef8.cloudfront.net",
      distributionId: "EDFDVBD6EXAMPLE",
      eventType: "viewer-request",
      requestId: "request",
    },
    viewer: { ip: "127.0.0.1" },
    request: {
      method,
      uri,
      querystring: parseQueryString(query),
      headers: host === undefined ? {} : { host: { value: host } },
      cookies: {},
    },
  };
}

/** What of a decision can be seen from outside; a page's status is not, and neither is a reason. */
export type Visible =
  | { readonly kind: "goes on"; readonly uri: string }
  | { readonly kind: "redirect"; readonly to: string; readonly status: number }
  | { readonly kind: "answers"; readonly status: number }
  | { readonly kind: "fails"; readonly message: string };

export function visibleDecision(decision: EdgeDecision): Visible {
  switch (decision.kind) {
    case "serve":
    case "hidden":
      return { kind: "goes on", uri: decision.uri };
    case "redirect":
      return decision;
    case "gone":
    case "refuse":
      return { kind: "answers", status: decision.status };
  }
}

export function visibleOutcome(outcome: FunctionOutcome): Visible {
  switch (outcome.kind) {
    case "request":
      return { kind: "goes on", uri: outcome.request.uri };
    case "response": {
      const { statusCode: status, headers } = outcome.response;
      const to = headers?.location?.value;
      return to === undefined ? { kind: "answers", status } : { kind: "redirect", to, status };
    }
    case "execution-error":
    case "validation-error":
      return { kind: "fails", message: outcome.message };
  }
}
