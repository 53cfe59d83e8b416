import type { CollectionItem, UserConfig } from "@11ty/eleventy";
import authors, { type AuthorKey } from "../../_data/authors.ts";
import site from "../../_data/site.ts";
import type { Settings } from "../settings.ts";
import { absoluteAddresses, type FeedPost, jsonFeed, xmlText } from "./feed.ts";
import { meaningOf } from "./meaning.ts";
import { searchIndex } from "./searchable.ts";
import { sitemapEntries } from "./sitemap.ts";
import { structuredData } from "./structured-data.ts";
import { pagesAbove } from "./trail.ts";

type Data = Readonly<Record<string, unknown>>;

/** What Eleventy gives a filter in `this.ctx`: the data of the page that is being rendered. */
type Rendering = {
  readonly ctx: Data & { readonly collections: { readonly all: readonly CollectionItem[] } };
};

/** The words of templates by which people and machines find the site. */
export function addDiscoveryFilters(eleventyConfig: UserConfig, settings: Settings): void {
  const searchWords = settings.caches.open("search");
  eleventyConfig.addFilter("absoluteAddresses", absoluteAddresses);
  eleventyConfig.addFilter("xml", xmlText);
  eleventyConfig.addFilter("sitemapEntries", sitemapEntries);
  eleventyConfig.addFilter("jsonFeed", (posts: readonly Post[]) =>
    jsonFeed(posts.map(toFeedPost), site),
  );
  eleventyConfig.addFilter("searchIndex", (all: readonly CollectionItem[]) =>
    searchIndex(all, searchWords),
  );
  eleventyConfig.addFilter(
    "structuredData",
    function (this: Rendering, url: string, image: string) {
      return structuredData(
        {
          url,
          title: String(this.ctx.title),
          description: String(this.ctx.description),
          image,
          above: pagesAbove(url, this.ctx.collections.all, site.name),
          meaning: meaningOf(url, this.ctx),
        },
        site,
      );
    },
  );
}

type Post = CollectionItem & { readonly content: string };

function toFeedPost({ url, data, content }: Post): FeedPost {
  return {
    url,
    title: String(data.title),
    description: String(data.description),
    date: data.date as Date,
    updated: data.updated as Date | undefined,
    tags: data.tags as readonly string[],
    author: authors[data.author as AuthorKey],
    content,
  };
}
