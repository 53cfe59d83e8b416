import type MarkdownIt from "markdown-it";
import { slugOf } from "../slug.ts";
import type { CoreState, Token } from "./env.ts";

/** Headings carry an id, made of their words, and link to themselves. */
export function addHeadings(markdown: MarkdownIt): void {
  markdown.core.ruler.push("heading_anchors", addHeadingAnchors);
}

/** A heading's text as an id: lower-case letters, digits and dashes; `section` when none are left. */
export function slugify(text: string): string {
  return slugOf(text) || "section";
}

/** What a reader sees of inline text, without its marks. */
export function plainText(children: readonly Token[]): string {
  return children
    .filter((child) => child.type === "text" || child.type === "code_inline")
    .map((child) => child.content)
    .join("");
}

function addHeadingAnchors(state: CoreState): void {
  const taken = new Set<string>();
  for (const [index, token] of state.tokens.entries()) {
    const inline = state.tokens[index + 1];
    if (token.type !== "heading_open" || !inline?.children) continue;
    const id = freeId(slugify(plainText(inline.children)), taken);
    token.attrSet("id", id);
    // A link cannot hold another link.
    if (inline.children.some((child) => child.type === "link_open")) continue;
    const open = new state.Token("link_open", "a", 1);
    open.attrs = [
      ["class", "heading-link"],
      ["href", `#${id}`],
    ];
    inline.children = [open, ...inline.children, new state.Token("link_close", "a", -1)];
  }
}

function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let copy = 2; taken.has(id); copy += 1) id = `${wanted}-${copy}`;
  taken.add(id);
  return id;
}
