import type { Problem } from "../problem.ts";

/** What Eleventy says of the first template that it could not render. */
export type TemplateError = {
  /** The problems to tell: one for each file that is to be mended. */
  readonly problems: readonly Problem[];
  /** The content files whose pages could not be made; none when it is not theirs alone. */
  readonly pages: readonly string[];
  /** What failed, where it is one expression of a template. */
  readonly expression?: Expression;
};

/** Something between braces in a template, as it is written; `line` counts from 1. */
export type Expression = { readonly file: string; readonly line: number; readonly text: string };

/** The text of a file; empty when there is none. */
export type ReadText = (file: string) => string;

/**
 * Eleventy's chain of messages, outermost first, as problems of the author's files. Nunjucks counts lines
 * below the front matter, and where a template includes others it may name the wrong one: the right one
 * has an expression at that place.
 */
export function explainTemplateError(
  messages: readonly string[],
  readText: ReadText,
): TemplateError {
  const whole = messages.join(" ");
  const twins = /writing to `(?:\.\/)?[^/`]+\/([^`]*)`.*?((?:\s\d+\. \S+)+)/.exec(whole);
  if (twins) return sameAddress(twins[1] ?? "", twins[2] ?? "", readText);
  const files = [...new Set([...whole.matchAll(FILE)].map(([, file]) => file ?? ""))];
  const page = files.find((file) => file.startsWith("site/content/"));
  const layout = /layout that does not exist: \S+ \(via `layout: ([^`]+)`\)/.exec(whole)?.[1];
  if (layout !== undefined && page !== undefined) {
    const line = lineIn(readText(page), layout);
    const fix = "Correct the name, or add the file to site/_includes.";
    const problem = { file: page, line, field: "layout", message: `"${layout}" is not there`, fix };
    return { problems: [problem], pages: [page] };
  }
  const { problem, expression } = atPlace(messages, files, readText);
  const pages = problem.file === page ? [page] : [];
  return { problems: [problem], pages, ...(expression && { expression }) };
}

const FILE = /(?:\.\/)?(site\/[\w./-]+\.(?:md|njk|ts|css))/g;

function atPlace(
  messages: readonly string[],
  files: readonly string[],
  readText: ReadText,
): { readonly problem: Problem; readonly expression: Expression | undefined } {
  const last = messages.at(-1) ?? "";
  const [, line, column] = /\[Line (\d+), Column (\d+)\]/.exec(last) ?? [];
  const message = plain(last);
  if (/Maximum call stack/.test(last)) return endless(files, readText);
  const place = { line: Number(line), column: Number(column) };
  const found = line === undefined ? undefined : expressionAt(files, place, readText);
  if (!found) {
    const file = files.at(-1) ?? "site/content";
    const quoted = /(?:filter not found|unknown block tag|template not found): (\S+)/.exec(
      message,
    )?.[1];
    const by = quoted === undefined ? undefined : whereQuoted(files, quoted, readText);
    const problem = { ...(by ?? { file }), field: "template", message, fix: "Mend the template." };
    return { problem, expression: by && expressionWith(quoted ?? "", by, readText) };
  }
  const isUndefined = /null or undefined/.test(last);
  const problem = {
    file: found.file,
    line: found.line,
    field: isUndefined ? found.text : "template",
    message: isUndefined ? "has no value" : message,
    fix: isUndefined
      ? "Check the name, or write {% if %} around it where it may be missing."
      : "Mend the template.",
  };
  return { problem, expression: found };
}

/** A part of pages that is part of itself. */
function endless(files: readonly string[], readText: ReadText) {
  const file = files.findLast((name) => name.endsWith(".njk")) ?? files.at(-1) ?? "site/content";
  const at = /\{%-?\s*(?:include|extends|import)/.exec(readText(file))?.index ?? 0;
  const line = readText(file).slice(0, at).split("\n").length;
  const message = "includes itself, by way of other parts perhaps";
  const problem = { file, line, field: "template", message, fix: "Take one {% include %} out." };
  return { problem, expression: undefined };
}

function expressionAt(
  files: readonly string[],
  place: { readonly line: number; readonly column: number },
  readText: ReadText,
): Expression | undefined {
  for (const file of files.toReversed()) {
    const source = readText(file);
    const head = /^---\r?\n[\s\S]*?\n---\r?\n/.exec(source)?.[0] ?? "";
    const line = place.line + head.split("\n").length - 1;
    const text = source.split("\n")[line - 1] ?? "";
    const expressions = expressionsIn(text);
    const near = expressions.findLast(({ index }) => index < place.column) ?? expressions[0];
    if (near) return { file, line, text: near[0] };
  }
  return undefined;
}

function expressionWith(
  word: string,
  { file, line }: { readonly file: string; readonly line: number },
  readText: ReadText,
): Expression | undefined {
  const all = expressionsIn(readText(file).split("\n")[line - 1] ?? "");
  const found = all.find(([text]) => text.includes(word));
  return found && { file, line, text: found[0] };
}

function expressionsIn(line: string): readonly RegExpExecArray[] {
  return [...line.matchAll(/\{[{%].*?[%}]\}/g)];
}

function whereQuoted(files: readonly string[], word: string, readText: ReadText) {
  const file = files.find((name) => name.endsWith(".njk") && readText(name).includes(word));
  return file === undefined ? undefined : { file, line: lineIn(readText(file), word) };
}

/** Two content files that both want one address. */
function sameAddress(path: string, list: string, readText: ReadText): TemplateError {
  const files = [...list.matchAll(/\d+\. (?:\.\/)?(\S+)/g)].map(([, file]) => file ?? "").sort();
  const address = `/${path}`.replace(/\/index\.html$/, "/");
  const problems = files.map((file) => {
    const others =
      files.filter((other) => other !== file).join(" and ") || "another page of its own";
    return {
      file,
      line: lineIn(readText(file), "permalink:"),
      field: "permalink",
      message: `leads to ${address}, as does ${others}`,
      fix: "Give each page an address of its own.",
    };
  });
  return { problems, pages: files };
}

function lineIn(text: string, word: string): number {
  const at = text.indexOf(word);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}

function plain(message: string): string {
  return message
    .replace(/\((?:\.\/)?site\/[^)]*\)/g, "")
    .replace(/Template render error:|\[Line \d+, Column \d+\]|^\s*Error:/g, "")
    .replace(/\s+/g, " ")
    .replace(/(^|\s)Error: /g, "$1")
    .trim()
    .replace(/\.$/, "");
}
