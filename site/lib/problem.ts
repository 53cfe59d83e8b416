/** Something an author can mend: where it is, what is wrong, what to do. */
export type Problem = {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly field?: string;
  readonly message: string;
  readonly fix?: string;
};

/** The author's mistakes that stop a build. Carries every one that was found, never only the first. */
export class SiteError extends Error {
  override readonly name = "SiteError";
  /** Read by Eleventy's own error report: a stack trace says nothing about a sentence in a file. */
  readonly skipOriginalStack = true;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
    this.problems = problems;
  }
}

/** One problem as one line for people: `file:line: field: message. Fix.` */
export function describeProblem(problem: Problem): string {
  const file = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const place = problem.field ? `${file}: ${problem.field}` : file;
  const fix = problem.fix ? ` ${problem.fix}` : "";
  return `${place}: ${problem.message}.${fix}`;
}

/** Problems in a stable order, each once: by file, then field, then message. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const byLine = new Map(problems.map((problem) => [describeProblem(problem), problem]));
  return [...byLine].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}
