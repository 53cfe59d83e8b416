import { normalizeAcceptEncoding } from "../../../../edge/compression.ts";
import type { LiveDistribution } from "../../live-distribution.ts";
import { behaviorFor } from "../../viewer/behavior-match.ts";
import type { DryRunSources } from "../sources.ts";
import { lookAt } from "./look.ts";
import type { Question } from "./question.ts";
import type { KnownAnswer, Step } from "./steps.ts";

export type ErrorAnswer = { readonly step: Step; readonly answer: KnownAnswer };

/** The page that stands in for the origin's error, or what is shown where there is none. */
export async function askErrorPage(
  status: number,
  { question, live }: { readonly question: Question; readonly live: LiveDistribution },
  sources: DryRunSources,
): Promise<ErrorAnswer> {
  const page = live.errorResponses.get(status)?.page;
  if (page === undefined) {
    const says = `None is set for ${status}: the origin's own words are shown.`;
    return { step: step(says, "goes-on"), answer: answer(status) };
  }
  const facts = [{ name: "page", value: page.path }];
  const behavior = behaviorFor(live, page.path);
  if (behavior.origin.kind === "custom") {
    const says = `${page.path} comes from ${behavior.origin.url}, which a dry run does not ask.`;
    return { step: step(says, "minds", facts), answer: answer(page.status) };
  }
  const accepted = normalizeAcceptEncoding(question.acceptEncoding, "1.1", behavior.cachePolicy);
  const found = await lookAt(
    { distribution: live.id, uri: page.path, query: "", accepted },
    behavior,
    sources,
  );
  if (found.status >= 400) {
    const says = `${page.path} cannot be had, and that is the answer: ${found.status}.`;
    return { step: step(says, "minds", facts), answer: answer(found.status) };
  }
  // The page is whole: nobody may ask for a part of it.
  const { "accept-ranges": _, ...headers } = found.headers;
  const says = `${page.path} is shown, with status ${page.status}.`;
  return { step: step(says, "goes-on", facts), answer: answer(page.status, headers) };
}

function step(says: string, tone: Step["tone"], facts: Step["facts"] = []): Step {
  return { title: "Error page", says, tone, facts };
}

function answer(status: number, headers: KnownAnswer["headers"] = {}): KnownAnswer {
  return { kind: "known", status, cache: "Error from cloudfront", headers };
}
