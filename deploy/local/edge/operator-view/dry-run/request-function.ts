import {
  type AppliedRequest,
  appliedRequest,
  appliedResponse,
  requestEvent,
} from "../../functions/event.ts";
import type {
  FunctionEvent,
  FunctionRequest,
  FunctionResponse,
} from "../../functions/viewer-function.ts";
import type { Behavior, LiveDistribution } from "../../live-distribution.ts";
import { headerLines } from "./header-lines.ts";
import type { Question } from "./question.ts";
import type { Fact, Leg, Step } from "./steps.ts";

const TITLE = "Viewer-request function";

type Place = { readonly behavior: Behavior; readonly live: LiveDistribution };

/** The request after its function: as functions see it, and as it goes on. */
export type Rewritten = {
  readonly event: FunctionEvent;
  readonly request: FunctionRequest;
  readonly applied: AppliedRequest;
};

/** What the function before the cache makes of the request; without one it goes on as it is. */
export async function runRequestFunction(
  question: Question,
  { behavior, live }: Place,
): Promise<Leg<Rewritten>> {
  const received = receivedRequest(question);
  const context = {
    distributionDomainName: live.domainName,
    distributionId: live.id,
    requestId: "dry-run",
  };
  const event = requestEvent(received, context);
  const rewritten = (request: FunctionRequest): Rewritten => ({
    event,
    request,
    applied: appliedRequest(request, received),
  });
  if (behavior.viewerRequest === undefined) {
    const says = "None is associated with this behavior.";
    const step: Step = { title: TITLE, says, tone: "goes-on", facts: [] };
    return { steps: [step], result: { kind: "next", next: rewritten(event.request) } };
  }
  const { outcome, logs } = await behavior.viewerRequest.run(event);
  const facts: readonly Fact[] = [
    { name: "function", value: behavior.viewerRequest.name },
    ...logs.map((value) => ({ name: "log", value })),
  ];
  switch (outcome.kind) {
    case "request":
      return goOn(question, rewritten(outcome.request), facts);
    case "response":
      return answered(outcome.response, facts);
    case "execution-error":
      return failed(503, outcome.message, facts);
    case "validation-error":
      return failed(502, outcome.message, facts);
  }
}

function receivedRequest({ method, uri, query, host, acceptEncoding }: Question) {
  const encoding = acceptEncoding === "" ? [] : ["Accept-Encoding", acceptEncoding];
  return {
    method,
    target: query === "" ? uri : `${uri}?${query}`,
    rawHeaders: ["Host", host, "Accept", "*/*", ...encoding],
    ip: "127.0.0.1",
  };
}

function goOn(before: Question, after: Rewritten, facts: readonly Fact[]): Leg<Rewritten> {
  const { uri, query } = after.applied;
  const changes = [...changed("path", before.uri, uri), ...changed("query", before.query, query)];
  const says = before.uri === uri ? "It goes on with the same path." : `It goes on as ${uri}.`;
  const step: Step = { title: TITLE, says, tone: "goes-on", facts: [...facts, ...changes] };
  return { steps: [step], result: { kind: "next", next: after } };
}

function changed(name: string, before: string, after: string): readonly Fact[] {
  if (before === after) return [];
  return [{ name, value: `${before || "(empty)"} → ${after || "(empty)"}` }];
}

function answered(response: FunctionResponse, facts: readonly Fact[]): Leg<never> {
  const applied = appliedResponse(response);
  const headers = { server: "CloudFront", ...headerLines(applied.headers) };
  const { status } = applied;
  const location = headerLines(applied.headers).location;
  const says =
    location === undefined
      ? `It answers ${status} itself; cache and origin are not asked.`
      : `It sends the viewer on with ${status} to ${location}; cache and origin are not asked.`;
  const cache = "FunctionGeneratedResponse from cloudfront";
  return {
    steps: [{ title: TITLE, says, tone: "ends", facts }],
    result: { kind: "ended", answer: { kind: "known", status, cache, headers } },
  };
}

function failed(status: 502 | 503, message: string, facts: readonly Fact[]): Leg<never> {
  const cause = status === 503 ? "It failed" : "It returned what CloudFront does not allow";
  const cache = `Function${status === 503 ? "Execution" : "Validation"}Error from cloudfront`;
  return {
    steps: [
      {
        title: TITLE,
        says: `${cause}: the viewer gets ${status}.`,
        tone: "ends",
        facts: [...facts, { name: "reason", value: message }],
      },
    ],
    result: { kind: "ended", answer: { kind: "known", status, cache, headers: {} } },
  };
}
