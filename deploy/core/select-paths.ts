import picomatch from "picomatch";
import { findPathProblem, formsOf, invalidationPath, pathsOf } from "./invalidation.ts";
import type { ObjectKey, UrlPath } from "./keys.ts";
import { isWildcard } from "./path-tree.ts";

/** What an operator's words select, and what is wrong with them, each as a sentence of its own. */
export type Selection = {
  readonly paths: readonly UrlPath[];
  readonly problems: readonly string[];
};

/**
 * The paths that an operator means, against what is live:
 *
 * - a path is itself; a page is both its forms, `/a/` and `/a/index.html`, however it was named, and
 *   `/a` too where an object of that name is live;
 * - a path that ends with one `*` is the CDN's own wildcard, and stays;
 * - anything else with a `*`, `[` or `{` is a glob over the live URLs. Without a slash it is about the
 *   name alone, in any folder. One that matches nothing is a problem.
 */
export function selectPaths(typed: readonly string[], live: readonly ObjectKey[]): Selection {
  const keys = new Set<string>(live);
  const forms = new Set(live.flatMap(formsOf));
  const paths: UrlPath[] = [];
  const problems: string[] = [];
  for (const text of typed) {
    if (isGlob(text) && !keys.has(text.slice(1))) {
      const found = live.filter(matcherOf(text));
      if (found.length === 0) problems.push(`${named(text)} matches nothing that is live`);
      for (const key of found) paths.push(...pathsOf(key));
      continue;
    }
    const problem = findUrlProblem(text, keys) ?? findPathProblem(text);
    if (problem === undefined) paths.push(...spellingsOf(invalidationPath(text), forms));
    else problems.push(`${named(text)} ${problem}`);
  }
  return { paths: [...new Set(paths)], problems };
}

/** What a person may copy from a browser that is no part of the path; the CDN would take it, and forget nothing. */
function findUrlProblem(text: string, keys: ReadonlySet<string>): string | undefined {
  if (/^https?:\/\//i.test(text)) return "is a full address: leave its host away";
  if (keys.has(text.slice(1))) return undefined;
  const [sign] = /[?#]/.exec(text) ?? [];
  switch (sign) {
    case "?":
      return "has a query, which the CDN does not cache by: leave it away, or write %3F for a ? in a name";
    case "#":
      return "has a fragment, which no browser sends: leave it away, or write %23 for a # in a name";
    default:
      return undefined;
  }
}

/** Characters of a typed path that an error repeats. */
const NAMED = 100;

function named(text: string): string {
  return JSON.stringify(text.length > NAMED ? `${text.slice(0, NAMED)}…` : text);
}

/** Whether what was typed has to be compared with what is live. */
function isGlob(text: string): boolean {
  const rest = /^\/.*[^*]\*$|^\/\*$/.test(text) ? text.slice(0, -1) : text;
  return /[*[{]/.test(rest);
}

/** Globs are about names as people read them, so nothing is encoded yet. */
function matcherOf(glob: string): (key: ObjectKey) => boolean {
  const isAboutNames = !glob.includes("/");
  const pattern = isAboutNames || glob.startsWith("/") ? glob : `/${glob}`;
  const matches = picomatch(pattern, { dot: true, nonegate: true, basename: isAboutNames });
  return (key) => matches(`/${key}`) || matches(`/${key.replace(/(^|\/)index\.html$/, "$1")}`);
}

/** The path, and what else the same page is called. */
function spellingsOf(path: UrlPath, live: ReadonlySet<UrlPath>): readonly UrlPath[] {
  if (isWildcard(path)) return [path];
  const folder = path.replace(/\/(?:index\.html)?$/, "");
  const page = `${folder}/` as UrlPath;
  const names: UrlPath[] = [path];
  if (folder !== path || live.has(page)) names.push(page, `${page}index.html` as UrlPath);
  if (live.has(folder as UrlPath)) names.push(folder as UrlPath);
  return names;
}
