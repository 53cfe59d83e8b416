import type MarkdownIt from "markdown-it";
import type { Problem } from "../problem.ts";
import { type CoreState, type Env, lineOf, type Token } from "./env.ts";
import { linesIn } from "./places.ts";

/**
 * Finds marks that became nothing, so that a reader would see brackets, signs and stars: a link whose address
 * has a space in it, a heading without a space behind its signs, bold text that does not end. A backslash
 * before a sign keeps it as text, and nothing is said of it.
 */
export function addLeftovers(markdown: MarkdownIt): void {
  // Before the pieces of a text are joined: what a backslash has kept is still a piece of its own.
  markdown.core.ruler.after("inline", "leftovers", ({ tokens, env }: CoreState) => {
    let line: number = env.firstLine;
    for (const [index, token] of tokens.entries()) {
      if (token.map) line = lineOf(token, env);
      if (token.type === "inline")
        env.problems.push(...problemsIn(token, tokens[index - 1], { env, line }));
    }
  });
}

type Where = { readonly env: Env; readonly line: number };

function problemsIn(
  { children }: Token,
  before: Token | undefined,
  { env, line }: Where,
): readonly Problem[] {
  if (children === null || (before?.markup !== "-" && !children.some(hasSign))) return [];
  const text = textOf(children);
  return leftoversIn(text, before).map(({ at, level, ...words }) => {
    const below = text.slice(0, at).split("\n").length - 1;
    return { ...(level && { level }), file: env.file, line: line + below, ...words };
  });
}

type Leftover = Pick<Problem, "level" | "field" | "message" | "fix"> & { readonly at: number };

/** Few texts have any sign left in them, and looking for each kind takes as long as rendering the others. */
const SIGN = /[[`{#\u00A0]|\]\(|\*\*|:::/;

function hasSign({ type, content }: Token): boolean {
  return type === "text" && SIGN.test(content);
}

/** Stands for everything in a line that is no text: code, an image, HTML. */
const OTHER = "\uFFFC";
/** Stands for a bracket that a backslash keeps as text. */
const KEPT = "\uE000";

/** What is left as text, each line in its own; emphasis is looked through. */
function textOf(children: readonly Token[]): string {
  return children
    .map((child) => {
      if (child.type === "text") return child.content;
      if (/^(?:em|strong)_/.test(child.type)) return "";
      if (child.type.endsWith("break")) return "\n";
      if (child.type === "text_special" && child.content === "[") return KEPT;
      return OTHER + "\n".repeat(linesIn(child));
    })
    .join("");
}

function leftoversIn(text: string, before: Token | undefined): readonly Leftover[] {
  const isHeading = before?.type === "heading_open";
  return [
    ...[...text.matchAll(CLOSED)].flatMap((match) => brokenLink(text, match)),
    ...[...text.matchAll(APART)].map((match) => noLink(match, "Take the space out between them.")),
    ...[...text.matchAll(SWAPPED)].map((match) =>
      noLink(match, "Write the words in [ ], and behind them the address in ( )."),
    ),
    ...[...text.matchAll(NAMED)].map((match) =>
      noLink(
        match,
        `Add a line "[${match[2] || match[1]}]: /address/"; a \\ before the [ keeps it as text.`,
      ),
    ),
    ...[...text.matchAll(WIKI)].map((match) =>
      noLink(match, "Write [words](./file.md), or the address of a page in the ( )."),
    ),
    ...attributes(text, isHeading),
    ...(isHeading ? [] : [...headings(text), ...hardSpaces(text), ...fencedCallouts(text)]),
    ...(isHeading ? underlined(text, before) : []),
    ...halfMarks(text),
  ];
}

/** `](`, with which an address begins. */
const CLOSED = /\]\(([^()\n]*)\)?/g;
const APART = /\[[^\]^\n][^\]\n]*\] +\((?:[/.#]|https?:|[\w-]+\.md)[^)\n]*\)/g;
const SWAPPED = /\([^()\n]+\)\[(?:[/.#]|https?:)[^\]\n]*\]/g;
/** Words with a letter in them, and a name: `[words][name]`. */
const NAMED = /\[([^\]^\n]*\p{L}[^\]\n]*)\]\[([^\]^\n]*)\]/gu;

/** As notebooks write them. */
const WIKI = /\[\[[^[\]\n]*\p{L}[^[\]\n]*\]\]/gu;

function brokenLink(text: string, match: RegExpExecArray): readonly Leftover[] {
  const [whole, address = ""] = match;
  const from = (sign: string) => text.lastIndexOf(sign, match.index);
  const start = Math.max(from("["), from("\n") + 1);
  if (from(KEPT) >= start) return [];
  const isImage = text[start - 1] === "!";
  const written = text.slice(isImage ? start - 1 : start, match.index + whole.length);
  const what = isImage ? "image" : "link";
  const message = `"${short(written)}" has become no ${what}`;
  return [{ at: match.index, field: what, message, fix: whyNot(address) }];
}

function whyNot(address: string): string {
  if (/^\s*(?:file|javascript|vbscript|data):/i.test(address)) {
    return "Addresses of that kind are not published.";
  }
  return /\S\s+[^"'\s]/.test(address)
    ? "Write %20 for a space in an address, or rename what it names."
    : "Look for a bracket that is missing; a \\ before the [ keeps it as text.";
}

function noLink(match: RegExpExecArray, fix: string): Leftover {
  const message = `"${short(match[0])}" has become no link`;
  return { at: match.index, field: "link", message, fix };
}

/** `{#id}` and `{width=50%}`, as other generators read them behind a heading or an image. */
function attributes(text: string, isHeading: boolean): readonly Leftover[] {
  const match = (isHeading ? /\{[#.][^\s{}]+\}\s*$/ : /(?<=\uFFFC)\{[#.\w][^{}\n]*\}/).exec(text);
  if (match === null) return [];
  const [field, fix] = isHeading
    ? ["heading", "Take it out: a heading's id is made of its words."]
    : ["text", "Take it out: how things look is for the stylesheets to say."];
  return [{ at: match.index, field, message: `has ${match[0].trim()} in it`, fix }];
}

function headings(text: string): readonly Leftover[] {
  return [...text.matchAll(/^(?:(#{1,6})\u00A0|(#{2,6})[^# \t\n]).*/gm)].map((match) => ({
    at: match.index,
    field: "heading",
    message: `"${short(match[0])}" has become no heading`,
    fix: match[1] ? HARD_SPACE : `Put a space behind the ${match[2]}.`,
  }));
}

/** Typed by accident on some keyboards, and seen by nobody. */
const HARD_SPACE = "The space in it is one that breaks no line (U+00A0): type an ordinary one.";

function hardSpaces(text: string): readonly Leftover[] {
  return [...text.matchAll(/^(?:[-*+]|\d{1,9}[.)])\u00A0.*/gm)].slice(0, 1).map((match) => ({
    at: match.index,
    field: "list",
    message: `"${short(match[0])}" has become no point of one`,
    fix: HARD_SPACE,
  }));
}

/** As other generators write them. */
function fencedCallouts(text: string): readonly Leftover[] {
  return [...text.matchAll(/^:::.*/gm)].slice(0, 1).map((match) => ({
    at: match.index,
    field: "callout",
    message: `"${short(match[0])}" begins none`,
    fix: "Write > [!NOTE], and > before each of its lines.",
  }));
}

/** Text above a line of dashes is a heading: meant where it is short, and not where it is a sentence. */
function underlined(text: string, { markup }: Token): readonly Leftover[] {
  if (markup !== "-" || !/[.:;,]$|\n/.test(text.trim())) return [];
  return [
    {
      at: 0,
      level: "warning",
      field: `the heading "${short(text)}"`,
      message: "is one because of the line of dashes below it",
      fix: "Put an empty line between them for a rule, or write ## for a heading.",
    },
  ];
}

/** A page can be right with these in it. */
function halfMarks(text: string): readonly Leftover[] {
  const marks = [
    { sign: "**", made: "made nothing bold", fix: "Write both, without a space inside" },
    { sign: "`", made: "begins no code", fix: "Write the second one" },
  ];
  return marks.flatMap(({ sign, made, fix }): readonly Leftover[] => {
    const at = text.indexOf(sign);
    if (at < 0) return [];
    const kept = [...sign].map((char) => `\\${char}`).join("");
    const words = { message: `has a ${sign} that ${made}`, fix: `${fix}; ${kept} stays as it is.` };
    return [{ at, level: "warning", field: "text", ...words }];
  });
}

function short(text: string): string {
  const line = text.replaceAll(OTHER, "…").replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
