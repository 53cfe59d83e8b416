import { relative, resolve } from "node:path";
import { type Problem, SiteError } from "./problem.ts";

/** What Lightning CSS and esbuild put into their errors beside the message. */
type Places = {
  readonly fileName?: string;
  readonly loc?: { readonly line: number } | null;
  readonly errors?: readonly {
    readonly text: string;
    readonly location: { readonly file: string; readonly line: number } | null;
  }[];
};

/**
 * What a compiler says, as problems of the files that it names, which may be other ones than the `file` it
 * was given: a part that this one imports. Paths are seen from the project root.
 */
export function compilerError(
  error: unknown,
  { file, fix }: { readonly file: string; readonly fix: string },
): SiteError {
  const { fileName, loc, errors } = (error instanceof Error ? error : {}) as Places;
  const all = errors?.length
    ? errors.map(({ text, location }) => ({ text, place: location ?? { file } }))
    : [
        {
          text: String(error instanceof Error ? error.message : error),
          place: placeOf(fileName, loc),
        },
      ];
  return new SiteError(
    all.map(({ text, place }): Problem => {
      const message = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
      const named = place ?? { file };
      return { ...named, file: fromRoot(named.file), message, fix };
    }),
  );
}

function placeOf(file: string | undefined, loc: Places["loc"]) {
  if (file === undefined) return undefined;
  return loc ? { file, line: loc.line } : { file };
}

function fromRoot(file: string): string {
  return relative(process.cwd(), resolve(file)).replaceAll("\\", "/");
}
