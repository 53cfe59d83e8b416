import { annotationOfError, annotationsOf, withoutCommands } from "../cli/annotations.ts";
import type { CommandResult } from "../cli/render-json.ts";
import { renderFailureSummary, renderSummary, type SummaryPlace } from "../cli/render-summary.ts";
import { appendStepSummary } from "../local/step-summary.ts";

/** What the process that runs us is told besides the lines: outside of GitHub Actions nothing. */
export type Pipeline = {
  /** What a person reads, as it may be written into the log of a run. */
  plain(text: string): string;
  tellResult(done: CommandResult, place: SummaryPlace): Promise<void>;
  tellFailure(command: string, error: unknown, place: SummaryPlace): Promise<void>;
};

export type PipelineSurroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard error: standard output may hold a JSON document, and the runner reads both. */
  readonly stderr: { write(text: string): unknown };
};

const OUTSIDE: Pipeline = {
  plain: (text) => text,
  tellResult: async () => {},
  tellFailure: async () => {},
};

/** Commands whose end, good or bad, has a place on the page of a run. */
const SUMMARIZED: ReadonlySet<string> = new Set(["plan", "deploy", "rollback", "invalidate"]);

/** Finds out from the environment who runs us. Telling never throws and never changes an exit code. */
export function createPipeline({ env, stderr }: PipelineSurroundings): Pipeline {
  if (env.GITHUB_ACTIONS !== "true") return OUTSIDE;
  const annotate = (lines: readonly string[]) =>
    stderr.write(lines.map((line) => `${line}\n`).join(""));
  const summarize = async (markdown: string | undefined) => {
    const file = env.GITHUB_STEP_SUMMARY;
    if (markdown === undefined || file === undefined || file === "") return;
    const problem = await appendStepSummary(file, markdown).then(
      (added) => (added ? undefined : "it is over GitHub's limit already"),
      (error: unknown) => String(error),
    );
    if (problem !== undefined) stderr.write(withoutCommands(`No step summary: ${problem}\n`));
  };
  return {
    plain: withoutCommands,
    async tellResult(done, place) {
      annotate(annotationsOf(done));
      await summarize(renderSummary(done, place));
    },
    async tellFailure(command, error, place) {
      annotate([annotationOfError(error)]);
      if (SUMMARIZED.has(command)) await summarize(renderFailureSummary(command, error, place));
    },
  };
}

/** Whether a CI system runs us: it keeps a log, also where it gives us a terminal. */
export function isPipeline(env: PipelineSurroundings["env"]): boolean {
  const { CI } = env;
  return CI !== undefined && CI !== "" && CI !== "false" && CI !== "0";
}
