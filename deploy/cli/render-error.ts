import { SlipwayError } from "../core/errors.ts";
import type { Paint } from "./paint.ts";

/** What happened, why, what to do next; the stack only if asked for. */
export function renderError(error: unknown, paint: Paint, verbose: boolean): readonly string[] {
  const stack = verbose ? stackOf(error) : [];
  if (error instanceof SlipwayError) {
    const { what, why, next } = error.text;
    const [first, ...more] = why.split("\n");
    const reasons = [`  why:  ${first}`, ...more.map((reason) => `        ${reason}`)];
    return [`${paint.bad("error")} ${what}`, ...reasons, `  next: ${next}`, ...stack];
  }
  const message = error instanceof Error ? error.message : String(error);
  return [
    `${paint.bad("error")} Slipway failed in a way it did not foresee`,
    `  why:  ${message}`,
    "  next: Run it again with --verbose and report what it prints.",
    ...stack,
  ];
}

function stackOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? "").split("\n");
  return error.cause === undefined ? own : [...own, "caused by:", ...stackOf(error.cause)];
}
