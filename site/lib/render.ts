import { createHash } from "node:crypto";
import Eleventy, { type RenderedTemplate } from "@11ty/eleventy";
import { openCode } from "../code.js";
import { checkContent } from "./checks/content-check.ts";
import { readContentFiles } from "./checks/content-files.ts";
import { readText } from "./checks/source-texts.ts";
import { explainTemplateError, type TemplateError } from "./checks/template-error.ts";
import { createLayouts, type Layouts, namedAsWritten } from "./layouts.ts";
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
  /** Two contents of one id are the same. */
  readonly id: string;
};

const OUTPUT = "_site";

/** A site with more broken templates than this is mended in two runs. */
const MOST_ROUNDS = 10;

/**
 * Checks all content, and renders every template in memory, in the order of their paths. Writes nothing.
 * What authors have to mend is in the settings afterwards. A page that cannot be made is left out, and so is
 * what fails in a layout, and the rest rendered again: the mistakes of others are found in the same run.
 * Throws a SiteError with all that is known when there is no going on.
 */
export async function renderSite(settings: Settings): Promise<readonly RenderedPage[]> {
  checkAll(settings);
  const layouts = createLayouts();
  try {
    for (let round = 1; ; round += 1) {
      const result = await renderOnce({ ...settings, ...layouts.place() });
      if (result.kind === "pages") return result.pages;
      settings.problems.push(...result.error.problems);
      if (!leaveOut(result.error, settings, layouts) || round === MOST_ROUNDS) {
        throw new SiteError(sortProblems([...settings.problems, ...markdownProblems(settings)]));
      }
    }
  } finally {
    layouts.remove();
  }
}

/** Takes what failed out of the next round. False where that is no page and no expression of a layout. */
function leaveOut(error: TemplateError, settings: Settings, layouts: Layouts): boolean {
  const { pages, expression } = error;
  const isNew = pages.every((page) => !settings.leftOut.has(page));
  for (const page of pages) settings.leftOut.add(page);
  if (pages.length > 0) return isNew;
  return expression !== undefined && layouts.leaveOut(expression);
}

function checkAll({ mode, problems, leftOut, aliases }: Settings): void {
  const drafts = mode === "build" ? "held-back" : "shown";
  const found = checkContent(readContentFiles(CONTENT), { drafts });
  problems.push(...found.problems);
  for (const file of found.leftOut) leftOut.add(file);
  for (const [file, old] of found.aliases) aliases.set(file, old);
}

type Rendering =
  | { readonly kind: "pages"; readonly pages: readonly RenderedPage[] }
  | { readonly kind: "failed"; readonly error: TemplateError };

async function renderOnce(settings: Settings): Promise<Rendering> {
  settings.withheld.length = 0;
  const eleventy = new Eleventy(CONTENT, OUTPUT, {
    configPath: (await openCode()).pathOf(CONFIG),
    quietMode: true,
    runMode: "build",
    config: (eleventyConfig) => provideSettings(eleventyConfig, settings),
  });
  try {
    await eleventy.init();
    eleventy.disableLogger();
    return { kind: "pages", pages: toPages(await eleventy.toJSON(), OUTPUT) };
  } catch (error) {
    return { kind: "failed", error: templateErrorOf(error) };
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
      return [{ path, source: withoutDot(inputPath), content, id: contentId(content) }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What `id` of a rendered page is. Worked out once: everything that keeps work by content asks for it. */
export function contentId(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Eleventy's chain of errors as problems that name files; our own problems stay as they are. */
export function asSiteError(error: unknown): SiteError {
  return new SiteError(templateErrorOf(error).problems);
}

function templateErrorOf(error: unknown): TemplateError {
  const chain = chainOf(error);
  const own = chain.find((link) => link instanceof SiteError);
  if (own instanceof SiteError) return { problems: own.problems, pages: [] };
  const messages = chain.map((link) => clean(link.message));
  if (messages.length === 0) throw error;
  return explainTemplateError(messages, readText);
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

function clean(message: string): string {
  return namedAsWritten(message.replace(/\s+/g, " ")).replaceAll(`${process.cwd()}/`, "").trim();
}

function withoutDot(path: string): string {
  return path.replace(/^\.\//, "");
}
