/**
 * The addresses that a stylesheet loads: `url()`, `@import` and the strings of `image-set()`, with
 * escapes resolved. Reads any text to its end in one pass and never throws, as browsers do.
 */
export function findInStylesheet(css: string): readonly string[] {
  const scan: Scan = { css, at: 0, found: [], functions: [], atRule: "" };
  while (scan.at < css.length) step(scan);
  return scan.found;
}

type Scan = {
  readonly css: string;
  at: number;
  readonly found: string[];
  /** The names of the functions that are open, "" for a bare parenthesis. */
  readonly functions: string[];
  /** The at-rule whose address is still to come. */
  atRule: string;
};

/** What a piece of the text says, and where it ends. `text` is undefined where CSS calls it bad. */
type Piece = { readonly text: string | undefined; readonly end: number };

function step(scan: Scan): void {
  const { css, at } = scan;
  const character = css.charAt(at);
  if (character === "/" && css.charAt(at + 1) === "*") {
    const end = css.indexOf("*/", at + 2);
    scan.at = end === -1 ? css.length : end + 2;
  } else if (character === '"' || character === "'") {
    const { text, end } = readString(css, at);
    scan.at = end;
    if (loadsString(scan)) add(scan, text);
  } else if (character === "@") {
    const { text, end } = readName(css, at + 1);
    scan.at = Math.max(end, at + 1);
    scan.atRule = text?.toLowerCase() ?? "";
  } else if (isNamePart(css, at)) {
    readWord(scan);
  } else {
    scan.at = at + 1;
    readSign(scan, character);
  }
}

function loadsString({ atRule, functions }: Scan): boolean {
  return atRule === "import" || (functions.at(-1)?.endsWith("image-set") ?? false);
}

function add(scan: Scan, text: string | undefined): void {
  // A namespace is a name that looks like an address.
  if (text !== undefined && scan.atRule !== "namespace") scan.found.push(text);
  scan.atRule = "";
}

function readWord(scan: Scan): void {
  const { css } = scan;
  const name = readName(css, scan.at);
  scan.at = name.end;
  if (css.charAt(name.end) !== "(") return;
  scan.at = name.end + 1;
  const called = name.text?.toLowerCase() ?? "";
  if (called !== "url") {
    scan.functions.push(called);
    return;
  }
  const url = readUrl(css, scan.at);
  scan.at = url.end;
  add(scan, url.text);
}

function readSign(scan: Scan, sign: string): void {
  if (sign === "(") scan.functions.push("");
  else if (sign === ")") scan.functions.pop();
  else if (sign === ";" || sign === "{" || sign === "}") {
    scan.atRule = "";
    scan.functions.length = 0;
  }
}

/** From the opening quote to behind the closing one. A line's end inside makes it bad. */
function readString(css: string, start: number): Piece {
  const quote = css.charAt(start);
  let text = "";
  let at = start + 1;
  while (at < css.length) {
    const end = endOfRun(css, at, STRING_SIGNS);
    text += css.slice(at, end);
    const sign = css.charAt(end);
    if (sign === quote) return { text, end: end + 1 };
    if (isNewline(sign)) return { text: undefined, end };
    if (sign === "\\") {
      const escaped = readEscape(css, end);
      text += escaped.text;
      at = escaped.end;
    } else {
      text += sign;
      at = end + 1;
    }
  }
  return { text, end: css.length };
}

/** From behind `url(` to behind its closing parenthesis. */
function readUrl(css: string, start: number): Piece {
  const first = skipSpace(css, start);
  const sign = css.charAt(first);
  if (sign === '"' || sign === "'") {
    const { text, end } = readString(css, first);
    return { text, end: endOfBadUrl(css, end) };
  }
  let text = "";
  let at = first;
  while (at < css.length) {
    const end = endOfRun(css, at, URL_SIGNS);
    text += css.slice(at, end);
    if (css.charAt(end) !== "\\") return closeUrl(css, end, text);
    const escaped = readEscape(css, end);
    text += escaped.text;
    at = escaped.end;
  }
  return { text, end: css.length };
}

function closeUrl(css: string, at: number, text: string): Piece {
  const end = skipSpace(css, at);
  if (end >= css.length) return { text, end };
  if (css.charAt(end) === ")") return { text, end: end + 1 };
  return { text: undefined, end: endOfBadUrl(css, end) };
}

function endOfBadUrl(css: string, start: number): number {
  let at = start;
  while (at < css.length && css.charAt(at) !== ")") at += css.charAt(at) === "\\" ? 2 : 1;
  return Math.min(at + 1, css.length);
}

function readName(css: string, start: number): Piece {
  let text = "";
  let at = start;
  while (isNamePart(css, at)) {
    if (css.charAt(at) === "\\") {
      const escaped = readEscape(css, at);
      text += escaped.text;
      at = escaped.end;
    } else {
      text += css.charAt(at);
      at += 1;
    }
  }
  return { text, end: at };
}

/** Letters, digits, `-`, `_`, all beyond ASCII, and escapes: what names and numbers are made of. */
function isNamePart(css: string, at: number): boolean {
  const character = css.charAt(at);
  if (character === "\\") return at + 1 < css.length && !isNewline(css.charAt(at + 1));
  return character >= "\u0080" || /^[\w-]$/.test(character);
}

/** CSS Syntax 4.3.7. A line's end behind the backslash continues the string, and says nothing. */
function readEscape(css: string, start: number): { readonly text: string; readonly end: number } {
  const hex = /^[0-9a-f]{1,6}/i.exec(css.slice(start + 1, start + 7))?.[0];
  if (hex !== undefined) {
    const end = start + 1 + hex.length;
    return { text: characterOf(Number.parseInt(hex, 16)), end: end + lengthOfSpace(css, end) };
  }
  const point = css.codePointAt(start + 1);
  if (point === undefined) return { text: "", end: css.length };
  const text = String.fromCodePoint(point);
  if (isNewline(text)) return { text: "", end: start + 1 + lengthOfSpace(css, start + 1) };
  return { text, end: start + 1 + text.length };
}

function characterOf(point: number): string {
  const isCharacter = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : "\ufffd";
}

function lengthOfSpace(css: string, at: number): number {
  if (css.startsWith("\r\n", at)) return 2;
  return SPACE.has(css.charAt(at)) ? 1 : 0;
}

const SPACE = new Set([" ", "\t", "\n", "\r", "\f"]);
const STRING_SIGNS = new Set(['"', "'", "\\", "\n", "\r", "\f"]);
const URL_SIGNS = new Set([...SPACE, '"', "'", "(", ")", "\\"]);

function isNewline(character: string): boolean {
  return character === "\n" || character === "\r" || character === "\f";
}

function endOfRun(css: string, start: number, signs: ReadonlySet<string>): number {
  let at = start;
  while (at < css.length && !signs.has(css.charAt(at))) at += 1;
  return at;
}

function skipSpace(css: string, start: number): number {
  let at = start;
  while (SPACE.has(css.charAt(at))) at += 1;
  return at;
}
