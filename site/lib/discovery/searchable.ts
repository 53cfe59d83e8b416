import type { CollectionItem } from "@11ty/eleventy";
import type { Cache } from "../cache.ts";
import { type PageWords, pageWords } from "../search/page-words.ts";
import { type SearchablePage, searchDocument } from "../search/search-document.ts";

/**
 * The search index of a site as JSON: the newest page first, then those without a day by their address.
 * Left out are pages that nobody should find and those that only list others (`searchable: false`).
 */
export function searchIndex(all: readonly CollectionItem[], cache: Cache): string {
  const pages = all.filter(isSearchable).map((item) => toSearchable(item, cache));
  return JSON.stringify(searchDocument(pages.sort(inOrder)));
}

function isSearchable({ url, data }: CollectionItem): boolean {
  return (
    typeof url === "string" &&
    url.endsWith("/") &&
    data.noindex !== true &&
    data.searchable !== false &&
    isFirstPage(data.listPage)
  );
}

/** The second page of a list says nothing that the first does not. */
function isFirstPage(listPage: unknown): boolean {
  const { number } = (listPage ?? {}) as { readonly number?: number };
  return (number ?? 1) === 1;
}

function toSearchable(item: CollectionItem, cache: Cache): SearchablePage {
  const { date, title, description, tags } = item.data;
  return {
    url: item.url,
    title: String(title),
    description: String(description),
    date: date instanceof Date ? date : undefined,
    tags: Array.isArray(tags) ? tags.map(String) : [],
    words: item.inputPath.endsWith(".md") ? cachedWords(item.rawInput, cache) : NO_WORDS,
  };
}

/** A template's text is markup, and its words stand in its title and description. */
const NO_WORDS: PageWords = { headings: [], text: [] };

function cachedWords(markdown: string, cache: Cache): PageWords {
  const known = cache.get(markdown);
  if (known !== undefined) return JSON.parse(known.toString("utf8")) as PageWords;
  const words = pageWords(markdown);
  cache.set(markdown, JSON.stringify(words));
  return words;
}

function inOrder(a: SearchablePage, b: SearchablePage): number {
  const difference = (b.date?.getTime() ?? 0) - (a.date?.getTime() ?? 0);
  if (difference !== 0) return difference;
  return a.url < b.url ? -1 : 1;
}
