import { describe, expect, it } from "vitest";
import { setupExitCode } from "../../deploy/cli/exit-codes.ts";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderJson } from "../../deploy/cli/render-json.ts";
import { renderSetup, renderSetupPlan } from "../../deploy/cli/render-setup.ts";
import type { SetupResult } from "../../deploy/core/setup/setup-result.ts";
import { type SetupPlan, step } from "../../deploy/core/setup/steps.ts";

const PAINT = createPaint(false);
const CREATE = step({
  id: "distribution",
  kind: "create",
  title: "Create the distribution of example-site",
  details: ["compression"],
  monthly: "no fixed price",
  action: { kind: "create-distribution", config: "<HeaderValue>s3cret</HeaderValue>" },
});
const WAIT = step({
  id: "wait-store",
  kind: "wait",
  title: "Wait until the store is ready",
  usualSeconds: 60,
  action: undefined,
});
const PLAN: SetupPlan = {
  account: "111122223333",
  blockers: [],
  steps: [WAIT, CREATE],
  notes: ["Mind the gap."],
};
const PLACE = { id: "E1", domainName: "d1.cloudfront.net", isDeployed: false };
const BLOCKED: SetupResult = {
  kind: "blocked",
  plan: { ...PLAN, blockers: [{ what: "No.", why: "so", next: "mend" }] },
};
const PARTIAL: SetupResult = {
  kind: "partial",
  plan: PLAN,
  done: [WAIT],
  left: [CREATE],
  stop: {
    kind: "failed",
    title: CREATE.title,
    failure: "cloud",
    text: { what: "refused", why: "the quota is used up", next: "Ask for more." },
  },
};

describe("a set-up's plan", () => {
  it("says of each step how long it takes and what it costs", () => {
    expect(renderSetupPlan(PLAN, PAINT)).toEqual([
      "Account 111122223333: 2 steps, usually 1 min 2 s in all",
      "",
      "  … Wait until the store is ready (usually 1 min 0 s)",
      "  + Create the distribution of example-site",
      "      compression",
      "      a month: no fixed price",
      "",
      "note Mind the gap.",
      "",
      "Nothing is deleted. Prices are AWS's list prices in us-east-1, without tax.",
    ]);
  });
});

describe("a set-up that takes no time to speak of", () => {
  it("says nothing of time", () => {
    const [first] = renderSetupPlan({ ...PLAN, steps: [CREATE] }, PAINT);
    expect(first).toBe("Account 111122223333: 1 step");
  });
});

describe("a set-up's end", () => {
  it.each<[string, SetupResult, number, RegExp]>([
    ["done", { kind: "done", plan: PLAN, done: [CREATE], place: PLACE }, 0, /d1\.cloudfront\.net/],
    ["with nothing to do", { kind: "nothing-to-do", plan: PLAN, place: PLACE }, 0, /Nothing to do/],
    ["declined", { kind: "declined", plan: PLAN }, 2, /Nothing was done/],
    ["blocked", BLOCKED, 4, /stop No\.\n {2}why: {2}so\n {2}next: mend/],
    ["partial", PARTIAL, 5, /the quota is used up[\s\S]+Run slipway setup again/],
  ])("%s has its words and its exit code", (_, result, code, words) => {
    expect(renderSetup(result, PAINT).join("\n")).toMatch(words);
    expect(setupExitCode(result)).toBe(code);
  });

  it("as JSON has the steps by their ids, and nothing of what they write", () => {
    const text = renderJson({ command: "setup", result: PARTIAL }, 5);
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      command: "setup",
      exitCode: 5,
      kind: "partial",
      account: "111122223333",
      steps: [{ id: "wait-store" }, { id: "distribution", kind: "create" }],
      done: ["wait-store"],
      left: ["distribution"],
      stop: { kind: "failed", text: { next: "Ask for more." } },
    });
    expect(text).not.toContain("s3cret");
  });
});
