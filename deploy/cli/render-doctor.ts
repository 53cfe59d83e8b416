import { CHECKS, type Check, type DoctorResult } from "../core/doctor/check.ts";
import type { Paint } from "./paint.ts";
import { count } from "./words.ts";

const WIDTH = Math.max(...Object.keys(CHECKS).map((id) => id.length));

/** One line a check, the mend below each that needs one, and the sum at the end. */
export function renderDoctor({ healthy, checks }: DoctorResult, paint: Paint): readonly string[] {
  const tally = (kind: Check["kind"]) => checks.filter((check) => check.kind === kind).length;
  const parts = [
    `${count(tally("good"), "check")} good`,
    ...(tally("bad") > 0 ? [`${tally("bad")} bad`] : []),
    ...(tally("warning") > 0 ? [count(tally("warning"), "warning")] : []),
    ...(tally("skipped") > 0 ? [`${tally("skipped")} skipped`] : []),
  ];
  const sum = parts.join(", ");
  return [
    ...checks.flatMap((check) => renderCheck(check, paint)),
    "",
    healthy ? paint.good(sum) : paint.bad(sum),
  ];
}

function renderCheck(check: Check, paint: Paint): readonly string[] {
  const name = check.id.padEnd(WIDTH);
  switch (check.kind) {
    case "good":
      return [`${paint.good("✓")} ${name}  ${check.title} ${paint.faint(`(${check.found})`)}`];
    case "warning":
      return [`${paint.warn("!")} ${name}  ${check.found}`, mend(check.next)];
    case "bad":
      return [
        `${paint.bad("✗")} ${name}  not so: ${check.title}`,
        said(check.found),
        mend(check.next),
      ];
    case "skipped":
      return [paint.faint(`- ${name}  skipped: ${check.why}`)];
  }
}

const INDENT = " ".repeat(WIDTH + 4);
const said = (found: string) => `${INDENT}${found}`;
const mend = (next: string) => `${INDENT}next: ${next}`;
