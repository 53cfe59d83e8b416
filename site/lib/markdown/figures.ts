import type MarkdownIt from "markdown-it";
import type { CoreState, Token } from "./env.ts";

/**
 * An image that is a paragraph of its own is a figure, and its title, `![alt](file "Title")`, the caption
 * below it, in which emphasis, code and links work. The image's own markup is another rule's matter.
 */
export function addFigures(markdown: MarkdownIt): void {
  // Before what is noted of images and links, which then has the links of the caption too.
  markdown.core.ruler.after("inline", "figures", (state) => {
    state.tokens = state.tokens.flatMap((token, index) => {
      const image = imageIn(state.tokens[index + 1]);
      if (token.type === "paragraph_open" && !token.hidden && image) {
        return [renamed(token, "figure_open")];
      }
      const own = imageIn(state.tokens[index - 1]);
      if (token.type !== "paragraph_close" || token.hidden || own === undefined) return [token];
      return [...captionOf(own, state), renamed(token, "figure_close")];
    });
  });
}

/** The one image that a line of text is, perhaps inside a link; undefined where there is more. */
function imageIn(token: Token | undefined): Token | undefined {
  if (token?.type !== "inline") return undefined;
  const children = token.children ?? [];
  const [image, ...others] = children.filter(
    ({ type, content }) => !/^link_|break$/.test(type) && !(type === "text" && content === ""),
  );
  return others.length === 0 && image?.type === "image" ? image : undefined;
}

function captionOf(image: Token, state: CoreState): readonly Token[] {
  const caption = String(image.attrGet("title") ?? "");
  image.attrs = (image.attrs ?? []).filter(([name]) => name !== "title");
  if (caption === "") return [];
  const inline = new state.Token("inline", "", 0);
  inline.content = caption;
  inline.children = [];
  state.md.inline.parse(caption, state.md, state.env, inline.children);
  const open = new state.Token("figcaption_open", "figcaption", 1);
  return [open, inline, new state.Token("figcaption_close", "figcaption", -1)];
}

function renamed(token: Token, type: string): Token {
  token.type = type;
  token.tag = "figure";
  return token;
}
