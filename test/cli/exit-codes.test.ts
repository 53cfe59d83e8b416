import { describe, expect, it } from "vitest";
import { deployExitCode, EXIT_CODES, exitCodeOf } from "../../deploy/cli/exit-codes.ts";
import type { FailureKind } from "../../deploy/core/errors.ts";
import { objectKey } from "../../deploy/core/keys.ts";
import type { ChangeOutcome, DeployResult, Outcome } from "../../deploy/core/results.ts";
import { planOf } from "../support/plan-value.ts";

const plan = planOf([]);

/** The table that scripts rely on (design.md section 6): a change here breaks somebody's pipeline. */
it("the numbers are those that the design promises", () => {
  expect(Object.values(EXIT_CODES).map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it.each<[FailureKind, number]>([
  ["usage", 2],
  ["config", 2],
  ["refused", 4],
  ["partial", 5],
  ["cloud", 6],
  ["locked", 7],
  ["internal", 1],
])("a failure of kind %s ends with %d", (kind, code) => {
  expect(exitCodeOf(kind)).toBe(code);
});

const done: Outcome = { kind: "done" };
const missed: Outcome = { kind: "not-reached" };
const failed = (failure: FailureKind): Outcome => ({
  kind: "failed",
  failure,
  error: { what: "it failed", why: "told to", next: "again" },
});

function partial(outcomes: readonly Outcome[]): DeployResult {
  const fates = outcomes.map((outcome, i): ChangeOutcome => ({ key: objectKey(`${i}`), outcome }));
  return { kind: "partial", plan, outcomes: fates, invalidations: [], seconds: 1 };
}

describe("a deploy", () => {
  it.each<[string, DeployResult, number]>([
    ["had nothing to do", { kind: "nothing-to-do", plan }, 0],
    ["was refused by a guard", { kind: "refused", plan }, 4],
    ["was declined by a person", { kind: "declined", plan }, 2],
    ["wrote some of its files", partial([done, failed("cloud"), missed]), 5],
    ["wrote nothing, for the cloud said no", partial([failed("cloud"), missed]), 6],
    ["wrote nothing, for a file had changed", partial([failed("config"), missed]), 2],
    ["failed after some were not reached", partial([missed, failed("cloud")]), 6],
  ])("that %s ends with its code", (_, result, code) => {
    expect(deployExitCode(result)).toBe(code);
  });
});
