import type { FunctionEvent, FunctionRun } from "../functions/viewer-function.ts";
import { invalidArgument } from "./api-error.ts";
import type { FunctionStage } from "./viewer-function-record.ts";
import type { XmlTree } from "./xml.ts";

/** Runs a stage of a function with the JSON text of an event. Throws an ApiError for a text that is none. */
export type FunctionTester = (
  name: string,
  stage: FunctionStage,
  event: string,
) => FunctionRun | Promise<FunctionRun>;

/** From 0 to 100 of an amount that AWS does not publish: nothing can be said of it here. */
const COMPUTE_UTILIZATION = "0";

/** As TestFunction tells of a run (CF-DG "Test functions"). */
export function testResult({ outcome, logs }: FunctionRun): XmlTree {
  return {
    ComputeUtilization: COMPUTE_UTILIZATION,
    FunctionExecutionLogs: logs.length === 0 ? {} : { member: logs },
    FunctionErrorMessage: "message" in outcome ? outcome.message : "",
    FunctionOutput: outputOf(outcome),
  };
}

function outputOf(outcome: FunctionRun["outcome"]): string {
  switch (outcome.kind) {
    case "request":
      return JSON.stringify({ request: outcome.request });
    case "response":
      return JSON.stringify({ response: outcome.response });
    case "execution-error":
    case "validation-error":
      return "";
  }
}

/** Reads the event of TestFunction, whose context and viewer may be left out. */
export function readEvent(text: string): FunctionEvent {
  const event = parseObject(text);
  const { context = {}, viewer = {}, request, response } = event as Partial<FunctionEvent>;
  if (typeof request !== "object" || request === null) {
    throw invalidArgument("The event object must have a request.");
  }
  const isResponse = typeof response === "object" && response !== null;
  return {
    version: "1.0",
    context: {
      distributionDomainName: "d111111abcdef8.cloudfront.net",
      distributionId: "EDFDVBD6EXAMPLE",
      eventType: isResponse ? "viewer-response" : "viewer-request",
      requestId: "EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==",
      ...context,
    },
    viewer: { ip: "127.0.0.1", ...viewer },
    request: { ...EMPTY_REQUEST, ...request },
    ...(isResponse ? { response } : {}),
  };
}

const EMPTY_REQUEST = { method: "GET", uri: "/", querystring: {}, headers: {}, cookies: {} };

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below, as for every other text that is no event.
  }
  throw invalidArgument("The event object must be a JSON object.");
}
