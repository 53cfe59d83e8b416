import { compileProgram, type EdgeProgram } from "../../edge/program.ts";
import { NO_RULES } from "../../edge/rules.ts";
import { sortHeaders } from "../../edge/sort-headers.ts";

/** What runs on a new local edge before the first deploy brings a site's own program: no rules, the headers of every site. */
export function initialProgram(): EdgeProgram {
  const { policy } = sortHeaders([]);
  const compiled = compileProgram(NO_RULES, policy, { storeAllowed: true });
  if (compiled.kind === "program") return compiled.program;
  throw new Error(`a site without rules cannot be compiled: ${compiled.problems.join("; ")}`);
}
