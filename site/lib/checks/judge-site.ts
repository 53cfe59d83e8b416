import site from "../../_data/site.ts";
import type { OutputFile } from "../assets.ts";
import type { Problem } from "../problem.ts";
import { markdownProblems, type RenderedPage } from "../render.ts";
import { makeRuleFiles, type RuleFiles, type WrittenRules } from "../rule-files.ts";
import type { Settings } from "../settings.ts";
import { checkSite } from "./check-site.ts";
import { missingPages } from "./missing-pages.ts";
import { readPage } from "./page-facts.ts";
import { readShared, readSource } from "./source-texts.ts";

/** What a run has made, before anything of it is written. */
export type MadeSite = {
  readonly rendered: readonly RenderedPage[];
  /** Without the rendered pages. */
  readonly assets: readonly OutputFile[];
  readonly written: WrittenRules;
  readonly settings: Settings;
};

export type Verdict = {
  readonly rules: RuleFiles;
  /** Every mistake and every warning, in no order. */
  readonly problems: readonly Problem[];
};

/**
 * Judges a whole site: reads each page once, makes the rules of its edge from what the pages use, and
 * names what its authors have to mend.
 */
export function judgeSite({ rendered, assets, written, settings }: MadeSite): Verdict {
  const pages = rendered.filter(isPage).map(({ path, content }) => readPage(path, content));
  const pagesUse = {
    uses: new Set(pages.flatMap(({ uses }) => uses)),
    styles: new Set(pages.flatMap(({ styles }) => styles)),
  };
  const { aliases, markdown } = settings;
  const rules = makeRuleFiles({ rendered, pagesUse, assets, aliases, written });
  const faults = checkSite({
    origin: site.url,
    titleEnd: ` – ${site.name}`,
    rendered,
    pages,
    paths: new Set([...rendered, ...assets].map(({ path }) => path)),
    missing: missingPages(settings),
    sourceOf: (file) => readSource(file, markdown),
    readShared,
  });
  const problems = [...settings.problems, ...markdownProblems(settings), ...rules.problems];
  return { rules, problems: [...problems, ...faults] };
}

/** Whether a rendered file is a page for people. */
export function isPage({ path }: RenderedPage): boolean {
  return path.endsWith(".html");
}
