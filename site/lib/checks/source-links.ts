import type { MarkdownOutput } from "../markdown/render.ts";
import { addressOfSource } from "../markdown/source-links.ts";
import type { Problem } from "../problem.ts";
import type { RenderedPage } from "../render.ts";
import { urlPath } from "./links.ts";

/**
 * Links to content files that are not there, though a page of their address is: the day in the name is
 * wrong, and an editor finds nothing. Where the page is missing too, the link check has said so.
 */
export function checkSourceLinks(
  markdown: ReadonlyMap<string, Pick<MarkdownOutput, "places">>,
  rendered: readonly RenderedPage[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const named = [...markdown].flatMap(([file, { places }]) =>
    places.filter(({ kind }) => kind === "source").map(({ text, line }) => ({ file, text, line })),
  );
  if (named.length === 0) return problems;
  const sources = new Map(rendered.map(({ path, source }) => [urlPath(path), source]));
  for (const { file, text, line } of named) {
    const source = sources.get(addressOfSource(text));
    if (source === undefined || source === text) continue;
    const message = `names ${text}, which is not there`;
    problems.push({ file, line, field: "link", message, fix: `Write ${source}.` });
  }
  return problems;
}
