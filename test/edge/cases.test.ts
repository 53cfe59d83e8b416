import { describe, expect, it } from "vitest";
import { decide } from "../../deploy/edge/decide.ts";
import { headersFor } from "../../deploy/edge/headers-for.ts";
import { makeRules } from "../../deploy/edge/site-rules.ts";
import type { FunctionResponse } from "../../deploy/local/edge/functions/viewer-function.ts";
import { CASES, type EdgeCase } from "./cases.ts";
import {
  compiled,
  type EdgeFunctions,
  edgeFunctions,
  HSTS,
  requestEvent,
  requestOf,
} from "./function-fixture.ts";
import { RULE_SETS, type RuleSetName } from "./rule-sets.ts";

type Answer = {
  readonly status: number;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** What a response headers policy has set before the viewer-response function runs. */
const POLICY = {
  "x-everywhere": "yes",
  "x-both": "wide",
  "x-frame-options": "DENY",
  "referrer-policy": "strict-origin-when-cross-origin",
};

/** The statuses that the deploy stores with pages. */
function storedStatuses(name: RuleSetName): ReadonlyMap<string, number> {
  return new Map(
    RULE_SETS[name].rules.redirects.flatMap(({ answer }) =>
      answer.kind === "gone" && answer.page !== undefined
        ? [[answer.page.slice(1), answer.status] as const]
        : [],
    ),
  );
}

/** What the origin has behind a key, or the site's 404 page. */
function fetched({ rules, method }: EdgeCase, key: string): Answer {
  const isThere = RULE_SETS[rules].site.keys.includes(key);
  const body = isThere ? key : "404.html";
  return {
    status: isThere ? (storedStatuses(rules).get(key) ?? 200) : 404,
    location: undefined,
    headers: isThere ? POLICY : {},
    body: method === "HEAD" ? undefined : body,
  };
}

const TOLD = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };

function answerOfDecision(one: EdgeCase): Answer {
  const { rules } = RULE_SETS[one.rules];
  const request = requestOf(one);
  const decision = decide(request, rules);
  const secure = { "strict-transport-security": HSTS };
  switch (decision.kind) {
    case "hidden":
      return fetched(one, decision.uri.slice(1));
    case "serve": {
      const answer = fetched(one, decision.key);
      if (answer.body !== decision.key && one.method === "GET") return answer;
      const { set, remove } = headersFor(request.uri, request.host, rules);
      const entries = Object.entries(answer.headers).filter(([name]) => !remove.includes(name));
      const added = set.map(({ name, value }) => [name, value] as const);
      return { ...answer, headers: Object.fromEntries([...entries, ...added]) };
    }
    case "redirect":
      return { status: decision.status, location: decision.to, headers: secure, body: undefined };
    case "gone":
    case "refuse": {
      const body = one.method === "HEAD" ? undefined : "edge";
      const headers = { ...secure, ...TOLD };
      return { status: decision.status, location: undefined, headers, body };
    }
  }
}

function answerOfFunctions(one: EdgeCase, { viewerRequest, viewerResponse }: EdgeFunctions) {
  const event = requestEvent(requestOf(one), one.method);
  const { outcome } = viewerRequest.run(event);
  if (outcome.kind === "response") return answerOfResponse(outcome.response, one, "edge");
  if (outcome.kind !== "request") throw new Error(outcome.message);
  const key = decodeURIComponent(outcome.request.uri.slice(1));
  const answer = fetched(one, key);
  if (!RULE_SETS[one.rules].site.keys.includes(key)) return answer;
  const headers: Record<string, { value: string }> = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, { value }]),
  );
  if (answer.status !== 200) {
    headers["x-amz-meta-slipway-status"] = { value: String(answer.status) };
  }
  const after = viewerResponse.run({
    ...event,
    context: { ...event.context, eventType: "viewer-response" },
    request: outcome.request,
    response: { statusCode: 200, headers, cookies: {} },
  });
  if (after.outcome.kind !== "response") throw new Error(JSON.stringify(after.outcome));
  return answerOfResponse(after.outcome.response, one, key);
}

function answerOfResponse(response: FunctionResponse, one: EdgeCase, source: string): Answer {
  const entries = Object.entries(response.headers ?? {}).map(([name, { value }]) => [name, value]);
  const { location, ...headers } = Object.fromEntries(entries);
  const hasBody = one.method === "GET" && location === undefined;
  return { status: response.statusCode, location, headers, body: hasBody ? source : undefined };
}

function expectAnswer(answer: Answer, one: EdgeCase): void {
  const { status, location, body } = one;
  expect({ ...answer, headers: undefined }).toEqual({ status, location, body, headers: undefined });
  for (const [name, value] of Object.entries(one.answerHeaders)) {
    expect([name, answer.headers[name] ?? null]).toEqual([name, value]);
  }
}

describe("the table", () => {
  it("has 200 rows and more, and no two for one request", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(200);
    const requests = CASES.map(({ rules, method, url, headers }) =>
      JSON.stringify([rules, method, url, headers]),
    );
    expect(new Set(requests).size).toBe(CASES.length);
  });

  it("has a set of rules that is too large for the code alone", () => {
    expect(compiled(RULE_SETS.large.rules).store.size).toBeGreaterThan(1_000);
  });
});

describe("the rules of the table", () => {
  // The others have loops and rules that never apply, which a build refuses.
  it.each(["plain", "hosts", "folders", "headers"] as const)("of %s are a build's", (name) => {
    const { site, rules } = RULE_SETS[name];
    const made = makeRules({
      redirectsText: site.redirects,
      headersText: site.headers,
      config: { redirects: [], headers: [] },
      hosts: site.hosts,
      keys: site.keys,
    });
    expect(made).toMatchObject({ kind: "rules", rules });
  });
});

describe.each(Object.keys(RULE_SETS) as RuleSetName[])("of the site %s", (name) => {
  const cases = CASES.filter(({ rules }) => rules === name);
  const functions = edgeFunctions(compiled(RULE_SETS[name].rules));

  it.each(cases)("$url by decide: $name", (one) => {
    expectAnswer(answerOfDecision(one), one);
  });

  it.each(cases)("$url by the functions: $name", (one) => {
    expectAnswer(answerOfFunctions(one, functions), one);
  });
});
