import site from "../../_data/site.ts";
import type { OutputFile } from "../assets.ts";
import { isInside } from "../inside.ts";
import type { FinishedMedia } from "../media.ts";
import type { Problem } from "../problem.ts";
import { markdownProblems, type RenderedPage } from "../render.ts";
import { makeRuleFiles, type RuleFiles, type WrittenRules } from "../rule-files.ts";
import type { Settings } from "../settings.ts";
import { checkImageFiles } from "./budgets.ts";
import { checkSite } from "./check-site.ts";
import { checkContrast } from "./contrast.ts";
import { missingPages } from "./missing-pages.ts";
import type { PageReader } from "./page-reader.ts";
import { checkSourceLinks } from "./source-links.ts";
import { readShared, readSource, readText } from "./source-texts.ts";

/** Where the design's colours are. */
const TOKENS = "site/assets/css/tokens.css";

/** What a run has made, before anything of it is written. */
export type MadeSite = {
  readonly rendered: readonly RenderedPage[];
  /** Without the rendered pages. */
  readonly assets: readonly OutputFile[];
  readonly media: FinishedMedia;
  readonly written: WrittenRules;
  readonly settings: Settings;
  readonly readPages: PageReader;
};

export type Verdict = {
  readonly rules: RuleFiles;
  /** Every mistake and every warning, in no order. */
  readonly problems: readonly Problem[];
};

/**
 * Judges a whole site: reads each page at most once, makes the rules of its edge from what the pages use, and
 * names what its authors have to mend.
 */
export function judgeSite(made: MadeSite): Verdict {
  const { rendered, assets, media, written, settings } = made;
  const pages = made.readPages(rendered);
  const inside = new Set(
    settings.mode === "build" ? rendered.filter(isInside).map(({ path }) => path) : [],
  );
  const published = pages.filter(({ path }) => !inside.has(path));
  const pagesUse = {
    uses: new Set(published.flatMap(({ uses }) => uses)),
    styleHashes: new Set(published.flatMap(({ styleHashes }) => styleHashes)),
  };
  const { aliases, markdown } = settings;
  const rules = makeRuleFiles({
    rendered,
    pagesUse,
    assets,
    media: media.files,
    aliases,
    written,
  });
  const faults = checkSite({
    origin: site.url,
    titleEnd: ` – ${site.name}`,
    rendered,
    pages,
    assets,
    paths: new Set(
      [...rendered, ...assets, ...media.files, ...media.missing].map(({ path }) => path),
    ),
    missing: missingPages(settings),
    inside,
    sourceOf: (file) => readSource(file, markdown),
    readShared,
  });
  const texts = [
    ...settings.problems,
    ...markdownProblems(settings),
    ...checkSourceLinks(markdown, rendered),
    ...checkImageFiles(assets),
    ...checkContrast(TOKENS, readText(TOKENS)),
  ];
  return { rules, problems: [...texts, ...media.problems, ...rules.problems, ...faults] };
}
