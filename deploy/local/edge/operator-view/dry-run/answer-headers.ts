import { appliedResponse, responseEvent } from "../../functions/event.ts";
import { isDisallowed } from "../../functions/header-rules.ts";
import type { FunctionResponse } from "../../functions/viewer-function.ts";
import type { Behavior, ResponseHeadersPolicy } from "../../live-distribution.ts";
import { applyHeadersPolicy } from "../../viewer/headers-policy.ts";
import { counted } from "../wording.ts";
import { headerLines } from "./header-lines.ts";
import type { Rewritten } from "./request-function.ts";
import type { Fact, KnownAnswer, Step } from "./steps.ts";

type Shaped = { readonly answer: KnownAnswer; readonly steps: readonly Step[] };

/** What the response headers policy makes of an answer: removals come first. */
export function applyPolicy(
  answer: KnownAnswer,
  policy: ResponseHeadersPolicy | undefined,
): Shaped {
  const title = "Response headers policy";
  if (policy === undefined) {
    const says = "None is set for this behavior.";
    return { answer, steps: [{ title, says, tone: "goes-on", facts: [] }] };
  }
  const bare = { ...answer, result: "Miss", body: { kind: "none" } } as const;
  const { date: _, ...after } = headerLines(applyHeadersPolicy(bare, policy, SITUATION).headers);
  const facts = changesOf(answer.headers, after);
  const says =
    facts.length === 0 ? "It changes nothing." : `It changes ${counted(facts.length, "header")}.`;
  const step: Step = { title, says, tone: "goes-on", facts };
  return { answer: { ...answer, headers: after }, steps: [step] };
}

/** Without Server-Timing, which is sampled by chance, and without Date, which is never told. */
const SITUATION = {
  asked: {},
  requestId: "",
  pop: "",
  random: () => 1,
  now: () => new Date(0),
};

type Place = {
  readonly rewritten: Rewritten;
  readonly behavior: Behavior;
  readonly original: number;
};

/** What the function after the cache makes of it; it does not run where the origin said 400 or more. */
export async function runResponseFunction(answer: KnownAnswer, place: Place): Promise<Shaped> {
  const { behavior, rewritten, original } = place;
  if (behavior.viewerResponse === undefined) {
    return { answer, steps: [step("None is associated with this behavior.")] };
  }
  if (original >= 400) {
    return { answer, steps: [step(`It does not run, because the origin said ${original}.`)] };
  }
  const { status, headers } = answer;
  const event = responseEvent(rewritten.event, rewritten.request, { status, headers });
  const { outcome, logs } = await behavior.viewerResponse.run(event);
  const said: readonly Fact[] = [
    { name: "function", value: behavior.viewerResponse.name },
    ...logs.map((value) => ({ name: "log", value })),
  ];
  switch (outcome.kind) {
    case "response":
      return changedBy(outcome.response, answer, said);
    case "request":
      return failed(502, "it returned a request, not a response", said);
    case "execution-error":
      return failed(503, outcome.message, said);
    case "validation-error":
      return failed(502, outcome.message, said);
  }
}

function changedBy(response: FunctionResponse, answer: KnownAnswer, said: readonly Fact[]): Shaped {
  const applied = appliedResponse(response);
  const hidden = Object.entries(answer.headers).filter(([name]) => isDisallowed(name));
  const headers = { ...Object.fromEntries(hidden), ...headerLines(applied.headers) };
  const changes = changesOf(answer.headers, headers);
  const { status } = applied;
  const isSame = status === answer.status && changes.length === 0;
  const told = [
    ...(status === answer.status ? [] : [`the status to ${status}`]),
    ...(changes.length === 0 ? [] : [counted(changes.length, "header")]),
  ];
  const says = isSame ? "It changes nothing." : `It changes ${told.join(" and ")}.`;
  return { answer: { ...answer, status, headers }, steps: [step(says, [...said, ...changes])] };
}

function failed(status: 502 | 503, message: string, said: readonly Fact[]): Shaped {
  const facts = [...said, { name: "reason", value: message }];
  const cache = `Function${status === 503 ? "Execution" : "Validation"}Error from cloudfront`;
  return {
    answer: { kind: "known", status, cache, headers: {} },
    steps: [{ ...step(`It failed: the viewer gets ${status}.`, facts), tone: "ends" }],
  };
}

function step(says: string, facts: readonly Fact[] = []): Step {
  return { title: "Viewer-response function", says, tone: "goes-on", facts };
}

function changesOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Fact[] {
  const gone = Object.keys(before).filter((name) => !(name in after));
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return [
    ...gone.map((name) => ({ name, value: "removed" })),
    ...set.map(([name, value]) => ({ name, value })),
  ];
}
