import {
  type AnswerHead,
  appliedRequest,
  appliedResponse,
  type ReceivedRequest,
  requestEvent,
  responseEvent,
} from "../functions/event.ts";
import { isDisallowed } from "../functions/header-rules.ts";
import type { FunctionEvent, FunctionRun, ViewerFunction } from "../functions/viewer-function.ts";
import type { Behavior, LiveDistribution } from "../live-distribution.ts";
import { type Answer, dropAnswer } from "./answer.ts";
import { functionFailed } from "./edge-answers.ts";
import type { EdgeRequest } from "./edge-request.ts";
import type { HeaderMap, HeaderValue } from "./header-map.ts";
import type { Exchange } from "./send.ts";

/** What a viewer-request function has made of a request. */
export type AfterRequest =
  | { readonly kind: "go-on"; readonly request: EdgeRequest; readonly event: FunctionEvent }
  | { readonly kind: "answer"; readonly answer: Answer };

export type FunctionTurn = {
  readonly exchange: Exchange;
  readonly distribution: LiveDistribution;
  readonly behavior: Behavior;
  /** Told what a function logged and how it failed; viewers see neither. */
  readonly onFunction?: ((report: FunctionReport) => void) | undefined;
};

/** One run of a function that had something to say. */
export type FunctionReport = FunctionRun & { readonly name: string; readonly requestId: string };

/**
 * Runs the behavior's viewer-request function. An answer of its own goes to the viewer at once: it is
 * not cached, and neither the headers policy nor the viewer-response function touches it.
 */
export async function runViewerRequest(
  turn: FunctionTurn,
  request: EdgeRequest,
): Promise<AfterRequest> {
  const { viewerRequest, viewerResponse } = turn.behavior;
  if (viewerRequest === undefined && viewerResponse === undefined) {
    return { kind: "go-on", request, event: NO_EVENT };
  }
  const received = receivedBy(turn.exchange, request);
  const event = requestEvent(received, contextOf(turn));
  if (viewerRequest === undefined) return { kind: "go-on", request, event };
  const { outcome } = await run(viewerRequest, event, turn);
  switch (outcome.kind) {
    case "request": {
      const { uri, query, headers } = appliedRequest(outcome.request, received);
      const after = { ...request, uri, query, headers: sendable(headers) };
      return { kind: "go-on", request: after, event: { ...event, request: outcome.request } };
    }
    case "response": {
      const { status, statusDescription, headers, body } = appliedResponse(outcome.response);
      const length = String(body?.length ?? 0);
      return {
        kind: "answer",
        answer: {
          status,
          statusText: asBytes(statusDescription),
          headers: { server: "CloudFront", ...sendable(headers), "content-length": length },
          result: "FunctionGeneratedResponse",
          body: body === undefined ? { kind: "none" } : { kind: "bytes", chunks: [body] },
        },
      };
    }
    case "execution-error":
    case "validation-error":
      return { kind: "answer", answer: functionFailed(outcome.kind, turn.exchange.requestId) };
  }
}

/**
 * Runs the behavior's viewer-response function on an answer. Not for the caller to do where the origin
 * said 400 or more (CF-DG "Restrictions on CloudFront Functions").
 */
export async function runViewerResponse(
  turn: FunctionTurn,
  event: FunctionEvent,
  answer: Answer,
): Promise<Answer> {
  const { viewerResponse } = turn.behavior;
  if (viewerResponse === undefined) return answer;
  const head: AnswerHead = { status: answer.status, headers: answer.headers };
  const { outcome } = await run(viewerResponse, responseEvent(event, event.request, head), turn);
  switch (outcome.kind) {
    case "response":
      return changed(answer, appliedResponse(outcome.response));
    case "request":
    case "execution-error":
    case "validation-error": {
      dropAnswer(answer);
      const kind = outcome.kind === "execution-error" ? outcome.kind : "validation-error";
      return functionFailed(kind, turn.exchange.requestId);
    }
  }
}

/** What the function was not shown, and the length of the body, is not its to change. */
function changed(answer: Answer, after: ReturnType<typeof appliedResponse>): Answer {
  const { "content-length": _, ...headers } = after.headers;
  const { body } = after;
  if (body !== undefined) dropAnswer(answer);
  const length = body === undefined ? answer.headers["content-length"] : String(body.length);
  return {
    ...answer,
    status: after.status,
    statusText:
      after.status === answer.status ? answer.statusText : asBytes(after.statusDescription),
    headers: {
      ...unseen(answer.headers),
      ...sendable(headers),
      ...(length === undefined ? {} : { "content-length": length }),
    },
    body: body === undefined ? answer.body : { kind: "bytes", chunks: [body] },
  };
}

/** What a function wrote goes out as UTF-8, a character for each byte, as node:http takes it. */
function sendable(headers: HeaderMap): HeaderMap {
  const plain: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(headers)) {
    plain[name] = typeof value === "string" ? asBytes(value) : value.map(asBytes);
  }
  return plain;
}

function asBytes(text: string): string {
  return BEYOND_LATIN.test(text) ? Buffer.from(text).toString("latin1") : text;
}

/** A character that stands for a byte already is left as it is. */
const BEYOND_LATIN = /[\u0100-\uffff]/;

function unseen(headers: HeaderMap): HeaderMap {
  const hidden: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (isDisallowed(name)) hidden[name] = value;
  }
  return hidden;
}

async function run(
  fn: ViewerFunction,
  event: FunctionEvent,
  turn: FunctionTurn,
): Promise<FunctionRun> {
  const result = await fn.run(event);
  const isQuiet = result.logs.length === 0 && !result.outcome.kind.endsWith("-error");
  if (!isQuiet) turn.onFunction?.({ ...result, name: fn.name, requestId: event.context.requestId });
  return result;
}

function receivedBy({ request }: Exchange, { method, uri, query }: EdgeRequest): ReceivedRequest {
  return {
    method,
    target: query === "" ? uri : `${uri}?${query}`,
    rawHeaders: request.rawHeaders,
    ip: request.socket.remoteAddress ?? "",
  };
}

function contextOf({ distribution, exchange }: FunctionTurn) {
  return {
    distributionDomainName: distribution.domainName,
    distributionId: distribution.id,
    requestId: exchange.requestId,
  };
}

/** Where no function runs, nobody reads it. */
const NO_EVENT: FunctionEvent = {
  version: "1.0",
  context: {
    distributionDomainName: "",
    distributionId: "",
    eventType: "viewer-request",
    requestId: "",
  },
  viewer: { ip: "" },
  request: { method: "GET", uri: "/", querystring: {}, headers: {}, cookies: {} },
};
