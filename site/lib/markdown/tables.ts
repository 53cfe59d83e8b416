import type MarkdownIt from "markdown-it";

/** A table that is too wide for a phone scrolls by itself, also with the keyboard. */
export function addTables(markdown: MarkdownIt): void {
  markdown.renderer.rules.table_open = () =>
    '<div class="table-scroll" role="group" aria-label="Table" tabindex="0">\n<table>\n';
  markdown.renderer.rules.table_close = () => "</table>\n</div>\n";
}
