import { expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderError } from "../../deploy/cli/render-error.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";

const plain = createPaint(false);
const text = { what: "The bucket is gone", why: "NoSuchBucket", next: "Create it." };

it("a failure that we understand is told in three lines", () => {
  expect(renderError(new SlipwayError("cloud", text), plain, false)).toEqual([
    "error The bucket is gone",
    "  why:  NoSuchBucket",
    "  next: Create it.",
  ]);
});

it("a fault of ours admits that it is one, and asks for a report", () => {
  expect(renderError(new TypeError("x is not a function"), plain, false)).toEqual([
    "error Slipway failed in a way it did not foresee",
    "  why:  x is not a function",
    "  next: Run it again with --verbose and report what it prints.",
  ]);
});

it("whatever is thrown is told, not only errors", () => {
  expect(renderError("a string", plain, true)).toContain("  why:  a string");
});

it("with --verbose the stack of the failure and of all that caused it follows", () => {
  const root = new Error("socket hang up");
  const middle = new Error("request failed", { cause: root });
  const lines = renderError(new SlipwayError("cloud", text, { cause: middle }), plain, true);
  const where = (line: string) => lines.indexOf(line);
  expect(where("Error: request failed")).toBeGreaterThan(2);
  expect(where("Error: socket hang up")).toBeGreaterThan(where("Error: request failed"));
  expect(lines.filter((line) => line === "caused by:")).toHaveLength(2);
  expect(lines.some((line) => /^ +at .*render-error\.test\.ts/.test(line))).toBe(true);
});
