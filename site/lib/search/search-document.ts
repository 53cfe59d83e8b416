import { dayOf } from "../dates.ts";
import type { PageWords } from "./page-words.ts";
import { type IndexDocument, packPlaces } from "./search-index.ts";
import { wordsOf } from "./words.ts";

/** A page that people can search for. */
export type SearchablePage = {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly date: Date | undefined;
  readonly tags: readonly string[];
  readonly words: PageWords;
};

/** The index of the site's search, for pages in the order that equally good results have. */
export function searchDocument(pages: readonly SearchablePage[]): IndexDocument {
  const headings = new Map<string, number[]>();
  const texts = new Map<string, number[]>();
  for (const [place, { title, description, tags, words }] of pages.entries()) {
    const shown = new Set(wordsOf([title, description, ...tags].join(" ")));
    for (const word of words.headings) if (!shown.has(word)) append(headings, word, place);
    for (const word of words.text) if (!shown.has(word)) append(texts, word, place);
  }
  return {
    pages: pages.map(({ url, title, description, date, tags }) => [
      url,
      title,
      description,
      date === undefined ? "" : dayOf(date),
      tags.join(" "),
    ]),
    headings: packed(headings),
    words: packed(texts),
  };
}

function append(places: Map<string, number[]>, word: string, place: number): void {
  const known = places.get(word);
  if (known === undefined) places.set(word, [place]);
  else known.push(place);
}

function packed(places: ReadonlyMap<string, readonly number[]>): Record<string, string> {
  const sorted = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([word, at]) => [word, packPlaces(at)]));
}
