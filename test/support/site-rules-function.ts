import { decide } from "../../deploy/edge/decide.ts";
import type { EdgeRules } from "../../deploy/edge/rules.ts";
import type {
  FunctionOutcome,
  FunctionRequest,
  ViewerFunction,
} from "../../deploy/local/edge/functions/viewer-function.ts";

/** The site's rules as a viewer-request function whose answers are those of `decide`. */
export function siteRulesFunction(rules: EdgeRules): ViewerFunction {
  return {
    name: "slipway-rules",
    run: (event) => ({ outcome: outcomeOf(event.request, rules), logs: [] }),
  };
}

function outcomeOf(request: FunctionRequest, rules: EdgeRules): FunctionOutcome {
  const host = request.headers.host?.value;
  const decision = decide({ host, uri: request.uri, query: queryOf(request) }, rules);
  switch (decision.kind) {
    case "serve":
    case "hidden":
      return { kind: "request", request: { ...request, uri: decision.uri } };
    case "redirect":
      return respond(decision.status, { location: { value: decision.to } });
    case "gone":
    case "refuse":
      return respond(decision.status);
  }
}

function queryOf({ querystring }: FunctionRequest): string {
  return Object.entries(querystring)
    .flatMap(([name, { value, multiValue = [{ value }] }]) =>
      multiValue.map((one) => `${name}=${one.value}`),
    )
    .join("&");
}

function respond(
  statusCode: number,
  headers: Readonly<Record<string, { readonly value: string }>> = {},
): FunctionOutcome {
  return { kind: "response", response: { statusCode, headers } };
}
