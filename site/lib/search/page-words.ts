import { isCommon, wordsOf } from "./words.ts";

/** The words that an article is found by, beside those of its title, description and tags. */
export type PageWords = { readonly headings: readonly string[]; readonly text: readonly string[] };

/**
 * How many words of a text are kept: those that it has most often. So an index grows with the number of
 * pages and not with their length, and an edit of one article changes what it says of that one only.
 */
const KEPT_WORDS = 24;

/** A longer run of letters is a key or a digest, and nobody types it. */
const LONGEST = 40;

/** Reads a Markdown text: headings of the second to fourth level, and everything else. */
export function pageWords(markdown: string): PageWords {
  const prose = withoutMarkup(markdown);
  const lines = prose.match(/^#{2,4} .*$/gm) ?? [];
  const headings = new Set(lines.flatMap(wordsOf).filter((word) => !isCommon(word)));
  const counts = new Map<string, number>();
  for (const word of wordsOf(prose)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const text = [...counts]
    .filter(([word]) => !isCommon(word) && !headings.has(word) && word.length <= LONGEST)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, KEPT_WORDS)
    .map(([word]) => word);
  return { headings: [...headings], text };
}

/** Markdown without code blocks, HTML tags and the addresses of links: what a reader reads. */
function withoutMarkup(markdown: string): string {
  return markdown
    .replace(/^( {0,3})(`{3,}|~{3,})[\s\S]*?^\1\2.*$/gm, " ")
    .replace(/<[a-z!/][^>]*>/gi, " ")
    .replace(/\]\([^)]*\)/g, "] ")
    .replace(/^\[[^\]]+\]:.*$/gm, " ");
}
