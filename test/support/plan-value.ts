import type { Change } from "../../deploy/core/change.ts";
import type { Plan } from "../../deploy/core/plan.ts";
import { stagesOf } from "../../deploy/core/stages.ts";
import { manifestOf, planFor } from "./builders.ts";

/** A plan with exactly these changes, counted and staged; `fields` replace what else is decided. */
export function planOf(
  changes: readonly Change[],
  { totals, ...fields }: Partial<Omit<Plan, "totals">> & { totals?: Partial<Plan["totals"]> } = {},
): Plan {
  const count = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  const empty = planFor([], manifestOf([]));
  return {
    ...empty,
    changes,
    totals: {
      ...empty.totals,
      created: count("create"),
      replaced: count("replace"),
      removed: count("remove"),
      ...totals,
    },
    stages: stagesOf(changes),
    violations: [],
    notices: [],
    ...fields,
  };
}
