import MarkdownIt from "markdown-it";
import type { Problem } from "../problem.ts";
import type { Env } from "./env.ts";
import { addFences } from "./fences.ts";
import { addHeadings } from "./headings.ts";
import type { ImageLookup } from "./image-lookup.ts";
import { addPlaces, type Place } from "./places.ts";
import { addTables } from "./tables.ts";

/** One Markdown text: `text` is what stands below the front matter, `firstLine` its first line's number in the file (from 1). */
export type MarkdownInput = {
  readonly file: string;
  readonly text: string;
  readonly firstLine: number;
};

/** `problems` name lines of the author's file, and so do `places`. */
export type MarkdownOutput = MarkdownFindings & { readonly html: string };

export type MarkdownFindings = {
  readonly problems: readonly Problem[];
  readonly places: readonly Place[];
};

/** What rendering may know beside the text. Everything in it must be told apart by an id: results are kept. */
export type RenderContext = { readonly images: ImageLookup };

/**
 * The Markdown of this site, one rule a file in this folder. Pure given the context: no clock, no
 * other page, no setting, so that a result can be kept and used again. It never writes a style
 * attribute. A mistake becomes a problem with its line, and the text goes on.
 */
export function createRenderer(context: RenderContext): (input: MarkdownInput) => MarkdownOutput {
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false });
  // Text that is indented by accident, below a list or inside HTML, is no code.
  markdown.disable("code");
  addPlaces(markdown);
  addHeadings(markdown);
  addTables(markdown);
  addFences(markdown);
  return ({ file, text, firstLine }) => {
    const problems: Problem[] = [];
    const places: Place[] = [];
    const env: Env = { file, firstLine, images: context.images, problems, places };
    const html = markdown.render(text, env);
    return { html, problems, places };
  };
}
