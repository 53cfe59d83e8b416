import type { Problem } from "../problem.ts";

/** GitHub shows this many of a step and leaves the rest away without a word. */
const SHOWN = 10;

/**
 * Problems as GitHub Actions shows them beside the lines of a change.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotations(problems: readonly Problem[]): readonly string[] {
  return problems
    .slice(0, SHOWN)
    .map(({ level = "error", file, line, field, message, fix = "" }) => {
      const place = [`file=${property(file)}`, ...(line === undefined ? [] : [`line=${line}`])];
      const what = field === undefined ? message : `${field}: ${message}`;
      return `::${level} ${place.join(",")}::${data(`${what}. ${fix}`.trim())}`;
    });
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
