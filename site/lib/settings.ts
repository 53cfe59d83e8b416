import type { UserConfig } from "@11ty/eleventy";
import type { Alias } from "./aliases.ts";
import type { Assets } from "./assets.ts";
import type { Caches } from "./caches.ts";
import { parseNow } from "./dates.ts";
import type { MarkdownOutput } from "./markdown/render.ts";
import type { Media } from "./media.ts";
import { type Problem, SiteError } from "./problem.ts";

/**
 * What one run of Eleventy is told from outside. `build` leaves drafts and later posts out;
 * `preview` and `dev` show them, marked, and the style guide too. `loadAssets` runs before each
 * rendering; `media` makes the pictures and knows what an image's address means; `caches` are where work
 * is kept for the next run. The rest is filled by the run: `problems` of content files, and `leftOut`, the
 * files that no page can be made of; `withheld`, the posts that wait; and by content file the old
 * addresses that it names and what was made of its Markdown.
 */
export type Settings = {
  readonly mode: "build" | "preview" | "dev";
  readonly now: Date;
  readonly loadAssets: () => Promise<Assets>;
  readonly caches: Caches;
  readonly media: Media;
  readonly problems: Problem[];
  readonly withheld: Withheld[];
  readonly aliases: Map<string, readonly Alias[]>;
  readonly markdown: Map<string, MarkdownOutput>;
  readonly leftOut: Set<string>;
  /** Where layouts are, seen from the content, if they are not where they were written. */
  readonly includes?: string;
};

/** A post that is written but not published. */
export type Withheld = {
  readonly file: string;
  readonly status: "draft" | "scheduled";
  readonly day: string;
};

const KEY = "settings";

/** The day a run calls today: SITE_NOW when it is set, else the clock's. Throws a SiteError for nonsense. */
export function readNow(wanted: string | undefined): Date {
  if (!wanted) return new Date();
  const now = parseNow(wanted);
  if (now) return now;
  throw new SiteError([
    {
      file: "environment",
      field: "SITE_NOW",
      message: `"${wanted}" is no day`,
      fix: "Use YYYY-MM-DD.",
    },
  ]);
}

/** Hands the settings to the config file, which Eleventy loads by itself. */
export function provideSettings(eleventyConfig: UserConfig, settings: Settings): void {
  eleventyConfig.addGlobalData(KEY, settings);
}

/** The settings this run was given. Throws when Eleventy was not started by this site's own scripts. */
export function settingsOf(eleventyConfig: UserConfig): Settings {
  const settings = eleventyConfig.globalData[KEY];
  if (!settings) {
    throw new Error(
      "Start the site with node site/start.js build or dev, not with Eleventy itself.",
    );
  }
  return settings as Settings;
}
