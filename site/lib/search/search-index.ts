import { isCommon, wordsOf } from "./words.ts";

/** A page that can be found, as a result shows it. `day` is empty for a page that has none. */
export type FoundPage = {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly day: string;
  readonly tags: readonly string[];
};

/**
 * What the build writes and the browser fetches: pages as `[url, title, description, day, tags]`, and for
 * each word of headings and of texts the pages that have it, by their place in the list, each as its
 * distance from the one before, in base 36: `"0 4 1"` are the first, the fifth and the sixth page.
 */
export type IndexDocument = {
  readonly pages: readonly (readonly [string, string, string, string, string])[];
  readonly headings: Readonly<Record<string, string>>;
  readonly words: Readonly<Record<string, string>>;
};

/** An index that can be asked: for each word the pages that have it, and how much it weighs there. */
export type SearchIndex = {
  readonly pages: readonly FoundPage[];
  readonly weights: ReadonlyMap<string, ReadonlyMap<number, number>>;
};

/** A word in a title says most about a page; one somewhere in its text, least. */
const WEIGHTS = { title: 8, tag: 6, heading: 4, description: 3, text: 1 };

/** Makes a fetched document ready to be asked. Throws a TypeError for one that is no index. */
export function openIndex(document: IndexDocument): SearchIndex {
  const weights = new Map<string, Map<number, number>>();
  const add = (word: string, page: number, weight: number) => {
    const known = weights.get(word) ?? new Map<number, number>();
    weights.set(word, known.set(page, Math.max(weight, known.get(page) ?? 0)));
  };
  const pages = document.pages.map(([url, title, description, day, tags], page): FoundPage => {
    for (const word of wordsOf(title)) add(word, page, WEIGHTS.title);
    for (const word of wordsOf(tags)) add(word, page, WEIGHTS.tag);
    for (const word of wordsOf(description)) {
      if (!isCommon(word)) add(word, page, WEIGHTS.description);
    }
    return { url, title, description, day, tags: tags.split(" ").filter((tag) => tag !== "") };
  });
  for (const [word, places] of Object.entries(document.headings)) {
    for (const page of unpackPlaces(places)) add(word, page, WEIGHTS.heading);
  }
  for (const [word, places] of Object.entries(document.words)) {
    for (const page of unpackPlaces(places)) add(word, page, WEIGHTS.text);
  }
  return { pages, weights };
}

/** Places in rising order as the document has them. */
export function packPlaces(places: readonly number[]): string {
  return places.map((place, index) => (place - (places[index - 1] ?? 0)).toString(36)).join(" ");
}

function unpackPlaces(packed: string): readonly number[] {
  let place = 0;
  return packed.split(" ").map((distance) => {
    place += Number.parseInt(distance, 36);
    return place;
  });
}
