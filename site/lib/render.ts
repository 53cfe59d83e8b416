import Eleventy, { type RenderedTemplate } from "@11ty/eleventy";
import { codeOf } from "../code.js";
import { type Problem, SiteError, sortProblems } from "./problem.ts";
import { provideSettings, type Settings } from "./settings.ts";

/** Where the site's sources are, seen from the project root. */
export const CONTENT = "site/content";
export const CONFIG = "site/eleventy.config.ts";
export const ASSETS = "site/assets";

/** A rendered file before it is written: its place in the output, and the source it came from. */
export type RenderedPage = {
  readonly path: string;
  readonly source: string;
  readonly content: string;
};

const OUTPUT = "_site";

/**
 * Renders every template in memory, in the order of their paths. Writes nothing. What authors have to
 * mend is in the settings afterwards. Throws a SiteError with all of it, and with what stopped the
 * rendering, when not every page could be made.
 */
export async function renderSite(settings: Settings): Promise<readonly RenderedPage[]> {
  const eleventy = new Eleventy(CONTENT, OUTPUT, {
    configPath: await codeOf(CONFIG),
    quietMode: true,
    runMode: "build",
    config: (eleventyConfig) => provideSettings(eleventyConfig, settings),
  });
  try {
    await eleventy.init();
    eleventy.disableLogger();
    return toPages(await eleventy.toJSON(), OUTPUT);
  } catch (error) {
    // What fails after a wrong front matter is only its consequence.
    const cause = settings.problems.length > 0 ? settings.problems : asSiteError(error).problems;
    throw new SiteError(sortProblems([...cause, ...markdownProblems(settings)]));
  }
}

/** What is wrong in the Markdown of all content files. */
export function markdownProblems({ markdown }: Settings): readonly Problem[] {
  return [...markdown.values()].flatMap(({ problems }) => problems);
}

/** Eleventy's results as pages in the order of their paths; `output` is the folder it wrote for. */
export function toPages(
  templates: readonly RenderedTemplate[],
  output: string,
): readonly RenderedPage[] {
  return templates
    .flatMap(({ outputPath, inputPath, content }) => {
      if (outputPath === false) return [];
      const path = withoutDot(outputPath).slice(output.length + 1);
      return [{ path, source: withoutDot(inputPath), content }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Eleventy's chain of errors as one problem that names the file; our own problems stay as they are. */
export function asSiteError(error: unknown): SiteError {
  const chain = chainOf(error);
  const own = chain.find((link) => link instanceof SiteError);
  if (own instanceof SiteError) return own;
  const messages = chain.map((link) => clean(link.message));
  const last = messages.at(-1) ?? "Eleventy failed without a message";
  const file = messages.map(fileIn).find((found) => found !== undefined);
  const isFrontMatter = messages.some((message) => message.includes("front matter"));
  const problem: Problem = { file: file ?? CONTENT, message: last.replace(/\.$/, "") };
  return new SiteError([
    isFrontMatter
      ? { ...problem, field: "front matter", fix: "Mend the YAML between the two --- lines." }
      : problem,
  ]);
}

type Link = Error & { readonly originalError?: unknown };

function chainOf(error: unknown): readonly Link[] {
  const chain: Link[] = [];
  let next: unknown = error;
  while (next instanceof Error && !chain.includes(next)) {
    chain.push(next);
    next = (next as Link).originalError ?? next.cause;
  }
  return chain;
}

function fileIn(message: string): string | undefined {
  return /(?:\.\/)?(site\/[\w./-]+\.(?:md|njk|ts|css))/.exec(message)?.[1];
}

function clean(message: string): string {
  return message.replace(/\s+/g, " ").replaceAll(`${process.cwd()}/`, "").trim();
}

function withoutDot(path: string): string {
  return path.replace(/^\.\//, "");
}
