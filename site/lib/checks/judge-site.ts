import site from "../../_data/site.ts";
import type { Assets } from "../assets.ts";
import { isInside } from "../inside.ts";
import { INCLUDES } from "../layouts.ts";
import type { FinishedMedia } from "../media.ts";
import { styleHash } from "../page-styles.ts";
import type { Problem } from "../problem.ts";
import { markdownProblems, type RenderedPage } from "../render.ts";
import { makeRuleFiles, type PagesUse, type RuleFiles, type WrittenRules } from "../rule-files.ts";
import type { Settings } from "../settings.ts";
import { checkImageFiles, checkStyles } from "./budgets.ts";
import { checkSite } from "./check-site.ts";
import { checkContrast } from "./contrast.ts";
import { checkFileNames, listNamedFiles } from "./file-names.ts";
import { urlPath } from "./links.ts";
import { missingPages } from "./missing-pages.ts";
import type { PageFacts } from "./page-facts.ts";
import type { PageReader } from "./page-reader.ts";
import { usesOfStyle } from "./page-uses.ts";
import { checkPostLengths } from "./post-length.ts";
import { checkPublished, lastingUrls, PUBLISHED_URLS } from "./published-urls.ts";
import { checkSourceLinks } from "./source-links.ts";
import { readShared, readSource, readText } from "./source-texts.ts";

/** Where the design's colours are. */
const TOKENS = "site/assets/css/tokens.css";

/** What a run has made, before anything of it is written. */
export type MadeSite = {
  readonly rendered: readonly RenderedPage[];
  readonly assets: Pick<Assets, "files" | "styles" | "urls">;
  readonly media: FinishedMedia;
  readonly written: WrittenRules;
  readonly settings: Settings;
  readonly readPages: PageReader;
};

export type Verdict = {
  readonly rules: RuleFiles;
  /** The addresses of the site that people keep: of pages, feeds and downloads. */
  readonly lasting: readonly string[];
  /** Every mistake and every warning, in no order. */
  readonly problems: readonly Problem[];
};

/**
 * Judges a whole site: reads each page at most once, makes the rules of its edge from what the pages use, and
 * names what its authors have to mend.
 */
export function judgeSite(made: MadeSite): Verdict {
  const { rendered, assets, media, written, settings } = made;
  const pages = made.readPages(rendered, assets.styles);
  const inside = new Set(
    settings.mode === "build" ? rendered.filter(isInside).map(({ path }) => path) : [],
  );
  const published = pages.filter(({ path }) => !inside.has(path));
  const { aliases, markdown } = settings;
  const missing = missingPages(settings);
  const rules = makeRuleFiles({
    rendered,
    pagesUse: usesOf(published, assets.styles),
    assets: assets.files,
    media: media.files,
    aliases,
    missing,
    written,
  });
  const faults = checkSite({
    origin: site.url,
    titleEnd: ` – ${site.name}`,
    rendered,
    pages,
    assets: assets.files,
    paths: new Set(
      [...rendered, ...assets.files, ...media.files, ...media.missing].map(({ path }) => path),
    ),
    missing,
    inside,
    isPatched: settings.problems.some(({ file }) => file.startsWith(`${INCLUDES}/`)),
    sourceOf: (file) => readSource(file, markdown),
    readShared,
  });
  const addresses = [...rendered, ...assets.files, ...media.files]
    .filter(({ path }) => !inside.has(path))
    .map(({ path }) => urlPath(path));
  const texts = [
    ...settings.problems,
    ...markdownProblems(settings),
    ...checkSourceLinks(markdown, rendered),
    ...checkPostLengths(markdown),
    ...checkImageFiles(assets.files),
    ...checkStyles(assets.styles),
    ...checkFileNames(listNamedFiles(), madePaths(made)),
    ...checkContrast(TOKENS, readText(TOKENS)),
    ...checkPublished({
      list: readText(PUBLISHED_URLS),
      addresses,
      rules: rules.redirects,
      missing,
      isPartial: settings.leftOut.size > 0,
    }),
  ];
  return {
    rules,
    lasting: lastingUrls(addresses),
    problems: [...texts, ...media.problems, ...rules.problems, ...faults],
  };
}

/** The places of what is made of other files. */
function madePaths({ rendered, media, assets }: MadeSite): readonly string[] {
  const modules = new Set(assets.urls.values());
  return [
    ...[...rendered, ...media.files].map(({ path }) => path),
    ...assets.files.map(({ path }) => path).filter((path) => modules.has(`/${path}`)),
  ];
}

/** What pages use, of their own accord and by the stylesheets that they carry. */
function usesOf(pages: readonly PageFacts[], styles: Assets["styles"]): PagesUse {
  const carried = new Set(pages.flatMap((page) => page.styles));
  const texts = [...carried].flatMap((name) => styles.get(name) ?? []);
  return {
    uses: new Set([...pages.flatMap(({ uses }) => uses), ...texts.flatMap(usesOfStyle)]),
    styleHashes: new Set([
      ...pages.flatMap(({ styleHashes }) => styleHashes),
      ...texts.map(styleHash),
    ]),
  };
}
