import { VIEWER_CONDITIONS, viewerCondition } from "./query-condition.ts";
import { type ReadRedirect, readRedirect, type WrittenRedirect } from "./redirect-rule.ts";
import {
  findLineProblem,
  type RuleProblem,
  shorten,
  splitLines,
  withoutComment,
} from "./rule-problem.ts";
import type { RedirectRule, RuleSource } from "./rules.ts";

export type ParsedRedirects = {
  /** In the file's order. */
  readonly rules: readonly RedirectRule[];
  readonly problems: readonly RuleProblem[];
};

const FILE = "_redirects";

/**
 * Reads a `_redirects` file: `from [name=value…] [to] [status][!]`, one rule a line. Takes any text;
 * every line that is neither empty nor a comment gives a rule or a problem.
 */
export function parseRedirects(text: string): ParsedRedirects {
  const rules: RedirectRule[] = [];
  const problems: RuleProblem[] = [];
  for (const [i, line] of splitLines(text).entries()) {
    const content = withoutComment(line);
    if (content === "") continue;
    const source = { file: FILE, line: i + 1, text: shorten(content) };
    const read = readLine(content, source);
    if (read.kind === "rule") rules.push(read.rule);
    else problems.push({ ...source, reason: read.reason });
  }
  return { rules, problems };
}

function readLine(content: string, source: RuleSource): ReadRedirect {
  const reason = findLineProblem(content);
  if (reason !== undefined) return { kind: "problem", reason };
  const written = takeApart(content.split(/[ \t]+/), source);
  return typeof written === "string" ? { kind: "problem", reason: written } : readRedirect(written);
}

/** The parts of a line, or what is wrong with their order. */
function takeApart(words: readonly string[], source: RuleSource): WrittenRedirect | string {
  const [from = "", ...rest] = words;
  const firstOther = rest.findIndex((word) => !isCondition(word));
  const end = firstOther === -1 ? rest.length : firstOther;
  const query = rest.slice(0, end).map(splitCondition);
  const tail = rest.slice(end);
  const to = tail[0] === undefined || isStatus(tail[0]) ? undefined : tail[0];
  const [status = "301", ...surplus] = to === undefined ? tail : tail.slice(1);
  const extra = isStatus(status) ? surplus[0] : status;
  if (extra !== undefined) return explainExtra(extra);
  return {
    from,
    query,
    to,
    status: Number.parseInt(status, 10),
    force: status.endsWith("!"),
    source,
  };
}

/** A target begins with a slash or a scheme, so neither can stand before the first `=` of a condition. */
function isCondition(word: string): boolean {
  return /^[^/:=]*=/.test(word);
}

function isStatus(word: string): boolean {
  return /^\d+!?$/.test(word);
}

function splitCondition(word: string): readonly [string, string] {
  const at = word.indexOf("=");
  return [word.slice(0, at), word.slice(at + 1)];
}

function explainExtra(word: string): string {
  const [name] = splitCondition(word);
  if (isCondition(word) && VIEWER_CONDITIONS.has(name)) return viewerCondition(name);
  if (isCondition(word)) {
    return `"${shorten(word)}" stands behind the target: conditions on the query stand between the path and the target`;
  }
  return `"${shorten(word)}" is one word too many, or no status: a rule is a path, a target and a status; write %20 for a space in an address`;
}
