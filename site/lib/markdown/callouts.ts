import type MarkdownIt from "markdown-it";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";

const KINDS: Readonly<Record<string, string>> = {
  NOTE: "Note",
  TIP: "Tip",
  WARNING: "Warning",
};

/**
 * A quotation whose first line is `[!NOTE]`, `[!TIP]` or `[!WARNING]`, as on GitHub, stands out with that
 * word; what follows in the same line is its title. Another word in that place is a mistake.
 */
export function addCallouts(markdown: MarkdownIt): void {
  // Before the text of its lines is parsed: the mark is no link.
  markdown.core.ruler.after("block", "callouts", (state) => {
    const ends: string[] = [];
    state.tokens = state.tokens.flatMap((token, index) => {
      if (token.type === "blockquote_open") return open(state, index, ends);
      if (token.type !== "blockquote_close") return [token];
      token.tag = ends.pop() ?? token.tag;
      return [token];
    });
    state.tokens = state.tokens.filter(({ type }) => type !== REMOVED);
  });
}

const REMOVED = "removed";

function open(state: CoreState, index: number, ends: string[]): readonly Token[] {
  const token = state.tokens[index] as Token;
  const inline = state.tokens[index + 2];
  const mark =
    inline?.type === "inline"
      ? /^\[!([^\]\n]*)\][^\S\n]*([^\n]*)(?:\n|$)/.exec(inline.content)
      : null;
  const kind = KINDS[mark?.[1] ?? ""];
  if (inline === undefined || mark === null || kind === undefined) {
    if (mark) state.env.problems.push(unknownKind(mark[1] ?? "", token, state.env));
    ends.push(token.tag);
    return [token];
  }
  token.tag = "div";
  token.attrSet("class", `callout callout-${kind.toLowerCase()}`);
  token.attrSet("role", "note");
  ends.push("div");
  shorten(state, index, mark[0].length);
  const title = (mark[2] ?? "").trim();
  return [token, ...titleOf(state, title === "" ? kind : `${kind}: ${title}`, token)];
}

/** Takes the mark away, and the paragraph with it where nothing else stands in it. */
function shorten(state: CoreState, index: number, length: number): void {
  const [start, inline, end] = state.tokens.slice(index + 1, index + 4);
  if (inline === undefined) return;
  inline.content = inline.content.slice(length);
  if (inline.map) inline.map = [inline.map[0] + 1, inline.map[1]];
  if (inline.content.trim() !== "") return;
  for (const token of [start, inline, end]) if (token) token.type = REMOVED;
}

function titleOf(state: CoreState, text: string, quote: Token): readonly Token[] {
  const start = new state.Token("paragraph_open", "p", 1);
  const inline = new state.Token("inline", "", 0);
  start.attrSet("class", "callout-title");
  inline.content = text;
  inline.map = quote.map;
  inline.children = [];
  return [start, inline, new state.Token("paragraph_close", "p", -1)];
}

function unknownKind(word: string, token: Token, env: Env) {
  return {
    file: env.file,
    line: lineOf(token, env),
    field: "callout",
    message: `[!${word}] is no kind of callout`,
    fix: `Use ${Object.keys(KINDS)
      .map((known) => `[!${known}]`)
      .join(", ")}.`,
  };
}
