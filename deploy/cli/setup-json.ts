import type { SetupResult } from "../core/setup/setup-result.ts";
import type { SetupPlan, SetupStep } from "../core/setup/steps.ts";

/** A setup for programs. What a step writes is not among it: it may hold the API's secret. */
export function setupFieldsOf(result: SetupResult): object {
  const { plan, ...outcome } = result;
  const fields = { ...planOf(plan), ...outcome };
  switch (result.kind) {
    case "blocked":
    case "declined":
    case "nothing-to-do":
      return fields;
    case "done":
      return { ...fields, done: result.done.map(({ id }) => id) };
    case "partial":
      return {
        ...fields,
        done: result.done.map(({ id }) => id),
        left: result.left.map(({ id }) => id),
      };
  }
}

function planOf({ account, blockers, steps, notes }: SetupPlan) {
  return { account, blockers, steps: steps.map(stepOf), notes };
}

function stepOf({ action: _, ...told }: SetupStep) {
  return told;
}
