import { type Assets, buildAssets, standInAssets, type TextFile } from "./assets.ts";
import { openCaches } from "./caches.ts";
import { judgeSite } from "./checks/judge-site.ts";
import { createPageReader, isPage } from "./checks/page-reader.ts";
import { isForInside, isInside } from "./inside.ts";
import type { KeptSite } from "./kept-site.ts";
import { createMedia, type FinishedMedia } from "./media.ts";
import { replaceSite } from "./output.ts";
import { styleHash, withStyles } from "./page-styles.ts";
import { PREVIEW_MARK, withoutIndexing } from "./preview.ts";
import { isMistake, type Problem, SiteError, sortProblems } from "./problem.ts";
import { ASSETS, type RenderedPage, renderSite } from "./render.ts";
import { RULES, readRules } from "./rule-files.ts";
import type { Settings, Withheld } from "./settings.ts";

/** What a build did. */
export type BuildReport = {
  readonly pages: number;
  readonly files: number;
  readonly bytes: number;
  /** Files that had to be made, because no build before this one made them. */
  readonly made: FinishedMedia["made"];
  readonly withheld: readonly Withheld[];
  /** The addresses of the site that people keep: of pages, feeds and downloads. */
  readonly lasting: readonly string[];
  /** What the site can be published with, and is better without. */
  readonly warnings: readonly Problem[];
};

export type SiteOptions = {
  readonly output: string;
  readonly now: Date;
  /** `preview`: with drafts and later posts, and marked as such. */
  readonly mode: "build" | "preview";
  readonly notice: (text: string) => void;
};

/** The build before this one: what has not changed since is not written again. `inputs` name this one. */
export type Before = {
  readonly kept: KeptSite<BuildReport>;
  readonly inputs: string | undefined;
};

/**
 * Builds the whole site into `output`. Everything is rendered and checked in memory first; only a
 * site without a problem replaces the one before. Throws a SiteError with what the author must mend.
 */
export async function buildSite(options: SiteOptions & Before): Promise<BuildReport> {
  const [built, written] = await Promise.all([tryAssets(), readRules(RULES)]);
  const { assets } = built;
  const caches = openCaches(options.notice);
  const settings: Settings = {
    mode: options.mode,
    now: options.now,
    loadAssets: async () => assets,
    caches,
    media: createMedia("build"),
    problems: [...built.problems],
    withheld: [],
    aliases: new Map(),
    markdown: new Map(),
    leftOut: new Set(),
  };
  const rendered = await renderSite(settings);
  const media = await settings.media.finish();
  const readPages = createPageReader(caches.open("pages"));
  const isPreview = options.mode === "preview";
  const verdict = judgeSite({
    rendered,
    assets,
    media,
    written: isPreview ? withoutIndexing(written) : written,
    settings,
    readPages,
  });
  const problems = sortProblems(verdict.problems);
  if (problems.some(isMistake)) throw new SiteError(problems);
  const published = rendered.filter((page) => isPreview || !isInside(page));
  const { kept } = options;
  const stylesId = styleHash([...assets.styles].flat().join("\n"));
  const files = inOrder([
    ...published
      .map((page): TextFile => toFile(page, { stylesId, styles: assets.styles }))
      .map((file) => kept.find(file) ?? file),
    ...assets.files,
    ...media.files.filter((file) => isPreview || !isForInside(file)),
    ...verdict.rules.files,
    ...(isPreview ? [PREVIEW_MARK] : []),
  ]);
  const bytes = await replaceSite(options.output, files);
  caches.prune();
  const report: BuildReport = {
    pages: published.filter(isPage).length,
    files: files.length,
    bytes,
    made: media.made,
    warnings: problems,
    lasting: verdict.lasting,
    withheld: [...settings.withheld].sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
  kept.keep({ inputs: options.inputs, output: options.output, files, report });
  return report;
}

/** Without its assets a site is not published, and its pages are checked all the same. */
async function tryAssets(): Promise<{ assets: Assets; problems: readonly Problem[] }> {
  try {
    return { assets: await buildAssets(ASSETS), problems: [] };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { assets: await standInAssets(ASSETS), problems: error.problems };
  }
}

function toFile(
  { path, content, id }: RenderedPage,
  { stylesId, styles }: { readonly stylesId: string; readonly styles: Assets["styles"] },
): TextFile {
  return { path, id: stylesId + id, text: () => withStyles(content, styles) };
}

function inOrder<File extends { readonly path: string }>(files: readonly File[]): readonly File[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
