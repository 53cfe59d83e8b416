/** Imports one of the site's TypeScript files as it is on disk now. */
export function importCode(file: string): Promise<Readonly<Record<string, unknown>>>;

/** The path of a module that is this file of the site, in JavaScript when the caller is. */
export function codeOf(file: string): Promise<string>;

/** The path of a file's translation, made when there is none of the sources as they are. */
export function translated(file: string): Promise<string>;
