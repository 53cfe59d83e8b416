import type { UserConfig } from "@11ty/eleventy";
import { reopenCode } from "./code.js";
import { type Assets, assetUrl, NO_ASSETS, styleText } from "./lib/assets.ts";
import { checkContent } from "./lib/checks/content-check.ts";
import { readContentFiles } from "./lib/checks/content-files.ts";
import { parseBlock } from "./lib/checks/front-matter.ts";
import { addCollections } from "./lib/collections.ts";
import { loadData } from "./lib/data-files.ts";
import { dayOf } from "./lib/dates.ts";
import { addFilters } from "./lib/filters.ts";
import { createCachedRenderer } from "./lib/markdown/cached.ts";
import { styleMark } from "./lib/page-styles.ts";
import { statusOf } from "./lib/posts.ts";
import { SiteError, sortProblems } from "./lib/problem.ts";
import { CONTENT } from "./lib/render.ts";
import { type Settings, settingsOf } from "./lib/settings.ts";
import { createSources, type Sources } from "./lib/sources.ts";

/** Front matter in JavaScript would run as part of the build; a post is text, whoever wrote it. */
const ONLY_YAML = Object.fromEntries(
  ["js", "javascript", "node", "coffee", "cson", "json", "toml"].map((language) => [
    language,
    () => {
      throw new Error(`front matter is YAML here, not ${language}`);
    },
  ]),
);

/** Wires the modules of `lib/` into Eleventy. Started by build.ts and dev.ts, which set the settings. */
export default function configure(eleventyConfig: UserConfig) {
  const settings = settingsOf(eleventyConfig);
  const sources = createSources();
  eleventyConfig.on("eleventy.before", sources.forget);
  eleventyConfig.setUseGitIgnore(false);
  watchQuickly(eleventyConfig);
  keepFiguresSilent(eleventyConfig);
  eleventyConfig.setFrontMatterParsingOptions({ engines: { ...ONLY_YAML, yaml: parseBlock } });
  eleventyConfig.setNunjucksEnvironmentOptions({
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  addMarkdown(eleventyConfig, settings, sources);
  addDataFiles(eleventyConfig, settings);
  addFilters(eleventyConfig, settings);
  addCollections(eleventyConfig);
  addContentCheck(eleventyConfig, settings);
  withholdUnpublished(eleventyConfig, settings);
  addAssets(eleventyConfig, settings);
  // Eleventy keeps layouts by name for the whole process, wherever they come from.
  if (settings.includes !== undefined) eleventyConfig.setUseTemplateCache(false);
  return {
    dir: { input: "site/content", includes: settings.includes ?? "../_includes", data: "../_data" },
    templateFormats: ["md", "njk"],
    markdownTemplateEngine: false,
  };
}

// Eleventy waits until a file has not grown for 150 ms, though editors write an article at once or put it in the
// place of the old one; half an article would be followed by the other half in the next round. And it looks
// each time for what the config imports, of which the files of data are watched without that.
function watchQuickly(eleventyConfig: UserConfig): void {
  eleventyConfig.setChokidarConfig({
    awaitWriteFinish: { stabilityThreshold: 30, pollInterval: 10 },
  });
  eleventyConfig.setWatchJavaScriptDependencies(false);
}

// On a busy machine Eleventy warns how long a filter or a data file took; no author can mend that. A
// share above 100 % is never reached.
function keepFiguresSilent(eleventyConfig: UserConfig): void {
  for (const group of ["Configuration", "Data"]) {
    eleventyConfig.benchmarkManager.get(group).setMinimumThresholdPercent(101);
  }
}

// Eleventy asks for the data of a folder once a page. A file is imported once a run, anew when it has
// changed, so that the dev server shows the change.
function addDataFiles(eleventyConfig: UserConfig, { mode }: Settings): void {
  const imported = new Map<string, Promise<unknown>>();
  eleventyConfig.on("eleventy.before", () => {
    imported.clear();
    if (mode === "dev") reopenCode();
  });
  eleventyConfig.addDataExtension("ts", {
    read: false,
    parser: (path) => {
      const known = imported.get(path) ?? loadData(path.replace(/^\.\//, ""));
      imported.set(path, known);
      return known;
    },
  });
}

/** What Eleventy hands the renderer beside the text: the data of the page being rendered. */
type PageData = { readonly page: { readonly inputPath: string } };

function addMarkdown(eleventyConfig: UserConfig, settings: Settings, sources: Sources): void {
  const render = createCachedRenderer(
    { images: settings.media.findImage },
    settings.caches.open("markdown"),
  );
  eleventyConfig.setLibrary("md", {
    render(text: string, data: PageData): string {
      const file = fileOf(data);
      const firstLine = sources.firstLineOf(text, file);
      const output = render({ file, text, firstLine });
      settings.markdown.set(file, output);
      return output.html;
    },
  });
  eleventyConfig.on("eleventy.before", async () => {
    settings.markdown.clear();
    await settings.media.prepare();
  });
}

function fileOf({ page }: PageData): string {
  return page.inputPath.replace(/^\.\//, "");
}

/** A build has checked its content before; the dev server checks all of it at every save. */
function addContentCheck(eleventyConfig: UserConfig, settings: Settings): void {
  for (const file of settings.leftOut) eleventyConfig.ignores.add(file);
  eleventyConfig.ignores.add("site/content/**/.*");
  // A date that Eleventy cannot read would stop it: before the check can say which field is wrong, and
  // for a draft, which may be unfinished.
  eleventyConfig.addDateParsing((value) =>
    typeof value === "string" && Number.isNaN(Date.parse(value)) ? new Date(0) : undefined,
  );
  if (settings.mode !== "dev") return;
  eleventyConfig.on("eleventy.before", () => {
    const { problems, aliases } = checkContent(readContentFiles(CONTENT), { drafts: "shown" });
    settings.aliases.clear();
    for (const [file, old] of aliases) settings.aliases.set(file, old);
    if (problems.length > 0) throw new SiteError(sortProblems(problems));
  });
}

function withholdUnpublished(eleventyConfig: UserConfig, settings: Settings): void {
  if (settings.mode !== "build") return;
  eleventyConfig.addPreprocessor("unpublished", "md", function (data) {
    const status = statusOf(data, settings.now);
    if (status === "published") return undefined;
    const date = data.date;
    settings.withheld.push({
      file: this.inputPath.replace(/^\.\//, ""),
      status,
      day: date instanceof Date ? dayOf(date) : "",
    });
    return false;
  });
}

function addAssets(eleventyConfig: UserConfig, settings: Settings): void {
  let assets: Assets = NO_ASSETS;
  eleventyConfig.on("eleventy.before", async () => {
    assets = await settings.loadAssets();
  });
  eleventyConfig.addFilter("asset", (name: string) => assetUrl(assets, name));
  eleventyConfig.addFilter("style", (name: string) => {
    const text = styleText(assets, name);
    return settings.mode === "dev" ? text : styleMark(name);
  });
  eleventyConfig.addWatchTarget("./site/assets/");
}
