import type { RuleSource } from "./rules.ts";

/**
 * A rule that cannot be kept, where it was written (`RuleSource`), and in `reason` why, and what to
 * write instead: a sentence or two without a full stop at the end.
 */
export type RuleProblem = RuleSource & { readonly reason: string };

/** Longer lines are refused before they are read: no browser asks for addresses of that length. */
const MAX_LINE = 2_000;

/** What no line of `_redirects` or `_headers` may have, whatever it says; undefined if nothing. */
export function findLineProblem(line: string): string | undefined {
  if (line.length > MAX_LINE) {
    return `the line has ${line.length} characters, and ${MAX_LINE} is the most: make several rules of it`;
  }
  const odd = INVISIBLE.exec(line)?.[0];
  if (odd === undefined)
    return line.isWellFormed() ? undefined : "the line is not UTF-8: save the file as UTF-8";
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `there is an invisible character in it (U+${code}): delete it, or write it percent-encoded if a file's name has it`;
}

/** Control characters but the tab, spaces that are none of ASCII, and marks that nobody sees. */
const INVISIBLE =
  /(?!\t)\p{Cc}|(?! )\p{Zs}|\p{Zl}|\p{Zp}|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd]/u;

/** The lines of a file: whatever ends them, and without the byte order mark before the first. */
export function splitLines(text: string): readonly string[] {
  return text.replace(/^\ufeff/, "").split(/\r\n?|\n/);
}

/** A line without its comment (`#` at its beginning or behind white space), its end and beginning cut. */
export function withoutComment(line: string): string {
  return line
    .trim()
    .replace(/(^|[ \t])#.*$/su, "")
    .trim();
}

/** A refused line as a message shows it. */
export function shorten(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

const SHOWN = 200;

/** A place as a sentence names it: "line 3 of _redirects (`/a /b`)". */
export function sourceText({ file, line, text }: RuleSource): string {
  return line === undefined ? `\`${text}\` in ${file}` : `line ${line} of ${file} (\`${text}\`)`;
}
