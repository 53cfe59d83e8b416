import { type Change, keyOf } from "../core/change.ts";
import type { Violation } from "../core/guards.ts";
import type { Invalidation } from "../core/invalidation.ts";
import { type ObjectKey, urlPath } from "../core/keys.ts";
import type { Notice } from "../core/notices.ts";
import { bytesToSend, isEmpty, type Plan } from "../core/plan.ts";
import type { PlanResult } from "../core/results.ts";
import { roleOf } from "../core/source.ts";
import { codeBlock, codeLink, inlineCode, withinBytes } from "./markdown.ts";
import { pageAddress } from "./page-address.ts";
import { renderCauses } from "./render-causes.ts";
import { bytes, count } from "./words.ts";

/** Pages listed in sight; the rest can be opened. */
const IN_SIGHT = 30;
/** A comment on GitHub has at most 65,536 characters. What follows stays below 60,000 in sum. */
const PAGES_BYTES = 26_000;
const REMOVED_BYTES = 12_000;
const FILES_BYTES = 12_000;
const VIOLATIONS_BYTES = 5000;
const NOTICES_BYTES = 3000;

/**
 * A plan as a comment for a pull request, in GitHub's Markdown. File names and page text are only ever
 * shown as code, so nothing in them becomes a link, a mention or HTML.
 */
export function renderPlanMarkdown(result: PlanResult, environment: string): string {
  const { plan } = result;
  const lines = [
    `### ${title(plan)} (${inlineCode(environment)})`,
    ...violationLines(plan.violations),
    ...warnings(result),
    ...(plan.changes.length === 0 ? [] : changeLines(result)),
    ...plan.notices.flatMap(noticeLines),
    "",
    footer(plan),
  ];
  return `${lines.join("\n")}\n`;
}

function title(plan: Plan): string {
  const { created, replaced, removed, unchanged } = plan.totals;
  if (plan.violations.length > 0) return "Slipway: this plan is refused";
  if (isEmpty(plan)) return `Slipway: nothing to do, ${count(unchanged, "file")} unchanged`;
  return `Slipway: ${created} new, ${replaced} changed, ${removed} removed`;
}

function violationLines(violations: readonly Violation[]): readonly string[] {
  if (violations.length === 0) return [];
  const lines = violations.flatMap(({ rule, limit, actual, next }) => [
    rule,
    `  wanted: ${limit}`,
    `  found:  ${actual}`,
    `  next:   ${next}`,
  ]);
  const { lines: shown, left } = withinBytes(lines, VIOLATIONS_BYTES);
  return ["", ...codeBlock([...shown, ...(left === 0 ? [] : ["… and more"])])];
}

function warnings({ plan, deploying }: PlanResult): readonly string[] {
  return [
    ...(deploying === undefined
      ? []
      : ["", `${inlineCode(deploying.owner)} deploys right now: the plan may be out of date.`]),
    ...(plan.unfinished === undefined
      ? []
      : ["", `Finishes the deploy ${inlineCode(plan.unfinished.release)}, which broke off.`]),
  ];
}

/** URLs that are gone are listed anyway. */
function noticeLines(notice: Notice): readonly string[] {
  switch (notice.kind) {
    case "removed-urls":
      return [];
    case "broken-links": {
      const items = notice.links.map(
        ({ path, from }) => `- ${inlineCode(path)} (on ${inlineCode(from)})`,
      );
      const { lines, left } = withinBytes(items, NOTICES_BYTES);
      const rest = left === 0 ? [] : [`- … and ${left} more`];
      return ["", "**Links to nothing in the site**", "", ...lines, ...rest];
    }
    case "edge-rules": {
      const { lines, left } = withinBytes(
        notice.rules.map((rule) => `- ${inlineCode(rule)}`),
        NOTICES_BYTES,
      );
      const rest = left === 0 ? [] : [`- … and ${left} more`];
      return ["", "**Edge rules worth a look**", "", ...lines, ...rest];
    }
  }
}

function changeLines({ plan, causes, url }: PlanResult): readonly string[] {
  const written = plan.changes.filter((change) => change.kind !== "remove");
  const removed = plan.changes.filter((change) => change.kind === "remove");
  const isPage = (change: Change) => roleOf(keyOf(change)) === "page";
  return [
    "",
    ...table(plan),
    ...(causes === undefined ? [] : ["", `${renderCauses(causes, inlineCode)}.`]),
    ...pageList(written.filter(isPage), url),
    ...removedList(removed),
    ...fileList(written.filter((change) => !isPage(change))),
    "",
    forgetting(plan),
  ];
}

const KINDS = { create: "New", replace: "Changed", remove: "Removed" } as const;

function table(plan: Plan): readonly string[] {
  const rows = (["create", "replace", "remove"] as const).map((kind) => {
    const changes = plan.changes.filter((change) => change.kind === kind);
    const pages = changes.filter((change) => roleOf(keyOf(change)) === "page").length;
    const sent = changes.reduce((sum, change) => sum + bytesToSend(change), 0);
    return `| ${KINDS[kind]} | ${pages} | ${changes.length - pages} | ${bytes(sent)} |`;
  });
  return [
    "| | Pages | Other files | To send |",
    "| :-- | --: | --: | --: |",
    ...rows,
    `| Unchanged | | ${plan.totals.unchanged} in all | |`,
  ];
}

function pageList(pages: readonly Change[], url: string | undefined): readonly string[] {
  if (pages.length === 0) return [];
  const items = pages.map((change) => `- ${pageName(change, url)}${note(change)}`);
  const { lines, left } = withinBytes(items, PAGES_BYTES);
  const hidden = lines.slice(IN_SIGHT);
  return [
    "",
    "**Pages**",
    "",
    ...lines.slice(0, IN_SIGHT),
    ...details(count(hidden.length + left, "more page"), hidden, left),
  ];
}

function pageName(change: Change, url: string | undefined): string {
  const key = keyOf(change);
  return url === undefined ? inlineCode(key) : codeLink(key, pageAddress(key, url));
}

function note(change: Change): string {
  if (change.kind === "create") return " (new)";
  return change.kind === "replace" && change.reason !== "content" ? ` (${change.reason})` : "";
}

function removedList(removed: readonly Change[]): readonly string[] {
  if (removed.length === 0) return [];
  const items = removed.map((change) => `- ${inlineCode(removedUrl(keyOf(change)))}`);
  const { lines, left } = withinBytes(items, REMOVED_BYTES);
  const hidden = lines.slice(IN_SIGHT);
  return [
    "",
    "**Removed URLs**",
    "",
    ...lines.slice(0, IN_SIGHT),
    ...details(`${hidden.length + left} more`, hidden, left),
  ];
}

function removedUrl(key: ObjectKey): string {
  return urlPath(key).replace(/\/index\.html$/, "/");
}

function fileList(files: readonly Change[]): readonly string[] {
  if (files.length === 0) return [];
  const items = files.map((change) => `- ${inlineCode(keyOf(change))}${note(change)}`);
  const { lines, left } = withinBytes(items, FILES_BYTES);
  return details(count(files.length, "other file"), lines, left);
}

/** GitHub renders Markdown inside HTML only after an empty line. */
function details(summary: string, items: readonly string[], left: number): readonly string[] {
  if (items.length + left === 0) return [];
  const rest = left === 0 ? [] : [`- … and ${left} more`];
  return ["", `<details><summary>${summary}</summary>`, "", ...items, ...rest, "", "</details>"];
}

function forgetting({ invalidation, edge }: Plan): string {
  const { afterWrites, afterRemovals } = invalidation;
  const parts = [describe(afterWrites), describe(afterRemovals)].filter((part) => part !== "");
  const rules = edge === undefined ? "" : "Publishes the edge rules. ";
  return `${rules}Invalidates ${parts.join(", then ") || "nothing"}.`;
}

function describe(invalidation: Invalidation): string {
  switch (invalidation.kind) {
    case "none":
      return "";
    case "paths":
      return count(invalidation.paths.length, "path");
    case "everything":
      return `everything: ${invalidation.because}`;
  }
}

function footer({ id, base }: Plan): string {
  const against = base.kind === "none" ? "an empty bucket" : `release ${inlineCode(base.release)}`;
  return `Plan ${inlineCode(id.slice(0, 8))} against ${against}.`;
}
