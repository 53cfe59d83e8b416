import type MarkdownIt from "markdown-it";
import type { Problem } from "../problem.ts";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";
import { plainText } from "./headings.ts";

/**
 * A table that is too wide for a phone scrolls by itself, also with the keyboard. Its name is made of its
 * head, so that two tables of a page can be told apart by ear. Cells that a row has and its head has not would
 * be lost in silence, and lines that are no table be shown with their signs: both are mistakes.
 */
export function addTables(markdown: MarkdownIt): void {
  markdown.core.ruler.after("block", "table_problems", (state) => {
    const env: Env = state.env;
    env.problems.push(...lostCells(state), ...brokenTables(state));
  });
  markdown.renderer.rules.table_open = (tokens, index) => {
    const label = markdown.utils.escapeHtml(`Table: ${headOf(tokens, index)}`.slice(0, 120));
    return `<div class="table-scroll" role="group" aria-label="${label}" tabindex="0">\n<table>\n`;
  };
  markdown.renderer.rules.table_close = () => "</table>\n</div>\n";
}

function lostCells({ src, tokens, env }: CoreState): readonly Problem[] {
  if (!tokens.some(({ type }) => type === "table_open")) return [];
  const lines = src.split("\n");
  const problems: Problem[] = [];
  let wide = 0;
  for (const token of tokens) {
    if (token.type === "thead_open") wide = 0;
    if (token.type === "th_open") wide += 1;
    if (token.type !== "tr_open" || !token.map) continue;
    const cells = cellsIn(lines[token.map[0]] ?? "");
    if (wide === 0 || cells.length <= wide) continue;
    problems.push({
      file: env.file,
      line: lineOf(token, env),
      field: "table",
      message: `has ${cells.length} cells in a row and ${wide} in its head, so that "${(cells[wide] ?? "").trim()}" is lost`,
      fix: "Give the head another cell, or write \\| for a sign that is no border: also in code.",
    });
  }
  return problems;
}

/** A line of dashes below a line of cells, which are not as many. */
function brokenTables({ tokens, env }: CoreState): readonly Problem[] {
  return tokens.flatMap((token, index): readonly Problem[] => {
    if (token.type !== "inline" || !token.content.includes("|")) return [];
    if (tokens[index - 1]?.type !== "paragraph_open") return [];
    const lines = token.content.split("\n");
    const at = lines.findIndex(
      (line, i) => i > 0 && DASHES.test(line) && lines[i - 1]?.includes("|"),
    );
    if (at < 1) return [];
    const [head, dashes] = [lines[at - 1] ?? "", lines[at] ?? ""].map(
      (line) => cellsIn(line).length,
    );
    const message = `has ${head} cells in its head and ${dashes} in the line of dashes, so it is none`;
    const fix = "Write | --- | once for each cell of the head.";
    return [{ file: env.file, line: lineOf(token, env) + at - 1, field: "table", message, fix }];
  });
}

const DASHES = /^\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|^\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/;

/** As they are told apart by the borders, which code does not hide. */
function cellsIn(line: string): readonly string[] {
  const cells = line
    .replace(/^[\s>]+/, "")
    .trim()
    .split(/(?<!\\)\|/);
  const from = cells[0] === "" ? 1 : 0;
  return cells.slice(from, cells.length > 1 && cells.at(-1) === "" ? -1 : undefined);
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
