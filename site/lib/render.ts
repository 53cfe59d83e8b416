import Eleventy, { type RenderedTemplate } from "@11ty/eleventy";
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
 * Renders every template in memory, in the order of their paths. Writes nothing. Throws a SiteError
 * with every problem found when the author has to mend something.
 */
export async function renderSite(settings: Settings): Promise<readonly RenderedPage[]> {
  const eleventy = new Eleventy(CONTENT, OUTPUT, {
    configPath: CONFIG,
    quietMode: true,
    runMode: "build",
    config: (eleventyConfig) => provideSettings(eleventyConfig, settings),
  });
  try {
    await eleventy.init();
    eleventy.disableLogger();
    const templates = await eleventy.toJSON();
    if (settings.problems.length > 0) throw new SiteError([]);
    return templates.flatMap(toPage).sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (error) {
    // What fails after a wrong front matter is only its consequence.
    if (settings.problems.length > 0) throw new SiteError(sortProblems(settings.problems));
    throw asSiteError(error);
  }
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

function toPage(template: RenderedTemplate): readonly RenderedPage[] {
  if (template.outputPath === false) return [];
  return [
    {
      path: template.outputPath.replace(/^\.\//, "").slice(OUTPUT.length + 1),
      source: template.inputPath.replace(/^\.\//, ""),
      content: template.content,
    },
  ];
}
