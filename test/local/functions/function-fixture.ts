import {
  type BlockingFunction,
  createViewerFunction,
} from "../../../deploy/local/edge/functions/create-viewer-function.ts";
import type {
  FunctionEvent,
  FunctionOutcome,
  FunctionRequest,
  FunctionResponse,
} from "../../../deploy/local/edge/functions/viewer-function.ts";

const REQUEST: FunctionRequest = {
  method: "GET",
  uri: "/a/",
  querystring: { id: { value: "7" } },
  headers: { host: { value: "example.org" }, accept: { value: "*/*" } },
  cookies: { theme: { value: "dark" } },
};

const RESPONSE: FunctionResponse = {
  statusCode: 200,
  statusDescription: "OK",
  headers: { "content-type": { value: "text/html" }, via: { value: "1.1 edge" } },
  cookies: {},
};

/** The time that functions of this fixture see: 2026-01-02T03:04:05.006Z. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

export function viewerRequest(request: Partial<FunctionRequest> = {}): FunctionEvent {
  return {
    version: "1.0",
    context: {
      distributionDomainName: "d111111abcdef8.cloudfront.net",
      distributionId: "EDFDVBD6EXAMPLE",
      eventType: "viewer-request",
      requestId: "r1",
    },
    viewer: { ip: "198.51.100.11" },
    request: { ...REQUEST, ...request },
  };
}

export function viewerResponse(response: Partial<FunctionResponse> = {}): FunctionEvent {
  const event = viewerRequest();
  return {
    ...event,
    context: { ...event.context, eventType: "viewer-response" },
    response: { ...RESPONSE, ...response },
  };
}

export function functionOf(
  code: string,
  store?: ReadonlyMap<string, string>,
  eventType: "viewer-request" | "viewer-response" = "viewer-request",
): BlockingFunction {
  const [now, timeLimitMs] = [() => NOW, 1_000];
  return createViewerFunction({ name: "f", code, eventType, store, now, timeLimitMs });
}

/** A function that may run for a moment only: for code that would run on. */
export function hastyFunctionOf(code: string): BlockingFunction {
  const eventType = "viewer-request";
  return createViewerFunction({ name: "f", code, eventType, store: undefined, timeLimitMs: 30 });
}

/** What a viewer-request function makes of the event. */
export function outcomeOf(code: string, event: FunctionEvent = viewerRequest()): FunctionOutcome {
  return functionOf(code, undefined, event.context.eventType).run(event).outcome;
}

/**
 * What an expression evaluates to inside, as text; it goes out in a header. An expression that throws
 * gives its error's text after "threw ".
 */
export function evaluated(
  expression: string,
  head = "",
  store?: ReadonlyMap<string, string>,
): string {
  const code = `${head}
    async function handler(event) {
      let value;
      try { value = String(await (${expression})); } catch (error) { value = "threw " + error; }
      return { statusCode: 200, body: value };
    }`;
  const { outcome } = functionOf(code, store).run(viewerRequest());
  if (outcome.kind !== "response") throw new Error(JSON.stringify(outcome));
  return outcome.response.body?.data ?? "";
}
