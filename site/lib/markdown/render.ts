import MarkdownIt from "markdown-it";
import definitionLists from "markdown-it-deflist";
import type { ImageLookup } from "../images/found.ts";
import type { Problem } from "../problem.ts";
import { addCallouts } from "./callouts.ts";
import type { Env } from "./env.ts";
import { addFences } from "./fences.ts";
import { addFigures } from "./figures.ts";
import { addFootnotes } from "./footnotes.ts";
import { addHeadings } from "./headings.ts";
import { addImages } from "./images.ts";
import { addLeftovers } from "./leftovers.ts";
import { addPlaces, type Place } from "./places.ts";
import { addSourceLinks } from "./source-links.ts";
import { addTables } from "./tables.ts";
import { addTasks } from "./tasks.ts";

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
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: true });
  // Quotation marks become typographic, and nothing else: "(c)" in a text is no copyright sign.
  markdown.disable("replacements");
  // Text that is indented by accident, below a list or inside HTML, is no code.
  markdown.disable("code");
  markdown.use(definitionLists);
  addFootnotes(markdown);
  addCallouts(markdown);
  addTasks(markdown);
  addFigures(markdown);
  addLeftovers(markdown);
  addSourceLinks(markdown);
  addPlaces(markdown);
  addImages(markdown);
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
