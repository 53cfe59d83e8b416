/**
 * Text that others wrote (file names, messages, commit authors) inside Markdown, as GitHub renders it.
 * Inside code nothing is a link, a mention, HTML or a table, so that is where it always goes.
 */

/** Any text as inline code: one line, never empty, and nothing in it can end the code. */
export function inlineCode(text: string): string {
  const visible = oneLine(text) || " ";
  const fence = "`".repeat(longestRun(visible) + 1);
  // CommonMark strips one space at each end, so an edge that is a space or a backtick gets one.
  const pad = /^[ `]|[ `]$/.test(visible) ? " " : "";
  return `${fence}${pad}${visible}${pad}${fence}`;
}

/** Any lines as a block of code that nothing in them can end. */
export function codeBlock(lines: readonly string[]): readonly string[] {
  const visible = lines.flatMap((line) => line.split(/\r?\n/)).map(oneLine);
  const fence = "`".repeat(Math.max(3, longestRun(visible.join("\n")) + 1));
  return [`${fence}text`, ...visible, fence];
}

/** A link to an address of the site, whose text is code. */
export function codeLink(text: string, url: string): string {
  // What ends a link's address or begins a table cell is written as a browser would send it.
  const address = url.replace(/[()<>[\]\\|`\s]/g, (sign) => percentEncoded(sign));
  return `[${inlineCode(text)}](${address})`;
}

/** As many of the lines as fit into `budget` bytes, and how many do not. */
export function withinBytes(
  lines: readonly string[],
  budget: number,
): { readonly lines: readonly string[]; readonly left: number } {
  let room = budget;
  for (const [index, line] of lines.entries()) {
    room -= utf8Length(line) + 1;
    if (room < 0) return { lines: lines.slice(0, index), left: lines.length - index };
  }
  return { lines, left: 0 };
}

/** Control characters, line ends of every script, and what makes text run backwards. */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function oneLine(text: string): string {
  return text.replace(INVISIBLE, (sign) => {
    const point = sign.codePointAt(0) ?? 0;
    return `\\u${point.toString(16).padStart(4, "0")}`;
  });
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function percentEncoded(sign: string): string {
  return [...new TextEncoder().encode(sign)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
