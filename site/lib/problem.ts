/** Something an author can mend: where it is, what is wrong, what to do. */
export type Problem = {
  /** Left out for a mistake that stops the build. */
  readonly level?: "warning";
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly field?: string;
  readonly message: string;
  readonly fix?: string;
};

/** Stops a build; a warning does not. */
export function isMistake({ level }: Problem): boolean {
  return level === undefined;
}

/** The author's mistakes that stop a build. Carries every one that was found, never only the first. */
export class SiteError extends Error {
  override readonly name = "SiteError";
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

/** Problems in a stable order, each once: by file, then line, then what is said. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const byText = new Map(problems.map((problem) => [describeProblem(problem), problem]));
  return [...byText].sort(inOrder).map(([, problem]) => problem);
}

type Described = readonly [text: string, problem: Problem];

function inOrder([textA, a]: Described, [textB, b]: Described): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (textA < textB ? -1 : 1);
}
