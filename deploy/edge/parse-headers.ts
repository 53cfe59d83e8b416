import { readBlock, type WrittenHeader } from "./header-block.ts";
import {
  findLineProblem,
  type RuleProblem,
  shorten,
  splitLines,
  withoutComment,
} from "./rule-problem.ts";
import type { PathHeaders } from "./rules.ts";

export type ParsedHeaders = {
  /** In the file's order. */
  readonly blocks: readonly PathHeaders[];
  readonly problems: readonly RuleProblem[];
};

const FILE = "_headers";

/**
 * Reads a `_headers` file: paths, and below each of them indented lines `Name: value` or `! Name`. A
 * line that begins with `#` is a comment; a `#` further on belongs to the value. Takes any text; every
 * line that is neither empty nor a comment belongs to a block or is a problem, and all are told.
 */
export function parseHeaders(text: string): ParsedHeaders {
  const problems: RuleProblem[] = [];
  const open: OpenBlock[] = [];
  for (const [i, line] of splitLines(text).entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    const at = { line: i + 1, text: content };
    const reason = place(line, at, open);
    if (reason !== undefined) problems.push(problemAt(at, reason));
  }
  const blocks: PathHeaders[] = [];
  for (const one of open) {
    const read = close(one);
    if (read.block !== undefined) blocks.push(read.block);
    problems.push(...read.problems);
  }
  return { blocks, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

type Line = { readonly line: number; readonly text: string };

/** A block whose lines are still being read. */
type OpenBlock = {
  readonly path: Line;
  /** What is wrong with the path's line was told already. */
  readonly isTold: boolean;
  readonly lines: Line[];
  readonly headers: WrittenHeader[];
  /** A line under the path was refused already, so that an empty block needs no second word. */
  hasRefused: boolean;
};

/** Puts a line where it belongs; says what is wrong if it belongs nowhere. */
function place(line: string, at: Line, open: OpenBlock[]): string | undefined {
  const reason = findLineProblem(at.text);
  if (!/^[ \t]/.test(line)) {
    if (!looksLikePath(at.text)) return reason ?? NOT_INDENTED;
    const path = { ...at, text: withoutComment(at.text) };
    open.push({ path, isTold: reason !== undefined, lines: [], headers: [], hasRefused: false });
    return reason;
  }
  const last = open.at(-1);
  if (last === undefined) return reason ?? TOO_EARLY;
  const header = reason ?? readHeader(at.text);
  if (typeof header === "string") {
    last.hasRefused = true;
    return header;
  }
  last.lines.push(at);
  last.headers.push(header);
  return undefined;
}

const TOO_EARLY =
  "it stands before the first path: write the path it is for above it, `/*` for the whole site";
const NOT_INDENTED =
  "a line that begins without a space is a path, and a path begins with a slash: indent it if it is a header";

function looksLikePath(content: string): boolean {
  return /^(?:\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(content);
}

/** The header that an indented line sets or takes away, or what is wrong with it. */
function readHeader(content: string): WrittenHeader | string {
  if (content.startsWith("/"))
    return "a path begins at the beginning of its line: remove the space";
  if (content.startsWith("!")) return { kind: "remove", name: content.slice(1).trim() };
  const colon = content.indexOf(":");
  if (colon === -1) return "there is no colon in it: a header is written `Name: value`";
  return { kind: "set", name: content.slice(0, colon), value: content.slice(colon + 1).trim() };
}

function close({ path, isTold, lines, headers, hasRefused }: OpenBlock) {
  const source = { file: FILE, line: path.line, text: shorten(path.text) };
  const { block, problems } = readBlock(path.text, headers, source);
  const told = problems.flatMap(({ at, reason }) => {
    const line = at === undefined ? undefined : lines[at];
    return line === undefined && isTold ? [] : [problemAt(line ?? path, reason)];
  });
  const isEmpty = headers.length === 0 && !hasRefused && told.length === 0 && !isTold;
  return { block, problems: isEmpty ? [problemAt(path, NOTHING)] : told };
}

const NOTHING =
  "there are no headers under it: write them as indented lines, `  Name: value`, or `  ! Name` to take one away";

function problemAt({ line, text }: Line, reason: string): RuleProblem {
  return { file: FILE, line, text: shorten(text), reason };
}
