import type { Behavior, LiveDistribution } from "../../live-distribution.ts";
import { behaviorFor } from "../../viewer/behavior-match.ts";
import type { DryRunSources } from "../sources.ts";
import { applyPolicy, runResponseFunction } from "./answer-headers.ts";
import { findContent } from "./find-content.ts";
import type { Question } from "./question.ts";
import { runRequestFunction } from "./request-function.ts";
import type { Ended, ExpectedAnswer, Leg, Step } from "./steps.ts";

/** What the edge would do with a request, step by step, in CloudFront's order. */
export type DryRun = {
  readonly question: Question;
  readonly steps: readonly Step[];
  readonly answer: ExpectedAnswer;
};

/**
 * Goes the way of a request without being one: functions run, which have no side effects; the bucket
 * is read; nothing is sent to another origin, kept in the cache or counted.
 */
export async function dryRun(question: Question, sources: DryRunSources): Promise<DryRun> {
  const live = sources.live(question.host);
  const matched = matchBehavior(question, live);
  if (matched.result.kind === "ended") return finish(question, matched.steps, matched.result);
  const behavior = matched.result.next;

  const run = await runRequestFunction(question, { behavior, live });
  const before = [...matched.steps, ...run.steps];
  if (run.result.kind === "ended") return finish(question, before, run.result);
  const rewritten = run.result.next;

  const found = await findContent({ question, rewritten, behavior, live }, sources);
  const asked = [...before, ...found.steps];
  if (found.result.kind === "ended") return finish(question, asked, found.result);
  const { answer, original } = found.result.next;

  const policed = applyPolicy(answer, behavior.headersPolicy);
  const last = await runResponseFunction(policed.answer, { rewritten, behavior, original });
  const steps = [...asked, ...policed.steps, ...last.steps];
  return finish(question, steps, { kind: "ended", answer: last.answer });
}

function finish(question: Question, steps: readonly Step[], { answer }: Ended): DryRun {
  return { question, steps, answer };
}

function matchBehavior(question: Question, live: LiveDistribution): Leg<Behavior> {
  if (!live.enabled) {
    const says = "The distribution is disabled: it answers nothing.";
    return ended({ title: "Distribution", says, tone: "ends", facts: [] }, 403);
  }
  const behavior = behaviorFor(live, question.uri);
  const isDefault = behavior.pathPattern === "*";
  const facts = [
    { name: "pattern", value: behavior.pathPattern },
    { name: "origin", value: originName(behavior) },
    { name: "methods", value: [...behavior.allowedMethods].join(", ") },
  ];
  const step = {
    title: "Behavior",
    says: isDefault ? "The default behavior takes it." : `${behavior.pathPattern} takes it.`,
    facts,
  };
  if (!behavior.allowedMethods.has(question.method)) {
    const says = `This behavior does not allow ${question.method}: 403, and nothing else is asked.`;
    return ended({ ...step, says, tone: "ends" }, 403);
  }
  if (!question.isSecure && behavior.viewerProtocolPolicy !== "allow-all") {
    return refusePlain(question, behavior, step.facts);
  }
  return { steps: [{ ...step, tone: "goes-on" }], result: { kind: "next", next: behavior } };
}

/** No function runs for either answer (BC cloudfront ViewerProtocolPolicy). */
function refusePlain(
  { host, uri, query }: Question,
  { viewerProtocolPolicy }: Behavior,
  facts: Step["facts"],
): Leg<never> {
  if (viewerProtocolPolicy === "https-only") {
    const says = "This behavior takes https only: 403, and nothing else is asked.";
    return ended({ title: "Behavior", says, tone: "ends", facts }, 403);
  }
  const location = `https://${host}${uri}${query === "" ? "" : `?${query}`}`;
  const says = `It sends the viewer on to https, with 301 to ${location}.`;
  const headers = { location, server: "CloudFront" };
  const cache = "Redirect from cloudfront";
  return {
    steps: [{ title: "Behavior", says, tone: "ends", facts }],
    result: { kind: "ended", answer: { kind: "known", status: 301, cache, headers } },
  };
}

function ended(step: Step, status: number): Leg<never> {
  const answer = { kind: "known", status, cache: "Error from cloudfront", headers: {} } as const;
  return { steps: [step], result: { kind: "ended", answer } };
}

function originName({ origin }: Behavior): string {
  switch (origin.kind) {
    case "bucket":
      return `the bucket${origin.path === "" ? "" : `, below ${origin.path}`}`;
    case "custom":
      return `${origin.url}${origin.path}`;
  }
}
