import site from "../_data/site.ts";
import { buildAssets, type OutputFile } from "./assets.ts";
import { listedUrls } from "./feed.ts";
import { checkLinks } from "./links.ts";
import { assertReplaceable, replaceSite } from "./output.ts";
import { readPage } from "./page-facts.ts";
import { checkPages } from "./page-rules.ts";
import { type Problem, SiteError, sortProblems } from "./problem.ts";
import { ASSETS, markdownProblems, type RenderedPage, renderSite } from "./render.ts";
import { makeRuleFiles, RULES, readRules } from "./rule-files.ts";
import type { Settings, Withheld } from "./settings.ts";

/** What a build did. */
export type BuildReport = {
  readonly pages: number;
  readonly files: number;
  readonly bytes: number;
  readonly withheld: readonly Withheld[];
};

/**
 * Builds the whole site into `output`. Everything is rendered and checked in memory first; only a
 * site without a problem replaces the one before. Throws a SiteError with what the author must mend.
 */
export async function buildSite(options: {
  readonly output: string;
  readonly now: Date;
  readonly notice: (text: string) => void;
}): Promise<BuildReport> {
  await assertReplaceable(options.output);
  const [assets, written] = await Promise.all([buildAssets(ASSETS), readRules(RULES)]);
  const settings: Settings = {
    mode: "build",
    now: options.now,
    loadAssets: async () => assets,
    notice: options.notice,
    problems: [],
    withheld: [],
    aliases: new Map(),
    markdown: new Map(),
  };
  const rendered = await renderSite(settings);
  const { aliases, withheld } = settings;
  const rules = makeRuleFiles({ rendered, assets: assets.files, aliases, written });
  const files = inOrder([...rendered.map(toFile), ...assets.files, ...rules.files]);
  const problems = sortProblems([
    ...settings.problems,
    ...markdownProblems(settings),
    ...rules.problems,
    ...checkSite(withoutThoseOf(settings.problems, rendered), files),
  ]);
  if (problems.length > 0) throw new SiteError(problems);
  await replaceSite(options.output, files);
  return {
    pages: rendered.filter(isPage).length,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes.byteLength, 0),
    withheld: [...withheld].sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

/** Every broken link and every broken page rule of a finished site, named by source and page. */
export function checkSite(
  rendered: readonly RenderedPage[],
  files: readonly Pick<OutputFile, "path">[],
): readonly Problem[] {
  const pages = rendered.filter(isPage).map(({ path, content }) => readPage(path, content));
  const listings = rendered.filter(({ path }) => path.endsWith(".xml"));
  const problems = [
    ...checkPages(pages, site.url),
    ...checkLinks({
      origin: site.url,
      paths: new Set(files.map(({ path }) => path)),
      pages,
      listed: new Map(listings.map(({ path, content }) => [path, listedUrls(content)])),
    }),
  ];
  const sources = new Map(rendered.map(({ path, source }) => [path, source]));
  return sortProblems(
    problems.map((problem) => ({
      ...problem,
      file: `${sources.get(problem.file)} (page ${problem.file})`,
    })),
  );
}

/** What is wrong on a page whose front matter is wrong is often only a consequence of it. */
function withoutThoseOf(problems: readonly Problem[], rendered: readonly RenderedPage[]) {
  const files = new Set(problems.map(({ file }) => file));
  return rendered.filter(({ source }) => !files.has(source));
}

function isPage({ path }: RenderedPage): boolean {
  return path.endsWith(".html");
}

function toFile({ path, content }: RenderedPage): OutputFile {
  return { path, bytes: new TextEncoder().encode(content) };
}

function inOrder(files: readonly OutputFile[]): readonly OutputFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
