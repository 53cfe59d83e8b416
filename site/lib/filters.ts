import type { UserConfig } from "@11ty/eleventy";
import site from "../_data/site.ts";
import { type Around, aroundAll } from "./around.ts";
import { type Brand, hex } from "./brand.ts";
import { dayOf, longDate, timestamp } from "./dates.ts";
import { addDiscoveryFilters } from "./discovery/filters.ts";
import { outlineOf } from "./outline.ts";
import { byYear, lastChange, readingMinutes, statusOf } from "./posts.ts";
import type { Settings } from "./settings.ts";
import { tagLabel } from "./tags.ts";

type CardRequest = { readonly url: string; readonly title: string; readonly note: string };
type Data = Readonly<Record<string, unknown>>;

/** The words templates use, each one a plain function of this folder. */
export function addFilters(eleventyConfig: UserConfig, settings: Settings): void {
  eleventyConfig.addFilter("longDate", longDate);
  eleventyConfig.addFilter("day", dayOf);
  eleventyConfig.addFilter("timestamp", timestamp);
  eleventyConfig.addFilter("tagLabel", tagLabel);
  eleventyConfig.addFilter(
    "upperFirst",
    (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
  );
  eleventyConfig.addFilter("readingMinutes", readingMinutes);
  eleventyConfig.addFilter("outline", outlineOf);
  eleventyConfig.addFilter("byYear", byYear);
  eleventyConfig.addFilter("lastChange", lastChange);
  eleventyConfig.addFilter("around", createAround());
  eleventyConfig.addFilter("first", <T>(items: readonly T[], count: number) =>
    items.slice(0, count),
  );
  eleventyConfig.addFilter("status", (data: Data) => statusOf(data, settings.now));
  eleventyConfig.addFilter("absoluteUrl", (path: string) => site.url + path);
  eleventyConfig.addFilter("currentIn", currentIn);
  eleventyConfig.addFilter("euros", euros);
  eleventyConfig.addFilter("socialCard", ({ url, title, note }: CardRequest) =>
    settings.media.cardFor(url, { title, note }),
  );
  eleventyConfig.addFilter("brandColour", (name: keyof Brand) => hex(settings.media.brand()[name]));
  addDiscoveryFilters(eleventyConfig, settings);
}

type Posts = Parameters<typeof aroundAll>[0];

/** What stands around the post at an address. Worked out once for each list of posts, not for each page. */
function createAround(): (posts: Posts, url: string) => Around | undefined {
  const known = new WeakMap<Posts, ReadonlyMap<string, Around>>();
  return (posts, url) => {
    const around = known.get(posts) ?? aroundAll(posts);
    known.set(posts, around);
    return around.get(url);
  };
}

/** The value of aria-current for a link in the navigation: the page itself, or a page below it. */
function currentIn(pageUrl: string, linkUrl: string): "page" | "true" | "" {
  if (pageUrl === linkUrl) return "page";
  return linkUrl !== "/" && pageUrl.startsWith(linkUrl) ? "true" : "";
}

/** Whole euros with a comma between thousands: `15,840`. */
function euros(amount: number): string {
  return Math.round(amount).toLocaleString("en-GB");
}
