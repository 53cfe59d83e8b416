import type { Change } from "../../deploy/core/change.ts";
import type { Plan } from "../../deploy/core/plan.ts";
import { stagesOf } from "../../deploy/core/stages.ts";
import { sha256 } from "./builders.ts";

/** A plan with these changes, as the core could have made it; `fields` replace what is decided there. */
export function planOf(changes: readonly Change[], fields: Partial<Plan> = {}): Plan {
  const count = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  return {
    id: sha256("plan"),
    site: "test-site",
    base: { kind: "none" },
    changes,
    totals: {
      created: count("create"),
      replaced: count("replace"),
      removed: count("remove"),
      unchanged: 0,
      bytes: 0,
    },
    stages: stagesOf(changes),
    invalidation: { afterWrites: { kind: "none" }, afterRemovals: { kind: "none" } },
    leftovers: [],
    violations: [],
    ...fields,
  };
}
