import { byReason, CHECKS, type Check, type DoctorResult } from "../core/doctor/check.ts";
import type { Paint } from "./paint.ts";
import { count } from "./words.ts";

const WIDTH = Math.max(...Object.keys(CHECKS).map((id) => id.length));

/**
 * One line a check, the mend below each that needs one, what was skipped by its reason, and the sum. What
 * is bad for one reason, such as missing credentials, is told once.
 */
export function renderDoctor({ healthy, checks }: DoctorResult, paint: Paint): readonly string[] {
  return [
    ...byReason(checks).flatMap(({ check, also }) => [
      ...renderCheck(check, paint),
      ...(also.length === 0 ? [] : [`${INDENT}also: ${also.join(", ")}`]),
    ]),
    ...renderSkipped(checks).map(paint.faint),
    "",
    healthy ? paint.good(sumOf(checks)) : paint.bad(sumOf(checks)),
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
        `${INDENT}${check.found}`,
        mend(check.next),
      ];
    case "skipped":
      return [];
  }
}

const INDENT = " ".repeat(WIDTH + 4);
const mend = (next: string) => `${INDENT}next: ${next}`;

function renderSkipped(checks: readonly Check[]): readonly string[] {
  const skipped = checks.filter((check) => check.kind === "skipped");
  const reasons = [...new Set(skipped.map(({ why }) => why))];
  return reasons.map((reason) => {
    const ids = skipped.flatMap(({ id, why }) => (why === reason ? [id] : []));
    return `- skipped, because ${reason}: ${ids.join(", ")}`;
  });
}

function sumOf(checks: readonly Check[]): string {
  const tally = (kind: Check["kind"]) => checks.filter((check) => check.kind === kind).length;
  const [good, bad, warnings, skipped] = [
    tally("good"),
    tally("bad"),
    tally("warning"),
    tally("skipped"),
  ];
  return [
    `${count(good, "check")} good`,
    ...(bad > 0 ? [`${bad} bad`] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(", ");
}
