import { byReason } from "../core/doctor/check.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Violation } from "../core/guards.ts";
import type { ChangeOutcome } from "../core/results.ts";
import type { CommandResult } from "./render-json.ts";
import { count } from "./words.ts";

/**
 * What GitHub Actions shows beside a run: commands in the log, one a line.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
type Annotation = {
  readonly level: "error" | "warning";
  readonly title: string;
  readonly message: string;
};

/** GitHub shows this many errors of a step and leaves the rest away without a word. */
const SHOWN = 10;

/** What a result has to tell: refusals, and a release that was not completed. Most have nothing. */
export function annotationsOf(done: CommandResult): readonly string[] {
  switch (done.command) {
    case "plan":
      return refusals(done.result.plan.violations).map(annotation);
    case "deploy":
    case "rollback":
      if (done.result.kind === "refused")
        return refusals(done.result.plan.violations).map(annotation);
      return done.result.kind === "partial" ? [annotation(broken(done.result.outcomes))] : [];
    case "doctor":
      return byReason(done.result.checks).flatMap(problem).map(annotation);
    case "build":
    case "status":
    case "releases":
    case "unlock":
    case "invalidate":
    case "policy":
    case "domain":
    case "setup":
    case "events":
      return [];
  }
}

/** A failure: what happened in the title, why and what to do next below it. */
export function annotationOfError(error: unknown): string {
  if (error instanceof SlipwayError) {
    const { what, why, next } = error.text;
    return annotation({ level: "error", title: what, message: `${why}\nnext: ${next}` });
  }
  const message = error instanceof Error ? error.message : String(error);
  const title = "Slipway failed in a way it did not foresee";
  return annotation({ level: "error", title, message });
}

/**
 * A line of ours without the signs by which a runner knows a command, which a file's name may hold:
 * `::` where a line begins, and the older `##[` anywhere.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, "$1:\u200b").replaceAll("##[", "##\u200b[");
}

/** A red check, or one that a person should look at. */
function problem({ check, also }: ReturnType<typeof byReason>[number]): readonly Annotation[] {
  if (check.kind !== "bad" && check.kind !== "warning") return [];
  const level = check.kind === "bad" ? "error" : "warning";
  const title = `doctor: ${[check.id, ...also].join(", ")}`;
  return [{ level, title, message: `${check.found}\nnext: ${check.next}` }];
}

function refusals(violations: readonly Violation[]): readonly Annotation[] {
  const all = violations.map(
    ({ rule, limit, actual, next }): Annotation => ({
      level: "error",
      title: `Refused: ${rule}`,
      message: `wanted: ${limit}\nfound: ${actual}\nnext: ${next}`,
    }),
  );
  if (all.length <= SHOWN) return all;
  const rest = all.length - SHOWN + 1;
  const more: Annotation = {
    level: "error",
    title: `Refused: ${count(rest, "more reason")}`,
    message: "The log and the summary of this step name all of them.",
  };
  return [...all.slice(0, SHOWN - 1), more];
}

function broken(outcomes: readonly ChangeOutcome[]): Annotation {
  const of = (kind: ChangeOutcome["outcome"]["kind"]) =>
    outcomes.filter(({ outcome }) => outcome.kind === kind);
  const done = of("done").length;
  const failed = of("failed");
  const [first] = failed.flatMap(({ key, outcome }) =>
    outcome.kind === "failed" ? [`${key}: ${outcome.error.why}\nnext: ${outcome.error.next}`] : [],
  );
  const fates = `${count(done, "change")} done, ${failed.length} failed, ${of("not-reached").length} not reached.`;
  const again = "Run the job again: it continues where this one stopped.";
  return {
    // Without a single change done nothing is half-way: what stopped it is a plain failure.
    level: done > 0 ? "warning" : "error",
    title: "Not released",
    message: [fates, ...(first === undefined ? [] : [first]), again].join("\n"),
  };
}

function annotation({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
