import type MarkdownIt from "markdown-it";
import { pictureHtml } from "../images/markup.ts";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";
import { linesIn } from "./places.ts";

/**
 * An image that is kept with the site becomes a `<picture>` of the sizes that browsers need. The first
 * one of a text loads at once, the others when they come near. One that cannot be used is a problem
 * with its line, and only its alt text is shown.
 */
export function addImages(markdown: MarkdownIt): void {
  markdown.core.ruler.push("images", (state) => {
    let isFirst = true;
    for (const { image, line } of imagesIn(state)) {
      const shown = resolve(image, line, state, isFirst);
      image.meta = { html: shown.html };
      if (shown.kind === "picture") isFirst = false;
    }
  });
  markdown.renderer.rules.image = (tokens, index) => tokens[index]?.meta?.html ?? "";
}

/** Behind an address: whoever does not see the image misses nothing. To forget the text looks the same. */
const DECORATIVE = "#decorative";

type Shown = { readonly kind: "picture" | "alt"; readonly html: string };

function resolve(image: Token, line: number, { env, md }: CoreState, isFirst: boolean): Shown {
  const { file, images, problems }: Env = env;
  const address = String(image.attrGet("src") ?? "");
  // A picture that is written out in its address has no end.
  const field = address.length > 80 ? `${address.slice(0, 79)}…` : address || "image";
  const alt = md.renderer.renderInlineAsText(image.children ?? [], md.options, env);
  if (alt.trim() === "" && !address.endsWith(DECORATIVE)) {
    problems.push({
      file,
      line,
      field,
      message: "has no alt text",
      fix: `Write what it shows between the brackets, or ${DECORATIVE} behind the address where it is decoration.`,
    });
  }
  const found = images(file, address);
  switch (found.kind) {
    case "image":
      return { kind: "picture", html: pictureHtml(found.image, { alt, isFirst }) };
    case "refused":
      problems.push({ file, line, field, message: found.message, fix: found.fix });
      return { kind: "alt", html: md.utils.escapeHtml(alt) };
  }
}

function imagesIn({ tokens, env }: CoreState): readonly { image: Token; line: number }[] {
  const found: { image: Token; line: number }[] = [];
  let line: number = env.firstLine;
  for (const token of tokens) {
    if (token.map) line = lineOf(token, env);
    let childLine = line;
    for (const child of token.children ?? []) {
      if (child.type === "image") found.push({ image: child, line: childLine });
      childLine += linesIn(child);
    }
  }
  return found;
}
