/** The site's TypeScript as it was on disk when it was opened. */
export type Code = {
  /** The path of a module that is this file of the site, in JavaScript when the caller is. */
  pathOf(file: string): string;
  /** Imports one of the site's TypeScript files. */
  load(file: string): Promise<Readonly<Record<string, unknown>>>;
};

/** The code that this run began with. */
export function openCode(): Promise<Code>;

/** Where in the site's sources an error of its translated code arose; undefined where it did not. */
export function placeOf(
  error: unknown,
): { readonly file: string; readonly line?: number } | undefined;

/** For a process that lives through changes: openCode gives the code as it is now, or rejects when that is broken. */
export function reopenCode(): void;
