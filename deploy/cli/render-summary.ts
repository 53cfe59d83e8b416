import { type Change, keyOf } from "../core/change.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Violation } from "../core/guards.ts";
import type { Invalidation } from "../core/invalidation.ts";
import type { Plan } from "../core/plan.ts";
import type { ChangeOutcome, DeployResult, InvalidationReceipt } from "../core/results.ts";
import { roleOf } from "../core/source.ts";
import { codeBlock, codeLink, inlineCode, withinBytes } from "./markdown.ts";
import { pageAddress } from "./page-address.ts";
import type { CommandResult } from "./render-json.ts";
import { renderPlanMarkdown } from "./render-plan-markdown.ts";
import { bytes, count, seconds } from "./words.ts";

/** Where the command worked: names the heading, and turns pages into links if people can open them. */
export type SummaryPlace = {
  readonly environment: string;
  readonly url?: string | undefined;
};

/** Pages, and failures, named one by one before the rest is only counted. */
const NAMED = 50;
/** GitHub takes 1 MiB for all commands of a step together, and a name can be a kilobyte long. */
const LIST_BYTES = 48 * 1024;

/**
 * A result as Markdown for the page of a CI run; undefined for commands that change nothing and
 * decide nothing. At most some hundred kilobytes, whatever the size of the site.
 */
export function renderSummary(done: CommandResult, place: SummaryPlace): string | undefined {
  switch (done.command) {
    case "plan":
      return renderPlanMarkdown(done.result, place.environment);
    case "deploy":
    case "rollback":
      return document(deploySummary(done.command, done.result, place));
    case "invalidate": {
      if (done.result.kind !== "requested") return undefined;
      const { invalidations, seconds: taken } = done.result;
      const heading = `### Invalidated in ${inlineCode(place.environment)} in ${seconds(taken)}`;
      return document([heading, "", ...invalidations.map(receiptLine)]);
    }
    case "build":
    case "status":
    case "releases":
    case "unlock":
    case "doctor":
    case "policy":
    case "domain":
    case "setup":
    case "events":
      return undefined;
  }
}

/** A failure as Markdown: what, why, next. */
export function renderFailureSummary(
  command: string,
  error: unknown,
  { environment }: SummaryPlace,
): string {
  const heading = `### ${noun(command)} of ${inlineCode(environment)} failed`;
  if (error instanceof SlipwayError) {
    const { what, why, next } = error.text;
    return document([heading, "", ...codeBlock([what, `why:  ${why}`, `next: ${next}`])]);
  }
  const message = error instanceof Error ? error.message : String(error);
  const unforeseen = "Slipway failed in a way it did not foresee";
  return document([heading, "", ...codeBlock([unforeseen, `why:  ${message}`])]);
}

function deploySummary(
  command: "deploy" | "rollback",
  result: DeployResult,
  place: SummaryPlace,
): readonly string[] {
  const where = inlineCode(place.environment);
  const { plan } = result;
  switch (result.kind) {
    case "nothing-to-do":
      return [`### Nothing to do in ${where}`, "", unchanged(command, plan)];
    case "declined":
      return [`### ${noun(command)} of ${where} declined`, "", "Nothing was written."];
    case "refused":
      return [
        `### ${noun(command)} of ${where} refused`,
        ...refusals(plan.violations),
        "",
        "Nothing was written.",
      ];
    case "released":
      return [
        `### Released to ${where} in ${seconds(result.seconds)}`,
        "",
        origin(result.release),
        ...totals(plan),
        ...pages(plan, place),
        ...receipts(result.invalidations),
      ];
    case "partial":
      return [
        `### ${noun(command)} of ${where} not completed`,
        ...fates(result.outcomes),
        ...totals(plan),
        ...receipts(result.invalidations),
        "",
        "Run the job again: it continues where this one stopped.",
      ];
  }
}

function origin(release: Extract<DeployResult, { kind: "released" }>["release"]): string {
  const { commit, author } = release.provenance;
  const parts = [
    `Release ${inlineCode(release.id)}`,
    ...(release.rollbackTo === undefined ? [] : [`back to ${inlineCode(release.rollbackTo)}`]),
    ...(commit === undefined ? [] : [`from commit ${inlineCode(commit.slice(0, 10))}`]),
    ...(author === undefined ? [] : [`by ${inlineCode(author)}`]),
  ];
  return parts.join(" ");
}

function unchanged(command: "deploy" | "rollback", plan: Plan): string {
  const wanted = command === "deploy" ? "what was built" : "what that release held";
  return `What is live is ${wanted}: ${count(plan.totals.unchanged, "file")}.`;
}

function totals({ totals: all }: Plan): readonly string[] {
  const { created, replaced, removed, unchanged: same } = all;
  return [
    "",
    "| New | Changed | Removed | Unchanged | To send |",
    "| --: | --: | --: | --: | --: |",
    `| ${[created, replaced, removed, same, bytes(all.bytes)].join(" | ")} |`,
  ];
}

const SIGNS = { create: "new", replace: "changed", remove: "removed" } as const;

/** What a reader would open: pages by name and address; other files are in the totals. */
function pages(plan: Plan, { url }: SummaryPlace): readonly string[] {
  const changed = plan.changes.filter((change) => roleOf(keyOf(change)) === "page");
  if (changed.length === 0) return [];
  const items = changed
    .slice(0, NAMED)
    .map((change) => `- ${pageName(change, url)} ${SIGNS[change.kind]}`);
  const fitting = withinBytes(items, LIST_BYTES).lines;
  const rest = changed.length - fitting.length;
  return ["", ...fitting, ...(rest === 0 ? [] : [`- … and ${count(rest, "more page")}`])];
}

function pageName(change: Change, url: string | undefined): string {
  const key = keyOf(change);
  const isGone = change.kind === "remove";
  return url === undefined || isGone ? inlineCode(key) : codeLink(key, pageAddress(key, url));
}

function refusals(violations: readonly Violation[]): readonly string[] {
  const shown = violations
    .slice(0, NAMED)
    .flatMap(({ rule, limit, actual, next }) => [
      `${rule}`,
      `  wanted: ${limit}`,
      `  found:  ${actual}`,
      `  next:   ${next}`,
    ]);
  const { lines } = withinBytes(shown, LIST_BYTES);
  const cut = lines.length < shown.length || violations.length > NAMED;
  return ["", ...codeBlock([...lines, ...(cut ? ["… and more; the log has all of them"] : [])])];
}

function fates(outcomes: readonly ChangeOutcome[]): readonly string[] {
  const amount = (kind: string) => outcomes.filter(({ outcome }) => outcome.kind === kind).length;
  const failures = outcomes.flatMap(({ key, outcome }) =>
    outcome.kind === "failed"
      ? [`${key}: ${outcome.error.why}\n  next: ${outcome.error.next}`]
      : [],
  );
  const { lines } = withinBytes(failures.slice(0, NAMED), LIST_BYTES);
  const rest = failures.length - lines.length;
  const shown = [...lines, ...(rest === 0 ? [] : [`… and ${rest} more`])];
  return [
    "",
    `${count(amount("done"), "change")} done, ${failures.length} failed, ${amount("not-reached")} not reached.`,
    ...(shown.length === 0 ? [] : ["", ...codeBlock(shown)]),
  ];
}

function receipts(all: readonly InvalidationReceipt[]): readonly string[] {
  return all.length === 0 ? [] : ["", ...all.map((receipt) => `- ${receiptLine(receipt)}`)];
}

function receiptLine({ id, state, invalidation }: InvalidationReceipt): string {
  const how = state === "completed" ? "completed" : "in progress at the CDN";
  return `Invalidation ${inlineCode(id)} of ${subject(invalidation)}: ${how}`;
}

function subject(invalidation: Invalidation): string {
  switch (invalidation.kind) {
    case "none":
      return "nothing";
    case "paths":
      return count(invalidation.paths.length, "path");
    case "everything":
      return "everything";
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  plan: "Plan",
  deploy: "Deploy",
  rollback: "Rollback",
  invalidate: "Invalidation",
};

function noun(command: string): string {
  return NOUNS[command] ?? command;
}

function document(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
