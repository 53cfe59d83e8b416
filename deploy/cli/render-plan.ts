import type { ChangeCauses } from "../core/causes.ts";
import type { Change, ReplaceReason } from "../core/change.ts";
import { keyOf } from "../core/change.ts";
import type { Violation } from "../core/guards.ts";
import type { Invalidation } from "../core/invalidation.ts";
import { bytesToSend, isEmpty, type Plan } from "../core/plan.ts";
import type { Paint } from "./paint.ts";
import { renderCauses } from "./render-causes.ts";
import { subjectOf } from "./render-invalidate.ts";
import { renderNotices } from "./render-notices.ts";
import { bytes, printable } from "./words.ts";

/** Changes listed one by one before the rest is only counted. */
const LISTED = 20;

/** A plan as lines for a person: the table of totals, the changes, what the CDN will forget. */
export function renderPlan(plan: Plan, paint: Paint, causes?: ChangeCauses): readonly string[] {
  if (plan.violations.length > 0) {
    return [...renderViolations(plan.violations, paint)];
  }
  return [
    ...renderTotals(plan, paint),
    ...renderChanges(plan, paint),
    ...(causes === undefined ? [] : ["", `  ${renderCauses(causes, (text) => `"${text}"`)}`]),
    ...renderForgetting(plan),
    ...renderNotices(plan.notices, paint),
  ];
}

function renderTotals(plan: Plan, paint: Paint): readonly string[] {
  const { created, replaced, removed, unchanged } = plan.totals;
  const sent = (kind: Change["kind"]) =>
    plan.changes
      .filter((change) => change.kind === kind)
      .reduce((sum, change) => sum + bytesToSend(change), 0);
  const rows: readonly (readonly [string, number, string])[] = [
    ["New", created, bytes(sent("create"))],
    ["Changed", replaced, bytes(sent("replace"))],
    ["Removed", removed, ""],
    ["Unchanged", unchanged, ""],
  ];
  const width = Math.max(5, ...rows.map(([, files]) => String(files).length));
  const line = (name: string, files: string, size: string) =>
    `  ${name.padEnd(10)} ${files.padStart(width)}  ${size.padStart(8)}`.trimEnd();
  return [
    paint.faint(line("", "files", "to send")),
    ...rows.map(([name, files, size]) => line(name, String(files), files === 0 ? "" : size)),
  ];
}

function renderChanges(plan: Plan, paint: Paint): readonly string[] {
  if (plan.changes.length === 0) return [];
  const listed = plan.changes.slice(0, LISTED).map((change) => renderChange(change, paint));
  const rest = plan.changes.length - listed.length;
  return ["", ...listed, ...(rest === 0 ? [] : [paint.faint(`  … and ${rest} more`)])];
}

/** Other content is what everybody expects of a change, so it is not said. */
const REASONS: Readonly<Record<ReplaceReason, string>> = {
  content: "",
  headers: " (headers only)",
  unverified: " (may not be what was stored)",
  forced: " (sent again on demand)",
};

function renderChange(change: Change, paint: Paint): string {
  const key = printable(keyOf(change));
  switch (change.kind) {
    case "create":
      return `  ${paint.good("+")} ${key}`;
    case "replace":
      return `  ${paint.warn("~")} ${key}${REASONS[change.reason]}`;
    case "remove":
      return `  ${paint.bad("-")} ${key}`;
  }
}

function renderForgetting(plan: Plan): readonly string[] {
  if (isEmpty(plan)) return [];
  const { afterWrites, afterRemovals } = plan.invalidation;
  const parts = [describe(afterWrites), describe(afterRemovals)].filter((part) => part !== "");
  return [
    "",
    ...(plan.edge === undefined
      ? []
      : ["  Publishes the edge rules: redirects, clean URLs, headers"]),
    `  Invalidates ${parts.join(", then ") || "nothing"}`,
  ];
}

function describe(invalidation: Invalidation): string {
  switch (invalidation.kind) {
    case "none":
      return "";
    case "paths":
    case "everything":
      return subjectOf(invalidation);
  }
}

function renderViolations(violations: readonly Violation[], paint: Paint): readonly string[] {
  return violations.flatMap((violation) => [
    `${paint.bad("Refused")} ${violation.rule}`,
    `  wanted: ${violation.limit}`,
    `  found:  ${violation.actual}`,
    `  next:   ${violation.next}`,
  ]);
}
