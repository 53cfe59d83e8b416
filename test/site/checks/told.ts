import type { PageFault } from "../../../site/lib/checks/page-rules.ts";
import { describeProblem } from "../../../site/lib/problem.ts";

/** A fault as people would read it, by the page that it was found on. */
export function told({ page, field, message, fix, level }: PageFault): string {
  const text = describeProblem({ file: page, field, message, fix });
  return level === undefined ? text : `${level}: ${text}`;
}
