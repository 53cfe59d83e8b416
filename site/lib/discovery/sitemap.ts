import { dayOf } from "../dates.ts";

type Data = Readonly<Record<string, unknown>>;
type Item = { readonly url: string | false; readonly data: Data };

/** A page that a search engine should know. `lastChange` is a day, left out where nobody wrote one down. */
export type SitemapEntry = { readonly url: string; readonly lastChange: string | undefined };

/**
 * The pages for a sitemap, by address: no feeds, no error pages, none that says `noindex`. When a page
 * last changed comes from what authors wrote, never from a file's time: a post says it itself, a list is
 * as new as the newest change to what it lists. A page of neither kind has no day.
 */
export function sitemapEntries(all: readonly Item[]): readonly SitemapEntry[] {
  return all
    .flatMap(({ url, data }) =>
      typeof url === "string" && url.endsWith("/") && data.noindex !== true
        ? [{ url, lastChange: lastChangeOf(data) }]
        : [],
    )
    .sort((a, b) => (a.url < b.url ? -1 : 1));
}

function lastChangeOf(data: Data): string | undefined {
  const days = [data, ...listedOn(data).map((item) => item.data)]
    .map(({ updated, date }) => updated ?? date)
    .filter((day) => day instanceof Date)
    .map(dayOf);
  return days.sort().at(-1);
}

function listedOn(data: Data): readonly Item[] {
  const { items } = (data.listPage ?? {}) as { readonly items?: readonly Item[] };
  const { posts } = (data.part ?? {}) as { readonly posts?: readonly Item[] };
  return items ?? posts ?? [];
}
