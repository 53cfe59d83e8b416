import type MarkdownIt from "markdown-it";
import type { Token } from "./env.ts";
import { plainText } from "./headings.ts";

/**
 * A table that is too wide for a phone scrolls by itself, also with the keyboard. Its name is made of its
 * head, so that two tables of a page can be told apart by ear.
 */
export function addTables(markdown: MarkdownIt): void {
  markdown.renderer.rules.table_open = (tokens, index) => {
    const label = markdown.utils.escapeHtml(`Table: ${headOf(tokens, index)}`.slice(0, 120));
    return `<div class="table-scroll" role="group" aria-label="${label}" tabindex="0">\n<table>\n`;
  };
  markdown.renderer.rules.table_close = () => "</table>\n</div>\n";
}

function headOf(tokens: readonly Token[], index: number): string {
  const end = tokens.findIndex((token, at) => at > index && token.type === "thead_close");
  return tokens
    .slice(index, end)
    .filter(({ type }) => type === "inline")
    .map(({ children }) => plainText(children ?? []))
    .filter((text) => text !== "")
    .join(", ");
}
