import type MarkdownIt from "markdown-it";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";
import { plainText } from "./headings.ts";

/** Where something stands in the author's file, so that a mistake in the output can be named by its line. */
export type Place = {
  readonly kind: "link" | "source" | "image" | "heading" | "html" | "fence";
  /** A link's address, the content file that a link names, an image's source, a heading's words, the HTML itself, or what stands behind a fence. */
  readonly text: string;
  readonly line: number;
};

/**
 * Notes the places of a text in the order in which they stand there. Runs before the rules that add
 * links of their own: those are not the author's.
 */
export function addPlaces(markdown: MarkdownIt): void {
  markdown.core.ruler.push("places", (state) => {
    const env: Env = state.env;
    env.places.push(...placesOf(state.tokens, env));
  });
}

function placesOf(tokens: CoreState["tokens"], env: Env): readonly Place[] {
  const places: Place[] = [];
  let line = env.firstLine;
  for (const [index, token] of tokens.entries()) {
    // The text of a table's cell has no line of its own; its row has.
    if (token.map) line = lineOf(token, env);
    if (token.type === "inline") places.push(...inlinePlaces(token.children ?? [], line));
    else if (token.type === "html_block") places.push({ kind: "html", text: token.content, line });
    else if (token.type === "fence") places.push({ kind: "fence", text: token.info.trim(), line });
    else if (token.type === "heading_open") {
      const text = plainText(tokens[index + 1]?.children ?? []);
      places.push({ kind: "heading", text, line });
    }
  }
  return places;
}

function inlinePlaces(children: readonly Token[], firstLine: number): readonly Place[] {
  const places: Place[] = [];
  let line = firstLine;
  for (const child of children) {
    if (child.type === "link_open") {
      places.push({ kind: "link", text: String(child.attrGet("href") ?? ""), line });
    } else if (child.type === "image") {
      places.push({ kind: "image", text: String(child.attrGet("src") ?? ""), line });
    } else if (child.type === "html_inline") {
      places.push({ kind: "html", text: child.content, line });
    }
    line += linesIn(child);
  }
  return places;
}

/** How many lines of the author's text a piece of inline text goes down. */
export function linesIn(child: Token): number {
  if (child.type === "softbreak" || child.type === "hardbreak") return 1;
  if (child.type === "image") return (child.children ?? []).reduce((sum, c) => sum + linesIn(c), 0);
  return child.content.split("\n").length - 1;
}
