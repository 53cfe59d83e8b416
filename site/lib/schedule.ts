import type { BuildReport } from "./build-site.ts";
import type { Withheld } from "./settings.ts";

/** The first day on which a build would publish more, and the articles of that day. */
export type NextDay = { readonly day: string; readonly files: readonly string[] };

/** What waits for a day, the nearest first. Drafts wait for a person. Undefined when nothing does. */
export function nextDayOf(withheld: readonly Withheld[]): NextDay | undefined {
  const days = withheld.filter(({ status }) => status === "scheduled").map(({ day }) => day);
  const [day] = days.sort();
  if (day === undefined) return undefined;
  const files = withheld.filter((post) => post.status === "scheduled" && post.day === day);
  return { day, files: files.map(({ file }) => file).sort() };
}

/**
 * A build for machines, as one JSON document: what it wrote, as of which day, what it left out, and `next`,
 * the day on which building again publishes more (null when nothing waits). `version` grows when a field
 * goes away or changes its meaning.
 */
export function reportText(report: BuildReport, output: string, today: string): string {
  const { pages, files, bytes, withheld, warnings } = report;
  const next = nextDayOf(withheld) ?? null;
  const document = { version: 1, output, today, pages, files, bytes, next, withheld };
  return `${JSON.stringify({ ...document, warnings: warnings.length }, null, 2)}\n`;
}
