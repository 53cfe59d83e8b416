import type { MarkdownOutput } from "../markdown/render.ts";
import type { Problem } from "../problem.ts";

/** Words in a post before its author is asked whether they are two. Code does not count. */
const MOST_WORDS = 3_000;

/** No 3,000 words are shorter than this, with the spaces between them: most posts need not be counted. */
const LEAST_CHARACTERS = 4 * MOST_WORDS;

/** Posts that few will read to their end. */
export function checkPostLengths(
  markdown: ReadonlyMap<string, Pick<MarkdownOutput, "html">>,
): readonly Problem[] {
  return [...markdown].flatMap(([file, { html }]): readonly Problem[] => {
    if (html.length < LEAST_CHARACTERS || !file.startsWith("site/content/blog/")) return [];
    const words = countWords(html);
    if (words <= MOST_WORDS) return [];
    const message = `has ${words.toLocaleString("en")} words, and few read so many at once`;
    const fix = "Leave something out, or make a series of it.";
    return [{ level: "warning", file, line: 1, field: "text", message, fix }];
  });
}

function countWords(html: string): number {
  const text = html.replace(/<pre[\s>][\s\S]*?<\/pre>/g, " ").replace(/<[^>]*>/g, " ");
  return text.match(/[\p{L}\p{N}]+(?:[-'’.][\p{L}\p{N}]+)*/gu)?.length ?? 0;
}
