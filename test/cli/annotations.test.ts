import { describe, expect, it } from "vitest";
import { annotationOfError, annotationsOf, withoutCommands } from "../../deploy/cli/annotations.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import type { Violation } from "../../deploy/core/guards.ts";
import { objectKey } from "../../deploy/core/keys.ts";
import type { ChangeOutcome } from "../../deploy/core/results.ts";
import { planOf } from "../support/plan-value.ts";

const violation = (actual: string): Violation => ({
  rule: "case-twins",
  limit: "no twins",
  actual,
  next: "Rename one.",
});

const refused = (...violations: readonly Violation[]) =>
  annotationsOf({
    command: "deploy",
    result: { kind: "refused", plan: planOf([], { violations }) },
  });

describe("escaping", () => {
  it("keeps every line end and percent sign of a message inside the command", () => {
    expect(refused(violation("100%\r\n::stop-commands::x"))).toEqual([
      "::error title=Refused%3A case-twins::wanted: no twins%0Afound: 100%25%0D%0A::stop-commands::x%0Anext: Rename one.",
    ]);
  });

  it("keeps colons and commas of a title out of the properties", () => {
    const text = { what: "a,file=b::c\nd%", why: "because", next: "Do it." };
    expect(annotationOfError(new SlipwayError("cloud", text))).toBe(
      "::error title=a%2Cfile=b%3A%3Ac%0Ad%25::because%0Anext: Do it.",
    );
  });

  it.each([
    ["::error::x", ":\u200b:error::x"],
    ["  why:  a\n  ::add-mask::b", "  why:  a\n  :\u200b:add-mask::b"],
    ["  + ##[error]a.html", "  + ##\u200b[error]a.html"],
    ["  + a::b.html", "  + a::b.html"],
  ])("a line for people starts no command: %j", (line, harmless) => {
    expect(withoutCommands(line)).toBe(harmless);
  });
});

it("a failure that nobody foresaw is an error all the same", () => {
  expect(annotationOfError(new TypeError("x is not a function"))).toBe(
    "::error title=Slipway failed in a way it did not foresee::x is not a function",
  );
});

it("more refusals than GitHub shows end with a count of the rest", () => {
  const lines = refused(...Array.from({ length: 12 }, (_, i) => violation(String(i))));
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toContain("title=Refused%3A 3 more reasons::");
});

const fate = (key: string, kind: "done" | "failed" | "not-reached"): ChangeOutcome => {
  if (kind !== "failed") return { key: objectKey(key), outcome: { kind } };
  const error = { what: "put failed", why: "SlowDown", next: "Wait." };
  return { key: objectKey(key), outcome: { kind, failure: "cloud", error } };
};

const partial = (...outcomes: readonly ChangeOutcome[]) =>
  annotationsOf({
    command: "rollback",
    result: { kind: "partial", plan: planOf([]), outcomes, invalidations: [], seconds: 1 },
  });

it("a release that was not completed is a warning, with the first failure", () => {
  const outcomes = [fate("a", "done"), fate("b", "failed"), fate("c", "not-reached")];
  expect(partial(...outcomes)).toEqual([
    "::warning title=Not released::1 change done, 1 failed, 1 not reached.%0Ab: SlowDown%0Anext: Wait.%0ARun the job again: it continues where this one stopped.",
  ]);
});

it("one that changed nothing at all is an error", () => {
  expect(partial(fate("a", "failed"))[0]).toMatch(/^::error title=Not released::/);
});

it("success has nothing to tell", () => {
  const plan = planOf([]);
  expect(annotationsOf({ command: "deploy", result: { kind: "nothing-to-do", plan } })).toEqual([]);
  expect(
    annotationsOf({
      command: "build",
      result: { output: "_site", pages: 1, files: 1, seconds: 1 },
    }),
  ).toEqual([]);
});
