import type { FoundPage, SearchIndex } from "./search-index.ts";
import { forgivenSlips, slipsBetween } from "./spelling.ts";
import { isCommon, wordsOf } from "./words.ts";

/** A page that fits, the best first. `words` are those of the index that were taken for what was typed. */
export type Result = {
  readonly page: FoundPage;
  readonly score: number;
  readonly words: ReadonlySet<string>;
};

/**
 * The pages that fit what somebody typed, the best first: those that have all of its words, else those
 * that have the most of them. A word also finds the longer words that begin with it, and, where there is
 * none at all, those that are a slip away. Common words count only when nothing else was typed.
 */
export function search(index: SearchIndex, typed: string): readonly Result[] {
  const all = [...new Set(wordsOf(typed))];
  const telling = all.filter((word) => !isCommon(word));
  const hits = new Map<number, { found: number; score: number; words: Set<string> }>();
  for (const word of telling.length > 0 ? telling : all) {
    for (const [page, { score, words }] of pagesWith(word, index)) {
      const hit = hits.get(page) ?? { found: 0, score: 0, words: new Set<string>() };
      hit.found += 1;
      hit.score += score;
      for (const taken of words) hit.words.add(taken);
      hits.set(page, hit);
    }
  }
  const most = Math.max(0, ...[...hits.values()].map(({ found }) => found));
  return [...hits]
    .filter(([, { found }]) => found === most)
    .sort(([a, hitA], [b, hitB]) => hitB.score - hitA.score || a - b)
    .flatMap(([place, { score, words }]) => {
      const page = index.pages[place];
      return page === undefined ? [] : [{ page, score, words }];
    });
}

type Taken = { readonly word: string; readonly likeness: number };

function pagesWith(typed: string, index: SearchIndex) {
  const pages = new Map<number, { score: number; words: string[] }>();
  for (const { word, likeness } of takenFor(typed, index)) {
    const places = index.weights.get(word) ?? new Map<number, number>();
    // What few pages have says more about them.
    const rarity = Math.log(1 + index.pages.length / places.size);
    for (const [place, weight] of places) {
      const page = pages.get(place) ?? { score: 0, words: [] };
      page.score = Math.max(page.score, likeness * weight * rarity);
      page.words.push(word);
      pages.set(place, page);
    }
  }
  return pages;
}

/** The words of the index that somebody may mean, each with how like it is, from 0 to 1. */
function takenFor(typed: string, { weights }: SearchIndex): readonly Taken[] {
  const beginning = [...weights.keys()]
    .filter((word) => word.startsWith(typed))
    .map((word) => ({ word, likeness: 0.3 + 0.7 * (typed.length / word.length) }));
  const slips = forgivenSlips(typed);
  if (beginning.length > 0 || slips === 0) return beginning;
  return [...weights.keys()].flatMap((word) => {
    // Hardly anybody mistypes the first letter, and this spares nine of ten comparisons.
    if (word[0] !== typed[0] && word[0] !== typed[1]) return [];
    const count = slipsBetween(typed, word, slips);
    return count > slips ? [] : [{ word, likeness: 0.5 / count }];
  });
}
